package tidemark.api.memory;

import java.lang.invoke.VarHandle;

/**
 * A log of two tables, used in turn: that of the running epoch takes marks, the other is collected. The tables live as long as this object,
 * so that a device that is late with its mark does no harm. What a table is, an implementation says.
 */
public abstract class TwoTableLog implements DirtyLog {
    /** From 0; its lowest bit selects the table. Counts, so that a device that sleeps through two flips sees that it did. */
    private volatile int epoch;
    private boolean collected = true;

    /** Takes pages index * 64 + i for each bit i of {@code bits}. */
    @FunctionalInterface
    public interface Words {
        void add(int index, long bits);
    }

    /** Sets a page in table 0 or 1. Any thread. Volatile: no later access of the thread goes ahead of it. */
    protected abstract void set(int table, long page);

    /** Takes all pages out of table 0 or 1, in time for what is set if it can. Pages may be set meanwhile, and then may be lost. */
    protected abstract void drain(int table, Words to);

    /** The table of the running epoch: 0 or 1. */
    protected final int running() {
        return epoch & 1;
    }

    /*
     * Setting a page and reading the epoch are in order, as are ending the epoch and draining: so either the page is seen after the
     * epoch ended, or this thread sees that it ended and sets the page in the next as well. A page that is set in a table which is
     * being drained may be lost; then the epoch has changed, too.
     */
    @Override
    public final void mark(long page) {
        int marked;
        do {
            marked = epoch;
            set(marked & 1, page);
        } while (marked != epoch);
    }

    @Override
    public final synchronized void flip() {
        if (!collected) {
            drain(~epoch & 1, this::keep);
        }
        collected = false;
        epoch++;
        VarHandle.fullFence();
    }

    @Override
    public final synchronized void collect(PageSet into) {
        drain(~epoch & 1, into::addWord);
        collected = true;
        VarHandle.acquireFence(); // before the caller copies what devices stored before they marked
    }

    /** An epoch that nobody collected becomes part of the one that ends now. Page by page, since devices are marking in that table. */
    private void keep(int index, long bits) {
        for (long rest = bits; rest != 0; rest &= rest - 1) {
            set(running(), ((long) index << 6) + Long.numberOfTrailingZeros(rest));
        }
    }

    @Override
    public void close() {}

    @Override
    public String toString() {
        return "epoch " + epoch;
    }
}
