package tidemark.firmware.sbi;

import tidemark.api.cpu.Hart;

/** System Suspend extension (SBI 2.0, chapter 13). RAM keeps what it has while a machine waits, so the last hart suspends itself. */
final class SystemSuspend implements Extension {
    private static final int SUSPEND_TO_RAM = 0;

    private final HartStates hartStates;

    SystemSuspend(HartStates hartStates) {
        this.hartStates = hartStates;
    }

    @Override
    public Outcome call(Hart hart, int function) {
        if (function != 0) {
            return Outcome.NOT_SUPPORTED;
        }
        if ((int) hart.x[A0] != SUSPEND_TO_RAM) {
            return Outcome.INVALID_PARAM;
        }
        return hartStates.alone(hart) ? hartStates.suspend(hart, hart.x[A1], hart.x[A2]) : Outcome.DENIED;
    }
}
