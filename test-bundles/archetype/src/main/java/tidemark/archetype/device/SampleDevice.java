package tidemark.archetype.device;

import tidemark.api.device.Device;
import tidemark.api.device.DeviceContext;
import tidemark.api.device.InterruptLine;
import tidemark.api.device.Timer;
import tidemark.api.memory.BusFault;
import tidemark.api.state.State;
import tidemark.api.state.StateException;

/** A ticker: every period it counts a tick and raises its interrupt. Registers of 32 bits, accessed whole. */
final class SampleDevice implements Device {
    /** Ticks of mtime (10 MHz) from one to the next; writing it starts the ticker, 0 stops it. */
    static final int PERIOD = 0x00;
    /** How many there were; read-only. */
    static final int COUNT = 0x04;
    /** Reads 1 while the interrupt is raised; any write takes it back. */
    static final int INTERRUPT = 0x08;
    private static final long MASK = 0xFFFF_FFFFL;
    /** Of the saved state: one more whenever its fields change; load then reads the older ones, too. */
    private static final int VERSION = 1;

    private final DeviceContext context;
    private final InterruptLine interrupt;
    private final Timer timer;
    private long period;
    private long count;
    private boolean raised;
    /** mtime of the next tick, if there is a period. */
    private long next;

    SampleDevice(DeviceContext context) {
        this.context = context;
        interrupt = context.interrupt();
        timer = context.timer(this::tick);
    }

    // Harts, the timer and saving are on different threads: all that touches the registers is synchronized

    @Override
    public synchronized long load(long offset, int size) throws BusFault {
        requireWord(offset, size);
        return switch ((int) offset) {
            case PERIOD -> period;
            case COUNT -> count;
            case INTERRUPT -> raised ? 1 : 0;
            default -> throw new BusFault(offset);
        };
    }

    @Override
    public synchronized void store(long offset, int size, long value) throws BusFault {
        requireWord(offset, size);
        switch ((int) offset) {
            case PERIOD -> {
                period = value & MASK;
                next = context.clock().mtime() + period;
            }
            case INTERRUPT -> raised = false;
            default -> throw new BusFault(offset);
        }
        drive();
    }

    private static void requireWord(long offset, int size) throws BusFault {
        if (size != Integer.BYTES) {
            throw new BusFault(offset);
        }
    }

    /** Ticks that were missed are counted, but not made up for one by one. */
    private synchronized void tick() {
        long late = context.clock().mtime() - next;
        if (period != 0 && late >= 0) {
            long ticks = 1 + late / period;
            count = count + ticks & MASK;
            next += ticks * period;
            raised = true;
        }
        drive();
    }

    /** Sets the line and the timer as the registers say. */
    private void drive() {
        interrupt.set(raised);
        if (period != 0) {
            timer.set(next);
        } else {
            timer.cancel();
        }
    }

    @Override
    public synchronized void reset() {
        period = 0;
        count = 0;
        raised = false;
        next = 0;
        drive();
    }

    @Override
    public synchronized State save() {
        return new State(context.name(), VERSION).put("period", period).put("count", count).put("raised", raised).put("next", next);
    }

    /** Reads all of the state before it changes anything: a state that is refused leaves the device as it was. */
    @Override
    public synchronized void load(State state) throws StateException {
        state.expect(context.name(), VERSION);
        long[] numbers = {state.getLong("period"), state.getLong("count"), state.getLong("next")};
        raised = state.getBoolean("raised");
        period = numbers[0] & MASK;
        count = numbers[1] & MASK;
        next = numbers[2];
        drive();
    }

    @Override
    public synchronized void close() {
        timer.cancel();
        interrupt.set(false);
    }
}
