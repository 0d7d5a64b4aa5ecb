package tidemark.riscv;

import tidemark.api.cpu.Hart;

/** The fields of mstatus (volume II, 3.1.6). */
public final class Status {
    public static final long SIE = 1L << 1;
    public static final long MIE = 1L << 3;
    public static final long SPIE = 1L << 5;
    public static final long MPIE = 1L << 7;
    public static final long SPP = 1L << 8;
    public static final int MPP_SHIFT = 11;
    public static final long MPP = 3L << MPP_SHIFT;
    /** Floating-point unit: off, initial, clean or dirty; dirty when both bits are set. */
    public static final long FS = 3L << 13;
    public static final long MPRV = 1L << 17;
    public static final long SUM = 1L << 18;
    public static final long MXR = 1L << 19;
    public static final long TVM = 1L << 20;
    public static final long TW = 1L << 21;
    public static final long TSR = 1L << 22;
    /** UXL and SXL, both 64 bits. */
    public static final long XL = 0xAL << 32;
    public static final long SD = 1L << 63;

    static final long MACHINE_WRITABLE = SIE | MIE | SPIE | MPIE | SPP | MPP | FS | MPRV | SUM | MXR | TVM | TW | TSR;
    static final long SUPERVISOR_WRITABLE = SIE | SPIE | SPP | FS | SUM | MXR;
    static final long SUPERVISOR_VISIBLE = SUPERVISOR_WRITABLE | 2L << 32 | SD;

    private Status() {}

    /** mstatus as it reads: with SD. */
    static long read(Hart hart) {
        return (hart.mstatus & FS) == FS ? hart.mstatus | SD : hart.mstatus;
    }

    /** sstatus as it reads. */
    public static long supervisorView(Hart hart) {
        return read(hart) & SUPERVISOR_VISIBLE;
    }

    /** Replaces the bits of {@code mask}; MPP keeps its value if the new one is no mode. */
    static void write(Hart hart, long value, long mask) {
        long m = mask;
        if ((value & MPP) == 2L << MPP_SHIFT) {
            m &= ~MPP;
        }
        hart.mstatus = hart.mstatus & ~m | value & m | XL;
    }

    /** The mode whose rights loads and stores have. */
    public static int dataPrivilege(Hart hart) {
        return (hart.mstatus & MPRV) != 0 ? (int) (hart.mstatus >>> MPP_SHIFT) & 3 : hart.privilege;
    }
}
