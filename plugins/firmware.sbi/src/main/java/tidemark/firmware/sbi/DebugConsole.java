package tidemark.firmware.sbi;

import java.io.ByteArrayOutputStream;
import tidemark.api.cpu.Hart;
import tidemark.api.device.Console;
import tidemark.api.machine.FirmwareContext;
import tidemark.api.memory.BusFault;

/** Debug Console extension (SBI 2.0, chapter 12). */
final class DebugConsole implements Extension {
    /** A call does no more than this, which keeps the hart for some microseconds. */
    private static final int MOST_BYTES = 4096;

    private final FirmwareContext context;

    DebugConsole(FirmwareContext context) {
        this.context = context;
    }

    @Override
    public Outcome call(Hart hart, int function) {
        return switch (function) {
            case 0 -> write(hart.x[A0], hart.x[A1], hart.x[A2]);
            case 1 -> read(hart.x[A0], hart.x[A1], hart.x[A2]);
            case 2 -> writeByte((byte) hart.x[A0]);
            default -> Outcome.NOT_SUPPORTED;
        };
    }

    private Outcome write(long length, long low, long high) {
        if (!isRam(length, low, high)) {
            return Outcome.INVALID_PARAM;
        }
        byte[] bytes = new byte[(int) Math.min(length, MOST_BYTES)];
        try {
            context.memory().read(low, bytes, 0, bytes.length);
        } catch (BusFault e) {
            return Outcome.INVALID_PARAM;
        }
        Console console = context.console();
        for (byte value : bytes) {
            console.transmit(value);
        }
        return Outcome.of(bytes.length);
    }

    private Outcome read(long length, long low, long high) {
        if (!isRam(length, low, high)) {
            return Outcome.INVALID_PARAM;
        }
        byte[] bytes = received((int) Math.min(length, MOST_BYTES));
        try {
            context.memory().write(low, bytes, 0, bytes.length);
        } catch (BusFault e) {
            return Outcome.INVALID_PARAM;
        }
        return Outcome.of(bytes.length);
    }

    private byte[] received(int most) {
        Console console = context.console();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int value = 0; bytes.size() < most && (value = console.receive()) >= 0;) {
            bytes.write(value);
        }
        return bytes.toByteArray();
    }

    private Outcome writeByte(byte value) {
        context.console().transmit(value);
        return Outcome.SUCCESS;
    }

    /** @param high the upper 64 bits of the address */
    private boolean isRam(long length, long low, long high) {
        return high == 0 && context.memory().contains(low, length);
    }
}
