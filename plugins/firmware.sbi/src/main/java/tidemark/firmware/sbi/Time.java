package tidemark.firmware.sbi;

import tidemark.api.cpu.Hart;
import tidemark.api.machine.FirmwareContext;

/** Timer extension (SBI 2.0, chapter 6). The timer is the hart's own stimecmp: STIP follows it. */
final class Time implements Extension {
    private final FirmwareContext context;

    Time(FirmwareContext context) {
        this.context = context;
    }

    @Override
    public Outcome call(Hart hart, int function) {
        if (function != 0) {
            return Outcome.NOT_SUPPORTED;
        }
        set(context, hart, hart.x[A0]);
        return Outcome.SUCCESS;
    }

    static void set(FirmwareContext context, Hart hart, long mtime) {
        hart.stimecmp = mtime;
        context.timerChanged(hart);
    }
}
