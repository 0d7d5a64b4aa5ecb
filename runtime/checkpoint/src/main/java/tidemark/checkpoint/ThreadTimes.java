package tidemark.checkpoint;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** The threads of one checkpoint and the CPU time that they took. */
final class ThreadTimes {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final List<Thread> threads = new CopyOnWriteArrayList<>();
    private final AtomicLong nanos = new AtomicLong();

    /** CPU time of the calling thread so far, in nanoseconds. */
    static long now() {
        return THREADS.getCurrentThreadCpuTime();
    }

    Thread newThread(String name, Runnable task) {
        Thread thread = Thread.ofPlatform().daemon().name(name).unstarted(() -> {
            try {
                task.run();
            } finally {
                add(now());
            }
        });
        threads.add(thread);
        return thread;
    }

    void add(long time) {
        nanos.addAndGet(time);
    }

    /** Waits for the end of all threads that were started. @return whether they have ended */
    boolean join(Duration limit) throws InterruptedException {
        boolean ended = true;
        for (Thread thread : threads) {
            ended &= thread.getState() == Thread.State.NEW || thread.join(limit);
        }
        return ended;
    }

    Duration total() {
        return Duration.ofNanos(nanos.get());
    }
}
