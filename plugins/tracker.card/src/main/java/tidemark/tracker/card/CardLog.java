package tidemark.tracker.card;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import tidemark.api.memory.Barrier;
import tidemark.api.memory.DirtyLog;
import tidemark.api.memory.PageSet;
import tidemark.api.memory.PhysicalMemory;

/**
 * Two card tables, used in turn: that of the running epoch takes marks, the other is collected and cleared. A card covers a page, the unit
 * of a {@link PageSet}: smaller cards would find nothing more and take longer to scan. The tables live as long as this object, so that a
 * device that is late with its mark does no harm.
 */
final class CardLog implements DirtyLog {
    private static final VarHandle CARD = JAVA_BYTE.varHandle();
    private static final byte DIRTY = 1;
    private static final long EACH_CARD = 0x0101_0101_0101_0101L;
    private static final int CARDS_PER_LONG = Long.BYTES;

    private final MemorySegment[] tables = new MemorySegment[2];
    /** From 0; its lowest bit selects the table. Counts, so that a device that sleeps through two flips sees that it did. */
    private volatile int epoch;
    private boolean collected = true;

    CardLog(long pages) {
        long cards = (pages + 63) & -64L;
        for (int i = 0; i < tables.length; i++) {
            tables[i] = Arena.ofAuto().allocate(cards, 64);
        }
    }

    @Override
    public Barrier barrier() {
        return Barrier.EVERY_STORE;
    }

    @Override
    public long cardTable() {
        return tables[epoch & 1].address();
    }

    @Override
    public int cardShift() {
        return PhysicalMemory.PAGE_SHIFT;
    }

    /*
     * Setting the card and reading the epoch are in order, as are ending the epoch and reading cards: so either the card is seen after the
     * epoch ended, or this thread sees that it ended and sets the card of the next as well. A card that is set in a table which is
     * being cleared may be lost; then the epoch has changed, too.
     */
    @Override
    public void mark(long page) {
        int marked;
        do {
            marked = epoch;
            CARD.setVolatile(tables[marked & 1], page, DIRTY);
        } while (marked != epoch);
    }

    @Override
    public synchronized void flip() {
        if (!collected) {
            drain(tables[~epoch & 1], this::keep);
        }
        collected = false;
        epoch++;
        VarHandle.fullFence();
    }

    @Override
    public synchronized void collect(PageSet into) {
        drain(tables[~epoch & 1], into::addWord);
        collected = true;
        VarHandle.acquireFence(); // before the caller copies what devices stored before they marked
    }

    /** An epoch that nobody collected becomes part of the one that ends now. Byte by byte, since devices are marking in that table. */
    private void keep(int index, long bits) {
        for (long rest = bits; rest != 0; rest &= rest - 1) {
            tables[epoch & 1].set(JAVA_BYTE, ((long) index << 6) + Long.numberOfTrailingZeros(rest), DIRTY);
        }
    }

    private static void drain(MemorySegment table, Words to) {
        for (long at = 0, cards = table.byteSize(); at < cards; at += 64) {
            long any = 0;
            for (int i = 0; i < 64; i += CARDS_PER_LONG) {
                any |= table.get(JAVA_LONG, at + i);
            }
            if (any != 0) {
                to.add((int) (at >>> 6), take(table, at));
            }
        }
    }

    /** The 64 cards from {@code at} as bits; clears them. */
    private static long take(MemorySegment table, long at) {
        long bits = 0;
        for (int i = 0; i < 64; i += CARDS_PER_LONG) {
            bits |= Long.compress(table.get(JAVA_LONG, at + i), EACH_CARD) << i;
            table.set(JAVA_LONG, at + i, 0);
        }
        return bits;
    }

    @Override
    public void close() {}

    @Override
    public String toString() {
        return "card log, epoch " + epoch;
    }

    @FunctionalInterface
    private interface Words {
        void add(int index, long bits);
    }
}
