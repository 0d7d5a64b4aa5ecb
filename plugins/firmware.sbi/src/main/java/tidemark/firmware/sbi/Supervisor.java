package tidemark.firmware.sbi;

import java.util.Arrays;
import tidemark.api.cpu.Hart;
import tidemark.riscv.Status;

/** What S-mode finds when it is entered: everything that M-mode could keep for itself is its own. */
final class Supervisor {
    /** All exceptions but environment calls from S-mode and M-mode. */
    private static final long EXCEPTIONS = 0xB1FF;
    private static final long INTERRUPTS = Hart.SSIP | Hart.STIP | Hart.SEIP;
    /** cycle, time, instret. */
    private static final long COUNTERS = 7;
    private static final long STCE = 1L << 63;
    /** One PMP entry that covers all addresses: NAPOT, R, W, X. */
    private static final long ALL_ADDRESSES = -1L >>> 10;
    private static final long READ_WRITE_EXECUTE = 0x1F;

    private Supervisor() {}

    /** What firmware leaves in a hart that is as after power-on. */
    static void delegateAll(Hart hart) {
        hart.medeleg = EXCEPTIONS;
        hart.mideleg = INTERRUPTS;
        hart.mcounteren = COUNTERS;
        hart.scounteren = COUNTERS; // Linux leaves it as it finds it, and its programs read the time
        hart.menvcfg = STCE;
        hart.pmpaddr[0] = ALL_ADDRESSES;
        hart.pmpcfg[0] = READ_WRITE_EXECUTE;
    }

    /**
     * To the state in which a hart starts and resumes (SBI 2.0, chapter 9): satp and sstatus.SIE are 0. What may wake it, sie, stays.
     *
     * @param opaque for a1
     */
    static void enter(Hart hart, long address, long opaque) {
        Arrays.fill(hart.x, 0);
        hart.x[Extension.A0] = hart.id;
        hart.x[Extension.A1] = opaque;
        hart.pc = address;
        hart.privilege = Hart.SUPERVISOR;
        hart.mstatus = Status.XL;
        hart.satp = 0;
        hart.reservation = -1;
    }
}
