package tidemark.differential;

import tidemark.testkit.Csr;

/**
 * What a stream has in RAM: a region of its own, with everything that it can change; the regions are what is compared. In code, {@code tp}
 * always points to it.
 */
final class Region {
    static final long RAM = 0x8000_0000L;
    static final int RAM_SIZE = 64 << 20;
    static final long FIRST = RAM + 0x10_0000;
    static final int SIZE = 0x2_0000;
    /** QEMU puts its device tree into the last megabytes. */
    static final int MAX_STREAMS = 400;

    // Cells of the context page
    static final int M_T0 = 0x00;
    static final int M_T1 = 0x08;
    static final int M_T2 = 0x10;
    static final int S_T0 = 0x18;
    static final int S_T1 = 0x20;
    static final int S_T2 = 0x28;
    static final int LOG_NEXT = 0x30;
    static final int LOG_LIMIT = 0x38;
    static final int VECTOR = 0x40;
    static final int FINISH = 0x48;
    static final int NEXT_STREAM = 0x50;
    static final int SC_DUMMY = 0x58;
    static final int FINISHED = 0x60;
    static final int INITIAL_X = 0x100;
    static final int INITIAL_F = 0x200;
    static final int FINAL_X = 0x300;
    static final int FINAL_F = 0x400;
    static final int FINAL_CSR = 0x500;

    static final int LOG = 0x1000;
    /** Cause, epc, tval, status. */
    static final int LOG_ENTRY = 32;
    static final int LOG_ENTRIES = 240;
    static final int SCRATCH = 0x3000;
    static final int SCRATCH_SIZE = 0x2000;
    static final int ROOT_TABLE = 0x5000;
    static final int MIDDLE_TABLE = 0x6000;
    static final int LEAF_TABLE = 0x7000;
    /** Three pages of data, then one of code that is only ever executed. */
    static final int DATA_PAGES = 0x8000;
    static final int STUB_PAGE = 0xB000;
    static final int CODE = 0xC000;

    /** U-mode sees the first GiB of RAM here when it runs with paging; S-mode sees it where it is. */
    static final long USER_ALIAS = 0x4000_0000L;
    /** The pages of {@link #LEAF_TABLE}. */
    static final long PAGED = 0xC000_0000L;

    /** In t0 at an ecall: return to M-mode. */
    static final long MAGIC = 0x7469_6465_6d61_726bL;

    static final int[] FINAL_CSRS = {
        Csr.MSTATUS, Csr.MEDELEG, Csr.MIDELEG, Csr.MIE, Csr.MIP, Csr.MTVEC, Csr.MCOUNTEREN, Csr.MSCRATCH, Csr.MEPC, Csr.MCAUSE, Csr.MTVAL,
        Csr.STVEC, Csr.SCOUNTEREN, Csr.SSCRATCH, Csr.SEPC, Csr.SCAUSE, Csr.STVAL, Csr.SATP, Csr.SSTATUS, Csr.SIE, Csr.SIP, Csr.FCSR,
        Csr.MISA, Csr.PMPADDR0 + 8, Csr.PMPADDR0 + 9
    };
    static final String[] FINAL_CSR_NAMES = (
        "mstatus medeleg mideleg mie mip mtvec mcounteren mscratch mepc mcause mtval "
        + "stvec scounteren sscratch sepc scause stval satp sstatus sie sip fcsr misa pmpaddr8 pmpaddr9").split(" ");

    private Region() {}

    static long address(int index) {
        return FIRST + (long) index * SIZE;
    }
}
