package tidemark.firmware.sbi;

import java.util.function.Consumer;
import tidemark.api.cpu.Hart;
import tidemark.api.machine.FirmwareContext;
import tidemark.api.machine.FirmwareContext.Fence;
import tidemark.api.memory.HostMemory;
import tidemark.riscv.Access;
import tidemark.riscv.Pmp;
import tidemark.riscv.Sv39;
import tidemark.riscv.Trap;
import tidemark.riscv.Traps;

/** Legacy extensions 0x00 to 0x08 (SBI 2.0, chapter 5): a function each, whose result is a0 alone. */
final class Legacy implements Extension {
    private static final long ALL = -1;

    private final FirmwareContext context;
    private final int id;

    Legacy(FirmwareContext context, int id) {
        this.context = context;
        this.id = id;
    }

    @Override
    public Outcome call(Hart hart, int function) {
        return switch (id) {
            case 0x00 -> setTimer(hart);
            case 0x01 -> putchar(hart);
            case 0x02 -> result(hart, context.console().receive());
            case 0x03 -> clearIpi(hart);
            case 0x04 -> eachOfMask(hart, target -> Ipi.send(context, target));
            case 0x05 -> eachOfMask(hart, target -> context.fence(hart, target.id, Fence.EVERYTHING));
            case 0x06, 0x07 -> eachOfMask(hart, target -> context.fence(hart, target.id, Fence.TRANSLATIONS));
            default -> shutdown();
        };
    }

    private static Outcome result(Hart hart, long a0) {
        return new Outcome(a0, hart.x[A1]);
    }

    private Outcome setTimer(Hart hart) {
        Time.set(context, hart, hart.x[A0]);
        return result(hart, 0);
    }

    private Outcome putchar(Hart hart) {
        context.console().transmit((byte) hart.x[A0]);
        return result(hart, 0);
    }

    private static Outcome clearIpi(Hart hart) {
        boolean pending = (hart.mipSoftware & Hart.SSIP) != 0;
        hart.mipSoftware &= ~Hart.SSIP;
        return result(hart, pending ? 1 : 0);
    }

    private Outcome shutdown() {
        context.power().off(0);
        return Outcome.NO_RETURN;
    }

    private Outcome eachOfMask(Hart hart, Consumer<Hart> action) {
        long mask;
        try {
            mask = hart.x[A0] == 0 ? ALL : mask(hart, hart.x[A0]); // kernels of SBI 0.1 pass no mask to mean all harts
        } catch (Trap trap) {
            Traps.exception(hart, trap.cause(), trap.value());
            return Outcome.NO_RETURN;
        }
        for (Hart target : context.harts()) {
            if ((mask >>> target.id & 1) != 0) {
                action.accept(target);
            }
        }
        return result(hart, 0);
    }

    /** The word at a virtual address of S-mode's; it need not be aligned. @throws Trap as a load of S-mode's */
    private long mask(Hart hart, long address) {
        Trap trap = new Trap();
        Sv39 translation = new Sv39(hart, context.memory(), new Pmp(hart), trap);
        long mask = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            long physical = translation.translate(address + i, 1, Access.LOAD, Hart.SUPERVISOR);
            if (!context.memory().contains(physical, 1)) {
                throw trap.of(Trap.LOAD_ACCESS, address + i);
            }
            mask |= (HostMemory.getByte(context.memory().readable(physical)) & 0xFFL) << Byte.SIZE * i;
        }
        return mask;
    }
}
