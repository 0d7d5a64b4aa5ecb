package tidemark.machine;

import java.util.ArrayList;
import java.util.List;
import tidemark.api.device.Clock;
import tidemark.api.device.Timer;

/** The timers of one machine. Few, so they are searched, not sorted. Deadlines are unsigned ticks of mtime. */
final class Timers {
    static final long NEVER = Long.MAX_VALUE;

    private final Clock clock;
    private final Runnable set;
    private final List<Deadline> deadlines = new ArrayList<>();

    /** @param set called, without a lock held, after a timer was set: hart 0 has to look */
    Timers(Clock clock, Runnable set) {
        this.clock = clock;
        this.set = set;
    }

    private final class Deadline implements Timer {
        private final Runnable expired;
        private boolean armed;
        private long mtime;

        Deadline(Runnable expired) {
            this.expired = expired;
        }

        @Override
        public void set(long deadline) {
            synchronized (deadlines) {
                mtime = deadline;
                armed = true;
            }
            set.run();
        }

        @Override
        public void cancel() {
            synchronized (deadlines) {
                armed = false;
            }
        }
    }

    Timer timer(Runnable expired) {
        Deadline timer = new Deadline(expired);
        synchronized (deadlines) {
            deadlines.add(timer);
        }
        return timer;
    }

    /** Takes a timer of a device that goes away. */
    void remove(Timer timer) {
        synchronized (deadlines) {
            deadlines.removeIf(deadline -> deadline == timer);
        }
    }

    /** Ticks until the next deadline, 0 if it has come, {@link #NEVER} if there is none. */
    long ticksToNext() {
        synchronized (deadlines) {
            long now = clock.mtime();
            long least = NEVER;
            for (Deadline deadline : deadlines) {
                if (deadline.armed) {
                    least = Math.min(least, ticksTo(deadline.mtime, now));
                }
            }
            return least;
        }
    }

    /** Runs the actions whose time has come, in the order of their deadlines. On hart 0's thread at a boundary. */
    void runExpired() {
        if (ticksToNext() == 0) {
            take().forEach(deadline -> deadline.expired.run());
        }
    }

    private List<Deadline> take() {
        synchronized (deadlines) {
            long now = clock.mtime();
            List<Deadline> expired = new ArrayList<>();
            for (Deadline deadline : deadlines) {
                if (deadline.armed && ticksTo(deadline.mtime, now) == 0) {
                    deadline.armed = false;
                    expired.add(deadline);
                }
            }
            expired.sort((a, b) -> Long.compareUnsigned(a.mtime, b.mtime));
            return expired;
        }
    }

    private static long ticksTo(long deadline, long now) {
        if (Long.compareUnsigned(now, deadline) >= 0) {
            return 0;
        }
        long ticks = deadline - now;
        return ticks < 0 ? NEVER : ticks;
    }
}
