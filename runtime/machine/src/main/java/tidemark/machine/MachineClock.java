package tidemark.machine;

import tidemark.api.cpu.Hart;
import tidemark.api.device.Clock;
import tidemark.api.machine.ClockMode;
import tidemark.api.state.State;
import tidemark.api.state.StateException;

/** mtime of one machine. Unsigned; differences of 2^63 ticks and more (29,000 years) count as never. */
abstract sealed class MachineClock implements Clock {
    private static final int VERSION = 1;
    private static final String NAME = "clock";
    private volatile Runnable timeSet = () -> {};

    static MachineClock of(ClockMode mode, Hart hart) {
        return switch (mode) {
            case HOST -> new Host();
            case INSTRUCTIONS -> new Instructions(hart);
        };
    }

    /** @param action called after mtime was set to another value, when all deadlines have to be looked at anew */
    void onSet(Runnable action) {
        timeSet = action;
    }

    @Override
    public final void mtime(long value) {
        set(value);
        timeSet.run();
    }

    abstract void set(long value);

    /** Lets time pass, or stand still. Idempotent, from one thread at a time. */
    abstract void run(boolean running);

    /** How many instructions hart 0 may retire until {@code ticks} from now, at least 1 and at most {@code most}. */
    abstract long instructionsWithin(long ticks, long most);

    /** If time does not pass by itself while no hart executes: lets {@code ticks} pass at once. @return whether it did */
    abstract boolean skip(long ticks);

    /** How long {@code ticks} take by the host's clock while no hart executes; 0 if they can be skipped. */
    abstract long hostNanos(long ticks);

    State save() {
        return new State(NAME, VERSION).put("mtime", mtime());
    }

    /** After hart 0 has its state. */
    void load(State state) throws StateException {
        state.expect(NAME, VERSION);
        set(state.getLong("mtime"));
    }

    static String stateName() {
        return NAME;
    }

    private static final class Host extends MachineClock {
        private static final long NANOS_PER_TICK = 1_000_000_000 / FREQUENCY;
        private volatile Reading reading = new Reading(0, 0, false);

        /** mtime was {@code ticks} at {@code nanos} and has gone on since, or stands. */
        private record Reading(long ticks, long nanos, boolean running) {
            long ticksAt(long now) {
                return running ? ticks + (now - nanos) / NANOS_PER_TICK : ticks;
            }
        }

        @Override
        public long mtime() {
            return reading.ticksAt(System.nanoTime());
        }

        @Override
        synchronized void set(long value) {
            reading = new Reading(value, System.nanoTime(), reading.running);
        }

        @Override
        synchronized void run(boolean running) {
            if (running != reading.running) {
                long now = System.nanoTime();
                reading = new Reading(reading.ticksAt(now), now, running);
            }
        }

        @Override
        long instructionsWithin(long ticks, long most) {
            return most;
        }

        @Override
        boolean skip(long ticks) {
            return false;
        }

        @Override
        long hostNanos(long ticks) {
            return ticks > Long.MAX_VALUE / NANOS_PER_TICK ? Long.MAX_VALUE : ticks * NANOS_PER_TICK;
        }
    }

    private static final class Instructions extends MachineClock {
        private static final int PER_TICK = 10;
        private final Hart hart;
        /** mtime at instruction 0: grows by what is skipped while the hart waits. */
        private volatile long offset;

        Instructions(Hart hart) {
            this.hart = hart;
        }

        @Override
        public long mtime() {
            return offset + hart.instret / PER_TICK;
        }

        @Override
        void set(long value) {
            offset = value - hart.instret / PER_TICK;
        }

        @Override
        void run(boolean running) {
            // It counts instructions: nothing to do.
        }

        @Override
        long instructionsWithin(long ticks, long most) {
            return ticks > most / PER_TICK ? most : Math.max(1, ticks * PER_TICK - hart.instret % PER_TICK);
        }

        @Override
        boolean skip(long ticks) {
            set(mtime() + ticks);
            return true;
        }

        @Override
        long hostNanos(long ticks) {
            return 0;
        }
    }
}
