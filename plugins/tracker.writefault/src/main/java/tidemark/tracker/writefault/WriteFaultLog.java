package tidemark.tracker.writefault;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import tidemark.api.memory.Barrier;
import tidemark.api.memory.DirtyLog;
import tidemark.api.memory.PageSet;

/** Two bitmaps, used in turn: that of the running epoch takes marks, the other is collected. */
final class WriteFaultLog implements DirtyLog {
    private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);

    private final long[][] bitmaps;
    /** From 0; its lowest bit selects the bitmap. Counts, so that a device that sleeps through two flips sees that it did. */
    private volatile int epoch;
    private boolean collected = true;

    WriteFaultLog(long pages) {
        bitmaps = new long[2][Math.toIntExact((pages + 63) >>> 6)];
    }

    @Override
    public Barrier barrier() {
        return Barrier.FIRST_WRITE;
    }

    /*
     * Setting the bit and reading the epoch are volatile, as are ending the epoch and draining: in their one order either the bit is
     * set before the epoch ends, and drained after, or this thread sees that the epoch ended and sets the bit in the next as well.
     */
    @Override
    public void mark(long page) {
        int marked;
        do {
            marked = epoch;
            WORD.getAndBitwiseOr(bitmaps[marked & 1], (int) (page >>> 6), 1L << page);
        } while (marked != epoch);
    }

    @Override
    public synchronized void flip() {
        if (!collected) {
            drain(bitmaps[~epoch & 1], this::keep);
        }
        collected = false;
        epoch++;
    }

    @Override
    public synchronized void collect(PageSet into) {
        drain(bitmaps[~epoch & 1], into::addWord);
        collected = true;
    }

    /** An epoch that nobody collected becomes part of the one that ends now. */
    private void keep(int index, long bits) {
        WORD.getAndBitwiseOr(bitmaps[epoch & 1], index, bits);
    }

    private static void drain(long[] bitmap, Words to) {
        for (int i = 0; i < bitmap.length; i++) {
            if ((long) WORD.getVolatile(bitmap, i) != 0) {
                to.add(i, (long) WORD.getAndSet(bitmap, i, 0L));
            }
        }
    }

    @Override
    public void close() {}

    @Override
    public String toString() {
        return "write-fault log, epoch " + epoch;
    }

    @FunctionalInterface
    private interface Words {
        void add(int index, long bits);
    }
}
