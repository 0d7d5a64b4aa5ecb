package tidemark.contract;

import java.util.Arrays;
import tidemark.api.memory.Barrier;
import tidemark.api.memory.DirtyLog;
import tidemark.api.memory.HostMemory;
import tidemark.api.memory.PhysicalMemory;

/**
 * Stores as an engine does: through a write TLB that it fills from {@link PhysicalMemory#writable}, and with a card byte after each store
 * if the log wants that.
 */
final class SimulatedHart {
    private static final int PAGE = PhysicalMemory.PAGE_SIZE;

    private final PhysicalMemory memory;
    private final long[] writeTlb;
    private boolean cards;
    private long cardTable;
    private int cardShift;

    SimulatedHart(PhysicalMemory memory) {
        this.memory = memory;
        this.writeTlb = new long[(int) memory.pages()];
        flushWrites();
    }

    /** At a handshake, after the log was exchanged or flipped. */
    void flushWrites() {
        Arrays.fill(writeTlb, 0);
        DirtyLog log = memory.dirtyLog();
        cards = log.barrier() == Barrier.EVERY_STORE;
        if (cards) {
            cardTable = log.cardTable();
            cardShift = log.cardShift();
        }
    }

    /** Stores 8 bytes, aligned or not. */
    void store(long physical, long value) {
        long host = host(physical);
        host(physical + Long.BYTES - 1);
        HostMemory.putLong(host, value);
        markCards(host, Long.BYTES);
    }

    private long host(long physical) {
        int page = (int) memory.pageOf(physical);
        if (writeTlb[page] == 0) {
            writeTlb[page] = memory.writable(memory.base() + (long) page * PAGE);
        }
        return writeTlb[page] + physical % PAGE;
    }

    /** What follows each store under {@link Barrier#EVERY_STORE}. */
    void markCards(long host, int size) {
        if (cards) {
            long offset = host - memory.hostAddress();
            HostMemory.putByte(cardTable + (offset >>> cardShift), (byte) 1);
            HostMemory.putByte(cardTable + (offset + size - 1 >>> cardShift), (byte) 1);
        }
    }
}
