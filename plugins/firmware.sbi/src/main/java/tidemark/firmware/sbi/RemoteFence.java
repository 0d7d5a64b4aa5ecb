package tidemark.firmware.sbi;

import tidemark.api.cpu.Hart;
import tidemark.api.machine.FirmwareContext;
import tidemark.api.machine.FirmwareContext.Fence;

/** RFENCE extension (SBI 2.0, chapter 8). Harts without hypervisor extension: HFENCE is not supported. */
final class RemoteFence implements Extension {
    private static final int FENCE_I = 0;
    private static final int SFENCE_VMA = 1;
    private static final int SFENCE_VMA_ASID = 2;

    private final FirmwareContext context;
    private final HartMask masks;

    RemoteFence(FirmwareContext context) {
        this.context = context;
        masks = new HartMask(context.harts());
    }

    /** Of stopped harts too: one that is being started must not miss it. */
    @Override
    public Outcome call(Hart hart, int function) {
        return switch (function) {
            case FENCE_I -> masks.each(hart.x[A0], hart.x[A1], target -> context.fence(hart, target.id, Fence.EVERYTHING));
            case SFENCE_VMA, SFENCE_VMA_ASID -> masks.each(hart.x[A0], hart.x[A1], target -> context.fence(hart, target.id, Fence.TRANSLATIONS));
            default -> Outcome.NOT_SUPPORTED;
        };
    }
}
