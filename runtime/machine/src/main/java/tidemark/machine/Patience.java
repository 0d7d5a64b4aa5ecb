package tidemark.machine;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * For how long somebody waits for a machine to stand: parts are to come to an instruction boundary, and to end what they are asked for, in microseconds to
 * milliseconds. One that does not must not take along whoever waits for it. The system property {@code tidemark.patience.ms} is the limit, 30 s if not given.
 */
final class Patience {
    static final String LIMIT = "tidemark.patience.ms";
    private static final long DEFAULT_MS = 30_000;

    private final Duration limit = Duration.ofMillis(Long.getLong(LIMIT, DEFAULT_MS));
    private final long end = System.nanoTime() + limit.toNanos();

    /** Waits for a change, under its lock. @return false if there is no patience left */
    boolean wait(BriefLock lock) {
        long left = end - System.nanoTime();
        if (left > 0) {
            lock.awaitChange(left);
        }
        return left > 0;
    }

    /** @return whether the thread ends in time; the caller's interrupt is kept */
    boolean joined(Thread thread) {
        boolean interrupted = false;
        for (long left = end - System.nanoTime(); thread.isAlive() && left > 0; left = end - System.nanoTime()) {
            try {
                thread.join(Duration.ofNanos(left));
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return !thread.isAlive();
    }

    /** @param keepers the threads that are waited for */
    String said(String machine, List<? extends Thread> keepers) {
        return "Machine " + machine + " does not come to stand within " + limit.toMillis() + " ms: "
                + keepers.stream().map(keeper -> keeper.getName() + " is in " + place(keeper)).collect(Collectors.joining("; "))
                + "; that part does not answer. The guest goes on when it does; else vm:destroy " + machine + ", and part:update or part:remove that part";
    }

    /** Where it is in a part, not in what that calls of Java's. */
    private static String place(Thread thread) {
        return Arrays.stream(thread.getStackTrace()).filter(frame -> !frame.getClassName().matches("(java|jdk|sun)\\..*")).findFirst()
                .map(frame -> frame.getClassName() + "." + frame.getMethodName()).orElse("Java's own code");
    }
}
