package tidemark.interpreter;

import tidemark.api.cpu.Hart;
import tidemark.riscv.Status;

/** What was cached of address translation under one set of rights, so that a change of privilege, MPRV or SUM throws nothing away. */
public final class Regime {
    private static final int USER = 0;
    private static final int SUPERVISOR = 1;
    private static final int SUPERVISOR_SUM = 2;
    private static final int MACHINE = 3;
    static final int COUNT = 4;

    public final Tlb reads = new Tlb();
    public final Tlb writes = new Tlb();

    static Regime[] all() {
        Regime[] all = new Regime[COUNT];
        for (int i = 0; i < COUNT; i++) {
            all[i] = new Regime();
        }
        return all;
    }

    /** The number of the one that holds for the hart's loads and stores now. */
    static int ofData(Hart hart) {
        return switch (Status.dataPrivilege(hart)) {
            case Hart.USER -> USER;
            case Hart.SUPERVISOR -> ofSupervisor((hart.mstatus & Status.SUM) != 0);
            default -> MACHINE;
        };
    }

    /** Forgets the page of one address. */
    void flush(long address) {
        reads.flush(address);
        writes.flush(address);
    }

    static int ofSupervisor(boolean sum) {
        return sum ? SUPERVISOR_SUM : SUPERVISOR;
    }

    void flush() {
        reads.flush();
        writes.flush();
    }
}
