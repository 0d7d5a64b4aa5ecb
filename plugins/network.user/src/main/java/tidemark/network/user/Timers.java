package tidemark.network.user;

import java.util.Comparator;
import java.util.TreeSet;

/** What is to happen at some time. One thread only. */
final class Timers {
    private final TreeSet<Timer> pending = new TreeSet<>(Comparator.comparingLong((Timer timer) -> timer.deadline).thenComparingLong(timer -> timer.number));
    private long made;

    final class Timer {
        private final Runnable expired;
        private final long number = made++;
        private long deadline;

        private Timer(Runnable expired) {
            this.expired = expired;
        }

        /** @param time of the clock whose times {@link Timers#expire} is given; replaces what was set before */
        void set(long time) {
            cancel();
            deadline = time;
            pending.add(this);
        }

        void cancel() {
            pending.remove(this);
        }
    }

    Timer timer(Runnable expired) {
        return new Timer(expired);
    }

    /** The time of the next expiry, or {@code Long.MAX_VALUE}. */
    long next() {
        return pending.isEmpty() ? Long.MAX_VALUE : pending.first().deadline;
    }

    /** @return one whose time has come, no longer pending; or null */
    Runnable expired(long now) {
        return next() <= now ? pending.pollFirst().expired : null;
    }
}
