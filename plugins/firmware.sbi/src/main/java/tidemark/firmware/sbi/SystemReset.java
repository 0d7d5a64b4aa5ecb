package tidemark.firmware.sbi;

import tidemark.api.cpu.Hart;
import tidemark.api.machine.FirmwareContext;

/** System Reset extension (SBI 2.0, chapter 10). A warm reboot is a cold one. */
final class SystemReset implements Extension {
    private static final int SHUTDOWN = 0;
    private static final int COLD_REBOOT = 1;
    private static final int WARM_REBOOT = 2;
    private static final int SYSTEM_FAILURE = 1;

    private final FirmwareContext context;

    SystemReset(FirmwareContext context) {
        this.context = context;
    }

    @Override
    public Outcome call(Hart hart, int function) {
        return function == 0 ? reset((int) hart.x[A0], (int) hart.x[A1]) : Outcome.NOT_SUPPORTED;
    }

    /** @param reason 0, none; or 1, system failure */
    private Outcome reset(int type, int reason) {
        if (Integer.compareUnsigned(reason, SYSTEM_FAILURE) > 0) {
            return Outcome.INVALID_PARAM;
        }
        switch (type) {
            case SHUTDOWN -> context.power().off(reason);
            case COLD_REBOOT, WARM_REBOOT -> context.power().reset();
            default -> {
                return Outcome.INVALID_PARAM;
            }
        }
        return Outcome.NO_RETURN;
    }
}
