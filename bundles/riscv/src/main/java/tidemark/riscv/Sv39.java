package tidemark.riscv;

import tidemark.api.cpu.Hart;
import tidemark.api.memory.HostMemory;
import tidemark.api.memory.PhysicalMemory;

/**
 * Address translation (volume II, 4.4), and the check of physical memory protection behind it. The walker sets the A and D bits itself
 * (Svadu), through {@link PhysicalMemory#writable}, atomically. Page tables must lie in RAM. Bits 54 to 63 of a PTE are reserved and must
 * be zero.
 */
public final class Sv39 {
    /** satp.MODE. */
    static final long MODE = 8;

    private static final long V = 1;
    private static final long READ = 1 << 1;
    private static final long WRITE = 1 << 2;
    private static final long EXECUTE = 1 << 3;
    private static final long U = 1 << 4;
    private static final long A = 1 << 6;
    private static final long D = 1 << 7;
    private static final long PPN_MASK = (1L << 44) - 1;
    private static final int LEVELS = 3;

    private final Hart hart;
    private final PhysicalMemory memory;
    private final Pmp pmp;
    private final Trap trap;
    private final LargePages large = new LargePages();

    /** @param trap thrown for every fault */
    public Sv39(Hart hart, PhysicalMemory memory, Pmp pmp, Trap trap) {
        this.hart = hart;
        this.memory = memory;
        this.pmp = pmp;
        this.trap = trap;
    }

    /** The large pages that were met since they were last forgotten. */
    public LargePages large() {
        return large;
    }

    /**
     * The physical address of {@code size} bytes within one page.
     *
     * @param privilege the mode whose rights count, see {@link Status#dataPrivilege}
     * @throws Trap a page fault or an access fault with {@code address} as its value
     */
    public long translate(long address, int size, Access access, int privilege) {
        boolean paged = privilege != Hart.MACHINE && hart.satp >>> 60 == MODE;
        long physical = paged ? walk(address, access, privilege) : address;
        if (!pmp.permits(physical, size, access, privilege)) {
            throw trap.of(access.accessFault, address);
        }
        return physical;
    }

    private long walk(long address, Access access, int privilege) {
        if (address != address << 25 >> 25) {
            throw trap.of(access.pageFault, address);
        }
        while (true) {
            long table = (hart.satp & PPN_MASK) << PhysicalMemory.PAGE_SHIFT;
            for (int level = LEVELS - 1;; level--) {
                int shift = PhysicalMemory.PAGE_SHIFT + 9 * level;
                long at = table + (address >>> shift & 511) * Long.BYTES;
                long pte = read(at, address, access);
                if ((pte & (READ | WRITE | EXECUTE)) != 0) {
                    check(pte, level, address, access, privilege);
                    if (!setAccessed(at, pte, access)) {
                        break; // another hart changed it: walk anew
                    }
                    long offset = (1L << shift) - 1;
                    if (level > 0) {
                        large.add(address, offset);
                    }
                    return pte >>> 10 << PhysicalMemory.PAGE_SHIFT & ~offset | address & offset;
                }
                if (level == 0 || (pte & V) == 0 || (pte & (U | A | D)) != 0 || pte >>> 54 != 0) {
                    throw trap.of(access.pageFault, address);
                }
                table = pte >>> 10 << PhysicalMemory.PAGE_SHIFT;
            }
        }
    }

    private long read(long at, long address, Access access) {
        if (!memory.contains(at, Long.BYTES) || !pmp.permits(at, Long.BYTES, Access.LOAD, Hart.SUPERVISOR)) {
            throw trap.of(access.accessFault, address);
        }
        return HostMemory.getLongVolatile(memory.readable(at));
    }

    private void check(long pte, int level, long address, Access access, int privilege) {
        boolean user = (pte & U) != 0;
        boolean modeAllows = privilege == Hart.USER ? user : !user || (hart.mstatus & Status.SUM) != 0 && access != Access.FETCH;
        boolean kindAllows = switch (access) {
            case LOAD -> (pte & READ) != 0 || (hart.mstatus & Status.MXR) != 0 && (pte & EXECUTE) != 0;
            case STORE -> (pte & WRITE) != 0;
            case FETCH -> (pte & EXECUTE) != 0;
        };
        boolean reserved = pte >>> 54 != 0 || (pte & (READ | WRITE)) == WRITE;
        boolean misaligned = (pte >>> 10 & (1L << 9 * level) - 1) != 0;
        if ((pte & V) == 0 || reserved || misaligned || !modeAllows || !kindAllows) {
            throw trap.of(access.pageFault, address);
        }
    }

    private boolean setAccessed(long at, long pte, Access access) {
        long updated = pte | A | (access == Access.STORE ? D : 0);
        return updated == pte || HostMemory.compareAndSetLong(memory.writable(at), pte, updated);
    }
}
