package tidemark.machine;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import tidemark.api.machine.ClockMode;

/**
 * What a machine's devices do outside of the accesses of harts: actions at instruction boundaries, in order, on hart 0's thread, and slow work beside the
 * guest, on threads that come when needed and go when idle.
 */
final class DeviceWork {
    private static final int MAX_THREADS = 4;
    private static final long IDLE_SECONDS = 5;
    private static final long QUIET_SECONDS = 10;

    private final VirtualMachine machine;
    private final Queue<Runnable> posted = new ConcurrentLinkedQueue<>();
    private final ExecutorService threads;
    private int underway;

    DeviceWork(VirtualMachine machine) {
        this.machine = machine;
        ThreadPoolExecutor pool = new ThreadPoolExecutor(MAX_THREADS, MAX_THREADS, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(),
                Thread.ofPlatform().daemon().name(machine.name() + "-io-", 0).factory());
        pool.allowCoreThreadTimeOut(true);
        threads = pool;
    }

    /** Any thread. */
    void post(Runnable action) {
        posted.add(action);
        machine.hartThread(0).call();
    }

    boolean isPosted() {
        return !posted.isEmpty();
    }

    /** On hart 0's thread at a boundary, while the machine need not stand. What actions post waits for the next one: a device may always have more to do. */
    void runPosted() {
        for (int left = posted.size(); left > 0; left--) {
            posted.remove().run();
        }
    }

    /** A guest whose clock counts instructions waits for the work, so that {@code done} always comes after the same instruction. */
    void background(Runnable work, Runnable done) {
        if (machine.spec().clock() == ClockMode.INSTRUCTIONS) {
            work.run();
            post(done);
            return;
        }
        synchronized (this) {
            underway++;
        }
        threads.execute(() -> {
            try {
                work.run();
                post(done);
            } catch (RuntimeException | Error e) {
                machine.failed(Thread.currentThread().getName(), e);
            } finally {
                ended();
            }
        });
    }

    private synchronized void ended() {
        underway--;
        notifyAll();
    }

    /** Waits until no slow work is under way. While the machine stands, so that no more is asked for. @return false if some still is, after a while */
    synchronized boolean awaitQuiet() throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(QUIET_SECONDS);
        for (long left = QUIET_SECONDS * 1000; underway > 0 && left > 0; left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())) {
            wait(left);
        }
        return underway == 0;
    }

    /** After the hart threads have ended. Work that was asked for is done still: the guest counts on it. */
    void close() {
        threads.shutdown();
        try {
            threads.awaitTermination(QUIET_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
