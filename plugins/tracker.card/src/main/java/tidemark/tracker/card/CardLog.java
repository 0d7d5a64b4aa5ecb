package tidemark.tracker.card;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import tidemark.api.memory.Barrier;
import tidemark.api.memory.PhysicalMemory;
import tidemark.api.memory.TwoTableLog;

/**
 * Two card tables. A card covers a page, the unit of a set of pages: smaller cards would find nothing more and take longer to scan. Harts
 * set cards without a word to anybody, so a scan looks at all of them: a block of 4,096 at once, with vector instructions, and closer
 * where one is set.
 */
final class CardLog extends TwoTableLog {
    private static final VarHandle CARD = JAVA_BYTE.varHandle();
    private static final byte DIRTY = 1;
    private static final long EACH_CARD = 0x0101_0101_0101_0101L;
    private static final int CARDS_PER_LONG = Long.BYTES;
    private static final int CARDS_PER_WORD = 64;
    private static final long CARDS_PER_BLOCK = 4096;
    private static final MemorySegment CLEAN = MemorySegment.ofArray(new long[(int) CARDS_PER_BLOCK / Long.BYTES]);

    private final MemorySegment[] tables = new MemorySegment[2];

    CardLog(long pages) {
        long cards = Math.ceilDiv(pages, CARDS_PER_WORD) * CARDS_PER_WORD;
        for (int i = 0; i < tables.length; i++) {
            tables[i] = Arena.ofAuto().allocate(cards, CARDS_PER_WORD);
        }
    }

    @Override
    public Barrier barrier() {
        return Barrier.EVERY_STORE;
    }

    @Override
    public long cardTable() {
        return tables[running()].address();
    }

    @Override
    public int cardShift() {
        return PhysicalMemory.PAGE_SHIFT;
    }

    @Override
    protected void set(int table, long page) {
        CARD.setVolatile(tables[table], page, DIRTY);
    }

    @Override
    protected void drain(int table, Words to) {
        MemorySegment cards = tables[table];
        for (long at = 0; at < cards.byteSize(); at += CARDS_PER_BLOCK) {
            long end = Math.min(at + CARDS_PER_BLOCK, cards.byteSize());
            long clean = MemorySegment.mismatch(cards, at, end, CLEAN, 0, end - at);
            if (clean >= 0) {
                drain(cards, at + (clean & -CARDS_PER_WORD), end, to);
            }
        }
    }

    private static void drain(MemorySegment cards, long begin, long end, Words to) {
        for (long at = begin; at < end; at += CARDS_PER_WORD) {
            long bits = take(cards, at);
            if (bits != 0) {
                to.add((int) (at >>> 6), bits);
            }
        }
    }

    /** The 64 cards from {@code at} as bits; clears them. */
    private static long take(MemorySegment cards, long at) {
        long bits = 0;
        for (int i = 0; i < CARDS_PER_WORD; i += CARDS_PER_LONG) {
            long eight = cards.get(JAVA_LONG, at + i);
            if (eight != 0) {
                bits |= Long.compress(eight, EACH_CARD) << i;
                cards.set(JAVA_LONG, at + i, 0);
            }
        }
        return bits;
    }

    @Override
    public String toString() {
        return "card log, " + super.toString();
    }
}
