package tidemark.riscv;

import tidemark.api.cpu.Hart;

/** Entering and leaving trap handlers; interrupts (volume II, 3.1.6 to 3.1.9 and 3.3.2). */
public final class Traps {
    private static final long INTERRUPT = 1L << 63;
    /** From the highest priority down (volume II, 3.1.9). */
    private static final long[] PRIORITY = {Hart.MEIP, Hart.MSIP, Hart.MTIP, Hart.SEIP, Hart.SSIP, Hart.STIP};

    private Traps() {}

    /** Sends the hart, whose pc is that of the instruction, to the handler of an exception. */
    public static void exception(Hart hart, int cause, long value) {
        boolean delegated = hart.privilege != Hart.MACHINE && (hart.medeleg >>> cause & 1) != 0;
        enter(hart, delegated, cause, value);
    }

    /** The ECALL instruction. */
    public static void environmentCall(Hart hart) {
        exception(hart, Trap.ECALL + hart.privilege, 0);
    }

    /** Takes the pending interrupt of highest priority that is enabled, if there is one. */
    public static boolean interrupt(Hart hart) {
        long pending = hart.mip() & hart.mie;
        if (pending == 0) {
            return false;
        }
        boolean machine = hart.privilege < Hart.MACHINE || (hart.mstatus & Status.MIE) != 0;
        boolean supervisor = hart.privilege < Hart.SUPERVISOR || hart.privilege == Hart.SUPERVISOR && (hart.mstatus & Status.SIE) != 0;
        long toMachine = machine ? pending & ~hart.mideleg : 0;
        long toSupervisor = supervisor ? pending & hart.mideleg : 0;
        if (toMachine != 0) {
            enter(hart, false, INTERRUPT | highest(toMachine), 0);
        } else if (toSupervisor != 0) {
            enter(hart, true, INTERRUPT | highest(toSupervisor), 0);
        } else {
            return false;
        }
        return true;
    }

    /** Whether WFI need not wait: an interrupt is pending that mie enables, whatever mstatus and mideleg say. */
    public static boolean wakes(Hart hart) {
        return (hart.mip() & hart.mie) != 0;
    }

    private static int highest(long pending) {
        for (long bit : PRIORITY) {
            if ((pending & bit) != 0) {
                return Long.numberOfTrailingZeros(bit);
            }
        }
        throw new AssertionError(Long.toHexString(pending));
    }

    private static void enter(Hart hart, boolean supervisor, long cause, long value) {
        long s = hart.mstatus;
        if (supervisor) {
            hart.scause = cause;
            hart.sepc = hart.pc;
            hart.stval = value;
            s = (s & Status.SIE) != 0 ? s | Status.SPIE : s & ~Status.SPIE;
            s = hart.privilege == Hart.SUPERVISOR ? s | Status.SPP : s & ~Status.SPP;
            hart.mstatus = s & ~Status.SIE;
            hart.pc = vector(hart.stvec, cause);
            hart.privilege = Hart.SUPERVISOR;
        } else {
            hart.mcause = cause;
            hart.mepc = hart.pc;
            hart.mtval = value;
            s = (s & Status.MIE) != 0 ? s | Status.MPIE : s & ~Status.MPIE;
            hart.mstatus = s & ~Status.MIE & ~Status.MPP | (long) hart.privilege << Status.MPP_SHIFT;
            hart.pc = vector(hart.mtvec, cause);
            hart.privilege = Hart.MACHINE;
        }
        hart.reservation = -1;
    }

    private static long vector(long tvec, long cause) {
        long base = tvec & ~3L;
        return cause < 0 && (tvec & 1) != 0 ? base + 4 * (cause & ~INTERRUPT) : base;
    }

    /** @return false if it is illegal here */
    public static boolean machineReturn(Hart hart) {
        if (hart.privilege != Hart.MACHINE) {
            return false;
        }
        long s = hart.mstatus;
        int previous = (int) (s >>> Status.MPP_SHIFT) & 3;
        s = (s & Status.MPIE) != 0 ? s | Status.MIE : s & ~Status.MIE;
        s = (s | Status.MPIE) & ~Status.MPP;
        hart.mstatus = previous == Hart.MACHINE ? s : s & ~Status.MPRV;
        hart.privilege = previous;
        hart.pc = hart.mepc;
        hart.reservation = -1;
        return true;
    }

    /** @return false if it is illegal here */
    public static boolean supervisorReturn(Hart hart) {
        long s = hart.mstatus;
        if (hart.privilege == Hart.USER || hart.privilege == Hart.SUPERVISOR && (s & Status.TSR) != 0) {
            return false;
        }
        int previous = (s & Status.SPP) != 0 ? Hart.SUPERVISOR : Hart.USER;
        s = (s & Status.SPIE) != 0 ? s | Status.SIE : s & ~Status.SIE;
        hart.mstatus = (s | Status.SPIE) & ~Status.SPP & ~Status.MPRV;
        hart.privilege = previous;
        hart.pc = hart.sepc;
        hart.reservation = -1;
        return true;
    }
}
