package tidemark.cpu.interpreter;

import java.util.Arrays;
import tidemark.api.memory.HostMemory;
import tidemark.api.memory.PhysicalMemory;
import tidemark.riscv.Decoder;
import tidemark.riscv.Op;

/** The instructions of one physical page, decoded when first executed, from a copy of the page as it was at the last {@link #refresh}. */
final class CodePage {
    static final int SLOTS = PhysicalMemory.PAGE_SIZE / 2;

    /**
     * One slot for each halfword; behind them two of {@link Op#PAGE_END}: an instruction that ends beyond the page runs into the second.
     */
    final long[] code = new long[SLOTS + 2];
    private final byte[] copy = new byte[PhysicalMemory.PAGE_SIZE];
    private final long host;
    /** The {@link CodeCache}'s generation at which the copy was last compared with memory. */
    long generation;

    /** @param host host address of the page */
    CodePage(long host, long generation) {
        this.host = host;
        this.generation = generation;
        HostMemory.copy(host, copy, 0, copy.length);
        code[SLOTS] = Op.PAGE_END;
        code[SLOTS + 1] = Op.PAGE_END;
    }

    /** Brings the copy up to date; what was decoded is forgotten if memory has changed. */
    void refresh(long now) {
        byte[] current = new byte[copy.length];
        HostMemory.copy(host, current, 0, current.length);
        if (!Arrays.equals(current, copy)) {
            System.arraycopy(current, 0, copy, 0, copy.length);
            Arrays.fill(code, 0, SLOTS, Op.UNDECODED);
        }
        generation = now;
    }

    /** Decodes the instruction of a slot. */
    long decode(int slot) {
        int low = halfword(slot);
        if (Decoder.isCompressed(low)) {
            code[slot] = Decoder.decode(low);
        } else if (slot == SLOTS - 1) {
            code[slot] = Op.CROSSING;
        } else {
            code[slot] = Decoder.decode(low | halfword(slot + 1) << 16);
        }
        return code[slot];
    }

    int halfword(int slot) {
        return copy[2 * slot] & 0xFF | (copy[2 * slot + 1] & 0xFF) << 8;
    }
}
