package tidemark.firmware.sbi;

import tidemark.api.cpu.Hart;
import tidemark.api.machine.FirmwareContext;

/** IPI extension (SBI 2.0, chapter 7). */
final class Ipi implements Extension {
    private final FirmwareContext context;
    private final HartMask masks;

    Ipi(FirmwareContext context) {
        this.context = context;
        masks = new HartMask(context.harts());
    }

    @Override
    public Outcome call(Hart hart, int function) {
        return function == 0 ? masks.each(hart.x[A0], hart.x[A1], target -> send(context, target)) : Outcome.NOT_SUPPORTED;
    }

    static void send(FirmwareContext context, Hart target) {
        context.post(target.id, () -> target.mipSoftware |= Hart.SSIP);
    }
}
