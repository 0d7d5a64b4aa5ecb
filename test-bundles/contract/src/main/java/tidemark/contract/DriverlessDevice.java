package tidemark.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import tidemark.api.device.Device;
import tidemark.api.device.DevicePart;
import tidemark.api.device.Network;
import tidemark.api.memory.BusFault;
import tidemark.api.state.State;
import tidemark.api.state.StateException;
import tidemark.testkit.TestDeviceContext;
import tidemark.testkit.TestDisk;
import tidemark.testkit.TestMemory;

/** A device in a machine of its own, whose guest does not know how to drive it. */
final class DriverlessDevice implements AutoCloseable {
    private static final String NAME = "judged0";
    private static final int HARTS = 2;
    private static final int RAM = 1 << 20;
    private static final int DISK = 64 << 10;
    /** Where most registers are. */
    private static final int FIRST_REGISTERS = 0x100;
    private static final int MOST_TICKS = 100_000;

    private final TestMemory ram;
    private final TestDeviceContext context;
    private final Device device;
    private final long window;

    DriverlessDevice(DevicePart part, String options) {
        this(part, options, new TestMemory(RAM));
    }

    private DriverlessDevice(DevicePart part, String options, TestMemory ram) {
        this.ram = ram;
        context = new TestDeviceContext(NAME, HARTS).memory(ram).disk(new TestDisk(new byte[DISK], true)).network(new Network() {
            @Override
            public void transmit(byte[] frame) {}

            @Override
            public void close() {}
        });
        for (String option : options.split(",")) {
            int equals = option.indexOf('=');
            if (equals > 0) {
                context.option(option.substring(0, equals), option.substring(equals + 1));
            }
        }
        window = part.windowSize();
        device = part.create(context);
    }

    /** Another device that goes on where this one is, with a copy of RAM. */
    DriverlessDevice restored(DevicePart part, String options) throws StateException {
        context.boundary();
        DriverlessDevice other = new DriverlessDevice(part, options, ram.copy());
        other.context.mtime(context.mtime());
        other.device.load(device.save());
        return other;
    }

    /** Random loads and stores, boundaries and time between them. @return what each did and what was answered */
    List<String> access(Random random, int steps) {
        List<String> answers = new ArrayList<>();
        for (int step = 0; step < steps; step++) {
            answers.add(switch (random.nextInt(10)) {
                case 0 -> {
                    context.boundary();
                    yield "boundary";
                }
                case 1 -> {
                    context.advance(random.nextInt(MOST_TICKS));
                    yield "time passes";
                }
                default -> access(random) + ", interrupt " + context.interruptLevel();
            });
        }
        return answers;
    }

    private String access(Random random) {
        int size = 1 << random.nextInt(4);
        long range = random.nextInt(4) > 0 ? Math.min(window, FIRST_REGISTERS) : window;
        long offset = random.nextLong(range) & -size;
        long value = random.nextLong() >>> random.nextInt(Long.SIZE);
        boolean isLoad = random.nextBoolean();
        String what = String.format(Locale.ROOT, "%s of %d bytes at 0x%x", isLoad ? "load" : "store", size, offset)
                + (isLoad ? "" : " of 0x" + Long.toHexString(value));
        try {
            if (isLoad) {
                return what + ": 0x" + Long.toHexString(zeroExtended(what, size, device.load(offset, size)));
            }
            device.store(offset, size, value);
            return what;
        } catch (BusFault e) {
            return what + ": refused";
        } catch (RuntimeException | StackOverflowError e) {
            throw new AssertionError("A " + what + " threw " + e, e);
        }
    }

    private static long zeroExtended(String what, int size, long value) {
        if (size < Long.BYTES && value >>> size * Byte.SIZE != 0) {
            throw new AssertionError("A " + what + " gave 0x" + Long.toHexString(value) + ", which is not zero-extended");
        }
        return value;
    }

    void hostSends(Random random) {
        byte[] frame = new byte[random.nextInt(2000)];
        random.nextBytes(frame);
        context.send("from the host");
        context.receiveFrame(frame);
        context.boundary();
    }

    boolean interrupt() {
        return context.interruptLevel();
    }

    boolean ramIsWhole() {
        return ram.guardsIntact();
    }

    void reset() {
        context.forgetPosted();
        device.reset();
    }

    State save() {
        return device.save();
    }

    void load(State state) throws StateException {
        device.load(state);
    }

    @Override
    public void close() {
        device.close();
        ram.close();
    }
}
