package tidemark.jcstress;

import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.I_Result;
import tidemark.api.memory.DirtyLog;
import tidemark.api.memory.DirtyTracker;
import tidemark.api.memory.PageSet;
import tidemark.api.memory.PhysicalMemory;
import tidemark.memory.flat.FlatMemoryPart;

/** A device that writes, and a checkpoint that copies. */
class Race {
    private static final PhysicalMemory RAM = new FlatMemoryPart().create(0, 1 << 20);

    private final DirtyLog log;
    /** What a page of RAM holds. */
    private int bytes;

    Race(DirtyTracker tracker) {
        log = tracker.open(RAM);
    }

    final void store() {
        bytes = 1;
    }

    final void mark(long page) {
        log.mark(page);
    }

    /** r1: whether page 0 was collected after the epoch; r2: what a copy holds that was taken then. */
    final void flipAndCopy(III_Result r) {
        r.r1 = nextEpoch().contains(0) ? 1 : 0;
        r.r2 = bytes;
    }

    /** r3: whether page 0 was collected after the epoch that followed. */
    final void flipAgain(III_Result r) {
        r.r3 = nextEpoch().contains(0) ? 1 : 0;
    }

    final void count(I_Result r) {
        r.r1 = (int) nextEpoch().size();
    }

    private PageSet nextEpoch() {
        log.flip();
        PageSet pages = PageSet.none(RAM.pages());
        log.collect(pages);
        return pages;
    }
}
