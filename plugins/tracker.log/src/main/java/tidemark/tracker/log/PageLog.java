package tidemark.tracker.log;

import java.util.Objects;
import tidemark.api.memory.Barrier;
import tidemark.api.memory.DirtyLog;
import tidemark.api.memory.PageSet;

/** Two epochs, used in turn: the running one takes marks, the ended one is collected. A short lock orders marks and flips. */
final class PageLog implements DirtyLog {
    private final Object marks = new Object();
    private Epoch running;
    private Epoch ended;
    private long drains;

    PageLog(long pages, int entries) {
        running = new Epoch(pages, entries);
        ended = new Epoch(pages, entries);
    }

    @Override
    public Barrier barrier() {
        return Barrier.FIRST_WRITE;
    }

    @Override
    public void mark(long page) {
        synchronized (marks) {
            if (running.append(page)) {
                drains++;
            }
        }
    }

    @Override
    public synchronized void flip() {
        synchronized (marks) {
            ended.moveTo(running); // nothing, unless nobody collected it
            Epoch next = ended;
            ended = running;
            running = next;
        }
    }

    /** Marks go on meanwhile: they reach the running epoch only. */
    @Override
    public synchronized void collect(PageSet into) {
        ended.moveTo(into);
    }

    @Override
    public void close() {}

    @Override
    public String toString() {
        synchronized (marks) {
            return "page log of " + running.log.length + " entries, drained " + drains + " times";
        }
    }

    private static final class Epoch {
        final long[] log;
        private final PageSet drained;
        private int length;
        private boolean overflowed;

        Epoch(long pages, int entries) {
            log = new long[entries];
            drained = PageSet.none(pages);
        }

        /** @return whether the log was full and has been drained */
        boolean append(long page) {
            Objects.checkIndex(page, drained.capacity());
            boolean full = length == log.length;
            if (full) {
                overflowed = true;
                drainTo(drained);
            }
            log[length++] = page;
            return full;
        }

        void moveTo(PageSet into) {
            if (overflowed) {
                into.addAll(drained);
                drained.clear();
                overflowed = false;
            }
            drainTo(into);
        }

        void moveTo(Epoch other) {
            if (length > 0 || overflowed) {
                other.overflowed = true;
                moveTo(other.drained);
            }
        }

        private void drainTo(PageSet set) {
            for (int i = 0; i < length; i++) {
                set.add(log[i]);
            }
            length = 0;
        }
    }
}
