package tidemark.interpreter;

import java.util.Arrays;
import tidemark.api.memory.HostMemory;
import tidemark.api.memory.PhysicalMemory;
import tidemark.riscv.Decoder;
import tidemark.riscv.Op;

/** The instructions of one physical page, decoded when first executed, from a copy of the page as it was at the last {@link #refresh}. */
public final class CodePage {
    public static final int SLOTS = PhysicalMemory.PAGE_SIZE / 2;

    /**
     * One slot for each halfword; behind them two of {@link Op#PAGE_END}: an instruction that ends beyond the page runs into the second.
     */
    final long[] code = new long[SLOTS + 2];
    private final byte[] copy = new byte[PhysicalMemory.PAGE_SIZE];
    private final long host;
    /** The {@link CodeCache}'s generation at which the copy was last compared with memory. */
    long generation;
    /** Whether {@link StoredCode} watches it, and when the hart last stored into it, or could have, by {@link StoredCode}'s count. */
    boolean watched;
    long storedAt;
    private int version;
    private Profile profile;

    /** @param host host address of the page */
    CodePage(long host, long generation) {
        this.host = host;
        this.generation = generation;
        HostMemory.copy(host, copy, 0, copy.length);
        code[SLOTS] = Op.PAGE_END;
        code[SLOTS + 1] = Op.PAGE_END;
    }

    /**
     * Brings the copy up to date; what was decoded is forgotten if memory has changed.
     *
     * @param scratch room for a page
     * @return whether memory has changed
     */
    boolean refresh(byte[] scratch) {
        HostMemory.copy(host, scratch, 0, copy.length);
        if (Arrays.equals(scratch, copy)) {
            return false;
        }
        System.arraycopy(scratch, 0, copy, 0, copy.length);
        Arrays.fill(code, 0, SLOTS, Op.UNDECODED);
        version++;
        profile = null;
        return true;
    }

    /** Host address of the page. */
    long host() {
        return host;
    }

    /** Grows whenever the instructions of this page have changed. */
    public int version() {
        return version;
    }

    /** The number of an address' slot. */
    public static int slot(long address) {
        return (int) address >>> 1 & SLOTS - 1;
    }

    /** The decoded instruction of a slot, see {@link tidemark.riscv.Insn}; {@link Op#CROSSING} if it ends in the next page. */
    public long instruction(int slot) {
        return code[slot] == Op.UNDECODED ? decode(slot) : code[slot];
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

    /** The bits of a slot. */
    public int halfword(int slot) {
        return copy[2 * slot] & 0xFF | (copy[2 * slot + 1] & 0xFF) << 8;
    }

    /** The profile of this page; a new one, in which heads are hot after so many visits, if there is none yet or the instructions have changed. */
    public Profile profile(int visits) {
        if (profile == null) {
            profile = new Profile(visits);
        }
        return profile;
    }
}
