package tidemark.bench.handshake;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;

/** Threads that compute nothing but whether they are called: how long the host alone takes until each of them has seen it. */
final class Control implements AutoCloseable {
    /** Apart from each other by a cache line. */
    private static final int STRIDE = 16;
    private final int count;
    private final AtomicLongArray answers;
    private volatile Thread caller;
    private volatile long call;
    private volatile boolean over;

    Control(int count) {
        this.count = count;
        answers = new AtomicLongArray(count * STRIDE);
        for (int i = 0; i < count; i++) {
            int place = i * STRIDE;
            Thread.ofPlatform().name("control-" + i).daemon().start(() -> answer(place));
        }
    }

    private void answer(int place) {
        long seen = 0;
        while (!over) {
            long number = call;
            if (number != seen) {
                seen = number;
                answers.set(place, number);
                LockSupport.unpark(caller);
            }
        }
    }

    /** Calls all and waits for the last, as a machine's gate does: asleep. One thread at a time. @return nanoseconds */
    long call() {
        caller = Thread.currentThread();
        long begin = System.nanoTime();
        long number = ++call;
        for (int i = 0; i < count; i++) {
            while (answers.get(i * STRIDE) != number) {
                LockSupport.park(this);
            }
        }
        return System.nanoTime() - begin;
    }

    /** Its threads end soon. */
    @Override
    public void close() {
        over = true;
    }
}
