package tidemark.contract;

import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import tidemark.api.memory.BusFault;
import tidemark.api.memory.PhysicalMemory;

/**
 * A hart and a device that write RAM on threads of their own, here and there in a working set that moves. The hart stops at handshakes
 * only; the device is never waited for but when the guest is paused.
 */
final class SimulatedGuest {
    private static final int PAGE = PhysicalMemory.PAGE_SIZE;
    private static final int STORES_BETWEEN_BOUNDARIES = 300;
    private static final int WORKING_SET = 40;

    private final PhysicalMemory memory;
    private final SimulatedHart hart;
    private final ReentrantLock boundary = new ReentrantLock(true);
    private final ReentrantLock transfer = new ReentrantLock(true);
    private final AtomicLong writes = new AtomicLong();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final Thread[] threads;
    private volatile boolean off;

    SimulatedGuest(PhysicalMemory memory, long seed) {
        this.memory = memory;
        this.hart = new SimulatedHart(memory);
        SplittableRandom random = new SplittableRandom(seed);
        threads = new Thread[] {start("hart", random.split(), boundary, this::runHart),
            start("device", random.split(), transfer, this::runDevice)};
    }

    private Thread start(String name, SplittableRandom random, ReentrantLock lock, Slice slice) {
        return Thread.ofPlatform().daemon().name(name).start(() -> {
            try {
                while (!off) {
                    lock.lock();
                    try {
                        slice.run(random);
                    } finally {
                        lock.unlock();
                    }
                }
            } catch (BusFault | RuntimeException | Error e) {
                failure.set(e);
            }
        });
    }

    private void runHart(SplittableRandom random) {
        long first = random.nextLong(memory.pages() - WORKING_SET) * PAGE;
        for (int i = 0; i < STORES_BETWEEN_BOUNDARIES; i++) {
            hart.store(memory.base() + first + random.nextLong(WORKING_SET * PAGE - Long.BYTES), random.nextLong());
        }
        writes.addAndGet(STORES_BETWEEN_BOUNDARIES);
    }

    private void runDevice(SplittableRandom random) throws BusFault {
        byte[] block = new byte[1 + random.nextInt(2 * PAGE)];
        random.nextBytes(block);
        memory.write(memory.base() + random.nextLong(memory.size() - block.length), block, 0, block.length);
        writes.incrementAndGet();
    }

    /** Runs {@code action} while the hart stands, then has it flush its writes. */
    void handshake(Runnable action) {
        boundary.lock();
        try {
            action.run();
            hart.flushWrites();
        } finally {
            boundary.unlock();
        }
    }

    /** Runs {@code action} while neither the hart nor the device writes. */
    void paused(Runnable action) {
        transfer.lock();
        try {
            handshake(action);
        } finally {
            transfer.unlock();
        }
    }

    /** Waits until the guest has written something. */
    void awaitWrites() {
        long before = writes.get();
        while (writes.get() == before && failure.get() == null) {
            Thread.yield();
        }
    }

    /** @throws AssertionError if a thread failed */
    void stop() throws InterruptedException {
        off = true;
        for (Thread thread : threads) {
            thread.join();
        }
        if (failure.get() != null) {
            throw new AssertionError("The simulated guest failed", failure.get());
        }
    }

    @FunctionalInterface
    private interface Slice {
        void run(SplittableRandom random) throws BusFault;
    }
}
