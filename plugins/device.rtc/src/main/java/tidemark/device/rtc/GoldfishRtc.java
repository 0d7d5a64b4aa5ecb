package tidemark.device.rtc;

import tidemark.api.device.Device;
import tidemark.api.device.DeviceContext;
import tidemark.api.device.InterruptLine;
import tidemark.api.device.Timer;
import tidemark.api.memory.BusFault;
import tidemark.api.state.State;
import tidemark.api.state.StateException;

/** Goldfish real-time clock (Android emulator, GOLDFISH-VIRTUAL-HARDWARE, section VI) as on QEMU's {@code virt} board: ns since 1970, one alarm. 32-bit accesses. */
final class GoldfishRtc implements Device {
    /** Reading it keeps the high half for the next read of TIME_HIGH. */
    static final int TIME_LOW = 0x00;
    static final int TIME_HIGH = 0x04;
    /** Writing it sets the alarm. */
    static final int ALARM_LOW = 0x08;
    static final int ALARM_HIGH = 0x0C;
    static final int IRQ_ENABLED = 0x10;
    static final int CLEAR_ALARM = 0x14;
    static final int ALARM_STATUS = 0x18;
    static final int CLEAR_INTERRUPT = 0x1C;
    private static final long WORD = 0xFFFF_FFFFL;
    private static final int VERSION = 1;

    private final DeviceContext context;
    private final InterruptLine interrupt;
    private final Timer timer;
    private final WallTime time;
    private long timeHigh;
    private long alarm;
    private boolean alarmSet;
    private boolean enabled;
    private boolean pending;

    GoldfishRtc(DeviceContext context, WallTime time) {
        this.context = context;
        this.time = time;
        interrupt = context.interrupt();
        timer = context.timer(this::expired);
    }

    @Override
    public synchronized long load(long offset, int size) throws BusFault {
        checkSize(offset, size);
        return switch ((int) offset) {
            case TIME_LOW -> {
                long now = time.now();
                timeHigh = now >>> 32;
                yield now & WORD;
            }
            case TIME_HIGH -> timeHigh;
            case ALARM_LOW -> alarm & WORD;
            case ALARM_HIGH -> alarm >>> 32;
            case IRQ_ENABLED -> enabled ? 1 : 0;
            case ALARM_STATUS -> alarmSet ? 1 : 0;
            default -> throw new BusFault(offset);
        };
    }

    @Override
    public synchronized void store(long offset, int size, long value) throws BusFault {
        checkSize(offset, size);
        switch ((int) offset) {
            case TIME_LOW -> time.set(time.now() & ~WORD | value & WORD);
            case TIME_HIGH -> time.set(time.now() & WORD | value << 32);
            case ALARM_LOW -> {
                alarm = alarm & ~WORD | value & WORD;
                alarmSet = true;
            }
            case ALARM_HIGH -> alarm = alarm & WORD | value << 32;
            case IRQ_ENABLED -> enabled = (value & 1) != 0;
            case CLEAR_ALARM -> alarmSet = false;
            case CLEAR_INTERRUPT -> pending = false;
            default -> throw new BusFault(offset);
        }
        update();
    }

    private static void checkSize(long offset, int size) throws BusFault {
        if (size != Integer.BYTES) {
            throw new BusFault(offset);
        }
    }

    private synchronized void expired() {
        update();
    }

    /** Wall time may have gone another way than mtime since the timer was set: what counts is the clock. */
    private void update() {
        long now = time.now();
        if (alarmSet && Long.compareUnsigned(alarm, now) <= 0) {
            alarmSet = false;
            pending = true;
        }
        if (alarmSet) {
            setTimer(alarm - now);
        } else {
            timer.cancel();
        }
        interrupt.set(pending && enabled);
    }

    private void setTimer(long nanos) {
        long now = context.clock().mtime();
        long deadline = now + Long.divideUnsigned(nanos, WallTime.NANOS_PER_TICK) + 1;
        if (Long.compareUnsigned(deadline, now) > 0) {
            timer.set(deadline);
        } else {
            timer.cancel(); // after the end of mtime
        }
    }

    @Override
    public synchronized void reset() {
        time.reset();
        timeHigh = 0;
        alarm = 0;
        alarmSet = false;
        enabled = false;
        pending = false;
        update();
    }

    @Override
    public synchronized State save() {
        State state = new State(context.name(), VERSION).put("timeHigh", timeHigh).put("alarm", alarm).put("alarmSet", alarmSet).put("enabled", enabled)
                .put("pending", pending);
        time.save(state);
        return state;
    }

    @Override
    public synchronized void load(State state) throws StateException {
        state.expect(context.name(), VERSION);
        long[] registers = {state.getLong("timeHigh"), state.getLong("alarm")};
        boolean[] flags = {state.getBoolean("alarmSet"), state.getBoolean("enabled"), state.getBoolean("pending")};
        time.load(state);
        timeHigh = registers[0] & WORD;
        alarm = registers[1];
        alarmSet = flags[0];
        enabled = flags[1];
        pending = flags[2];
        update();
    }

    @Override
    public synchronized void close() {
        timer.cancel();
        interrupt.set(false);
    }
}
