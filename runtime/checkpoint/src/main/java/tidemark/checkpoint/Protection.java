package tidemark.checkpoint;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.locks.LockSupport;
import tidemark.api.checkpoint.CheckpointException;
import tidemark.api.checkpoint.CheckpointReport.Stalls;
import tidemark.api.checkpoint.PageBatch;
import tidemark.api.memory.PageSet;
import tidemark.api.memory.PhysicalMemory;
import tidemark.api.memory.WriteGuard;

/**
 * Copy before write. Every page that is owed is saved exactly once, as it was when the guest went on: by the copier, or by whoever is about to
 * write it. Both claim the page first; who finds it claimed waits for its bytes (a writer) or leaves it out (the copier).
 *
 * <p>A writer saves to batches in memory, of which there is a limited number; the copier takes them to the image between its own pages. A writer that
 * finds no room waits for that.
 */
final class Protection implements WriteGuard {
    private static final byte OWED = 0;
    private static final byte CLAIMED = 1;
    private static final byte SAVED = 2;
    private static final VarHandle STATE = MethodHandles.arrayElementVarHandle(byte[].class);
    private static final int SPINS = 200;
    private static final long POLL_NANOS = 20_000;

    private final PhysicalMemory memory;
    private final BatchPool batches;
    private final int mostBatches;
    private final byte[] states;
    /** Set when the checkpoint is over: nothing is saved any more, nobody waits. */
    private volatile boolean over;

    // guarded by this
    private PageBatch filling;
    private final Queue<PageBatch> full = new ArrayDeque<>();
    private int batchesInUse;
    private int batchesPeak;
    private long stalls;
    private long stalledNanos;
    private long longestStall;

    /**
     * @param owed the pages that are protected
     * @param table {@link #table} of this RAM
     * @param mostBatches how many batches there may be at once
     */
    Protection(PhysicalMemory memory, PageSet owed, byte[] table, BatchPool batches, int mostBatches) {
        this.memory = memory;
        this.batches = batches;
        this.mostBatches = mostBatches;
        states = table;
        if (owed.size() < memory.pages()) {
            PageSet rest = PageSet.all(memory.pages());
            rest.removeAll(owed);
            rest.forEach(page -> states[(int) page] = SAVED);
        }
    }

    /** The table that an instance needs. Of a large RAM it takes some time. */
    static byte[] table(PhysicalMemory memory) {
        return new byte[Math.toIntExact(memory.pages())];
    }

    // The writer's side

    @Override
    public void beforeWrite(long page) {
        if (state(page) == SAVED || over) {
            return;
        }
        long begin = System.nanoTime();
        if (claim(page)) {
            keep(page);
        } else {
            awaitSaved(page);
        }
        stalled(System.nanoTime() - begin);
    }

    private synchronized void keep(long page) {
        boolean interrupted = false;
        while (!over && filling == null) {
            if (batchesInUse < mostBatches) {
                filling = batches.take();
                batchesPeak = Math.max(batchesPeak, ++batchesInUse);
            } else {
                try {
                    wait();
                } catch (InterruptedException e) {
                    interrupted = true; // a hart cannot turn back from a store
                }
            }
        }
        if (!over) {
            filling.add(page, addressOf(page));
            if (filling.isFull()) {
                full.add(filling);
                filling = null;
            }
        }
        saved(page);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitSaved(long page) {
        for (int i = 0; state(page) != SAVED && !over; i++) {
            if (i < SPINS) {
                Thread.onSpinWait();
            } else {
                Thread.yield();
            }
        }
    }

    private synchronized void stalled(long nanos) {
        stalls++;
        stalledNanos += nanos;
        longestStall = Math.max(longestStall, nanos);
    }

    // The copier's side

    /** Whether the caller has to save the page, and then says {@link #saved}; else it is saved, or somebody is about to. */
    boolean claim(long page) {
        return STATE.compareAndSet(states, (int) page, OWED, CLAIMED);
    }

    /** The bytes of a page that the caller claimed are copied. */
    void saved(long page) {
        STATE.setRelease(states, (int) page, SAVED);
    }

    /** Takes full batches to the image. Any thread. */
    void drain(ImageSink image, PageCopier.Check check) throws CheckpointException, IOException {
        for (PageBatch batch = poll(); batch != null; batch = poll()) {
            try {
                check.goesOn();
                image.write(batch);
            } finally {
                release(batch);
            }
        }
    }

    /** Waits until each of {@code pages} is saved, and takes what writers saved to the image. After the copier has been at all of them. */
    void finish(PageSet pages, ImageSink image, PageCopier.Check check) throws CheckpointException, IOException {
        for (long page = pages.next(0); page >= 0; page = pages.next(page + 1)) {
            while (state(page) != SAVED) {
                drain(image, check);
                check.goesOn();
                LockSupport.parkNanos(POLL_NANOS);
            }
        }
        synchronized (this) {
            if (filling != null) {
                full.add(filling);
                filling = null;
            }
        }
        drain(image, check);
    }

    private synchronized PageBatch poll() {
        return full.poll();
    }

    private synchronized void release(PageBatch batch) {
        batches.give(batch);
        batchesInUse--;
        notifyAll();
    }

    /** Whoever waits goes on; pages are not saved any more. */
    synchronized void end() {
        over = true;
        notifyAll();
    }

    // What it cost

    synchronized Stalls stalls() {
        return new Stalls(stalls, Duration.ofNanos(stalledNanos), Duration.ofNanos(longestStall));
    }

    /** The most bytes of pages that were kept in memory at once. */
    synchronized long peakBytes() {
        return (long) batchesPeak * PageBatch.MAX_PAGES * PhysicalMemory.PAGE_SIZE;
    }

    private byte state(long page) {
        return (byte) STATE.getAcquire(states, (int) page);
    }

    private long addressOf(long page) {
        return memory.hostAddress() + (page << PhysicalMemory.PAGE_SHIFT);
    }

    @Override
    public String toString() {
        return "copy before write of " + states.length + " pages";
    }
}
