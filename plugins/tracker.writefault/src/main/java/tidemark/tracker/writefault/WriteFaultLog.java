package tidemark.tracker.writefault;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import tidemark.api.memory.Barrier;
import tidemark.api.memory.TwoTableLog;

/**
 * Two bitmaps, each with a summary: a bit for each of its words that may have bits. So draining one takes time for the pages that are
 * set, not for those of RAM.
 */
final class WriteFaultLog extends TwoTableLog {
    private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);

    private final long[][] bitmaps;
    private final long[][] summaries;

    WriteFaultLog(long pages) {
        int words = Math.toIntExact((pages + 63) >>> 6);
        bitmaps = new long[2][words];
        summaries = new long[2][(words + 63) >>> 6];
    }

    @Override
    public Barrier barrier() {
        return Barrier.FIRST_WRITE;
    }

    /** Its page first, then the summary; draining goes the other way, so that it finds each page whose summary it takes. */
    @Override
    protected void set(int table, long page) {
        int word = (int) (page >>> 6);
        WORD.getAndBitwiseOr(bitmaps[table], word, 1L << page);
        if (((long) WORD.getVolatile(summaries[table], word >>> 6) & 1L << word) == 0) {
            WORD.getAndBitwiseOr(summaries[table], word >>> 6, 1L << word);
        }
    }

    @Override
    protected void drain(int table, Words to) {
        long[] summary = summaries[table];
        for (int i = 0; i < summary.length; i++) {
            if ((long) WORD.getVolatile(summary, i) != 0) {
                drain(bitmaps[table], i << 6, (long) WORD.getAndSet(summary, i, 0L), to);
            }
        }
    }

    private static void drain(long[] bitmap, int first, long used, Words to) {
        for (long rest = used; rest != 0; rest &= rest - 1) {
            int index = first + Long.numberOfTrailingZeros(rest);
            to.add(index, (long) WORD.getAndSet(bitmap, index, 0L));
        }
    }

    @Override
    public String toString() {
        return "write-fault log, " + super.toString();
    }
}
