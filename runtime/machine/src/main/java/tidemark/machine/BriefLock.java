package tidemark.machine;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A lock with one condition, for waits of microseconds: both spin before they park. Parking costs tens of microseconds, in which the guest
 * would stand. Not reentrant around {@link #awaitChange}.
 */
final class BriefLock {
    static final long FOREVER = Long.MAX_VALUE;
    private static final int LOCK_SPINS = 500;
    /** Short: if the other thread needs this very processor, spinning only delays it. */
    private static final long SPIN_NANOS = 5_000;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    /** Counts changes, so that one can wait for them without the lock. */
    private volatile int version;

    void lock() {
        for (int i = 0; i < LOCK_SPINS; i++) {
            if (lock.tryLock()) {
                return;
            }
            Thread.onSpinWait();
        }
        lock.lock();
    }

    void unlock() {
        lock.unlock();
    }

    void locked(Runnable body) {
        lock();
        try {
            body.run();
        } finally {
            unlock();
        }
    }

    /** Under the lock: what is waited for may be so now. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // only under the lock
    void changed() {
        version++;
        changed.signalAll();
    }

    /** Under the lock, which is let go meanwhile. May return early. An interrupt does not end it; the caller's thread keeps it. */
    void awaitChange(long nanos) {
        int seen = version;
        unlock();
        try {
            long end = System.nanoTime() + Math.min(nanos, SPIN_NANOS);
            while (version == seen && System.nanoTime() - end < 0) {
                Thread.onSpinWait();
            }
        } finally {
            lock();
        }
        if (version == seen && nanos == FOREVER) {
            changed.awaitUninterruptibly();
        } else if (version == seen && nanos > SPIN_NANOS) {
            awaitNanos(nanos - SPIN_NANOS);
        }
    }

    private void awaitNanos(long nanos) {
        boolean interrupted = Thread.interrupted();
        try {
            changed.await(nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Under the lock. @return the nanoseconds that are left */
    long awaitChangeInterruptibly(long nanos) throws InterruptedException {
        return changed.awaitNanos(nanos);
    }
}
