package tidemark.contract.run;

import tidemark.api.memory.Barrier;
import tidemark.api.memory.DirtyLog;
import tidemark.api.memory.DirtyTracker;
import tidemark.api.memory.PageSet;
import tidemark.api.memory.PhysicalMemory;

/** A log that is right but for what happens at a mark or when it is collected. Without the care for races of one that is used. */
final class WrongTracker implements DirtyTracker {
    /** What is wrong. */
    interface Fault {
        /** @return whether the mark counts */
        default boolean mark(long page) {
            return true;
        }

        default void collect() {}
    }

    private final Fault fault;

    WrongTracker(Fault fault) {
        this.fault = fault;
    }

    @Override
    public DirtyLog open(PhysicalMemory memory) {
        return new DirtyLog() {
            private PageSet running = PageSet.none(memory.pages());
            private final PageSet ended = PageSet.none(memory.pages());

            @Override
            public Barrier barrier() {
                return Barrier.FIRST_WRITE;
            }

            @Override
            public synchronized void mark(long page) {
                if (fault.mark(page)) {
                    running.add(page);
                }
            }

            @Override
            public synchronized void flip() {
                ended.addAll(running);
                running = PageSet.none(memory.pages());
            }

            @Override
            public synchronized void collect(PageSet into) {
                fault.collect();
                into.addAll(ended);
                ended.clear();
            }

            @Override
            public void close() {}
        };
    }
}
