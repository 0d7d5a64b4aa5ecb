package tidemark.checkpoint;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLongArray;
import tidemark.api.checkpoint.CheckpointException;
import tidemark.api.checkpoint.CopyStrategy;
import tidemark.api.checkpoint.PageBatch;
import tidemark.api.memory.DirtyLog;
import tidemark.api.memory.PageSet;
import tidemark.api.memory.PhysicalMemory;

/**
 * Takes pages from RAM to the image of one checkpoint. Within one set every page is copied once; two sets never
 * at the same time.
 */
final class PageCopier {
    private static final int SLICE_PAGES = 64;

    private final PhysicalMemory memory;
    private final ImageSink image;
    private final CopyStrategy.Copier strategy;
    private final BatchPool batches;
    private final Meter meter;
    private final Check check;
    /** Null while no page is protected. */
    private volatile Protection protection;
    /** Pages that the set under way leaves out, a bit each; null if it cannot. */
    private volatile AtomicLongArray skipped;

    /** Whether the checkpoint may go on. */
    @FunctionalInterface
    interface Check {
        void goesOn() throws CheckpointException;
    }

    PageCopier(PhysicalMemory memory, ImageSink image, CopyStrategy.Copier strategy, BatchPool batches, Meter meter, Check check) {
        this.memory = memory;
        this.image = image;
        this.strategy = strategy;
        this.batches = batches;
        this.meter = meter;
        this.check = check;
    }

    /** Copies {@code pages} by the chosen strategy. */
    void copy(PageSet pages, DirtyLog log) throws CheckpointException, IOException, InterruptedException {
        List<CheckedChunk> chunks = chunks(pages, log);
        long begin = System.nanoTime();
        try {
            strategy.copy(List.copyOf(chunks));
        } finally {
            meter.busy(System.nanoTime() - begin);
        }
        check.goesOn();
        long left = chunks.stream().filter(chunk -> !chunk.done).count();
        if (left > 0) {
            throw new CheckpointException("The copy strategy returned with " + left + " of " + chunks.size() + " chunks not copied");
        }
    }

    /** Copies {@code pages} by the chosen strategy, but those that are {@linkplain #skip skipped} meanwhile. */
    void copyOrSkip(PageSet pages, DirtyLog log) throws CheckpointException, IOException, InterruptedException {
        try {
            copy(pages, log);
        } finally {
            skipped = null;
        }
    }

    /** The next set may be told to leave pages out. */
    void maySkip() {
        skipped = new AtomicLongArray((int) (memory.pages() + 63 >>> 6));
    }

    /** Leaves pages out of the set under way, unless they are copied already. Any thread. */
    void skip(PageSet pages) {
        AtomicLongArray bits = skipped;
        if (bits != null) {
            pages.forEach(page -> bits.accumulateAndGet((int) (page >>> 6), 1L << page, (a, b) -> a | b));
        }
    }

    /** From now on every page that it protects is claimed before it is copied. */
    void protection(Protection newProtection) {
        protection = newProtection;
    }

    /**
     * Copies on this thread until nothing is pending, {@code maxBytes} went to the image or {@code maxNanos} are over; at least some pages.
     * Removes them from {@code pending}.
     */
    void slice(PageSet pending, long maxBytes, long maxNanos, DirtyLog log, PageSet missing) throws CheckpointException, IOException {
        long begin = System.nanoTime();
        long bytes = 0;
        long page = pending.next(0);
        while (page >= 0) {
            long room = Math.ceilDiv(maxBytes - bytes, PhysicalMemory.PAGE_SIZE);
            PageBatch batch = batches.take();
            try {
                copyChunk(batch, pending, page, Math.clamp(room, 1, SLICE_PAGES), log);
                for (int i = 0; i < batch.count(); i++) {
                    pending.remove(batch.page(i));
                    missing.remove(batch.page(i));
                }
                bytes += (long) batch.dataPages() * PhysicalMemory.PAGE_SIZE;
            } finally {
                batches.give(batch);
            }
            page = pending.next(page);
            if (bytes >= maxBytes || System.nanoTime() - begin >= maxNanos) {
                break;
            }
        }
        meter.busy(System.nanoTime() - begin);
    }

    private List<CheckedChunk> chunks(PageSet pages, DirtyLog log) {
        List<CheckedChunk> chunks = new ArrayList<>();
        long first = -1;
        int count = 0;
        for (long page = pages.next(0); page >= 0; page = pages.next(page + 1)) {
            if (count == 0) {
                first = page;
            }
            if (++count == PageBatch.MAX_PAGES) {
                chunks.add(new CheckedChunk(pages, first, count, log));
                count = 0;
            }
        }
        if (count > 0) {
            chunks.add(new CheckedChunk(pages, first, count, log));
        }
        return chunks;
    }

    /**
     * Copies {@code count} members of {@code pages} from {@code first} on. The log learns of a copy before the image does: if the image
     * fails, so does the checkpoint.
     */
    private void copyChunk(PageBatch batch, PageSet pages, long first, int count, DirtyLog log) throws CheckpointException, IOException {
        check.goesOn();
        long ram = memory.hostAddress();
        AtomicLongArray left = skipped;
        Protection guard = protection;
        long page = first;
        for (int i = 0; i < count && page >= 0; i++) {
            boolean needed = left == null || (left.get((int) (page >>> 6)) & 1L << page) == 0;
            if (needed && (guard == null || guard.claim(page))) {
                log.copied(page, batch.add(page, ram + (page << PhysicalMemory.PAGE_SHIFT)));
                if (guard != null) {
                    guard.saved(page);
                }
            }
            page = pages.next(page + 1);
        }
        if (batch.count() > 0) {
            image.write(batch);
        }
        if (guard != null) {
            guard.drain(image, check);
        }
    }

    /** A chunk that is copied once and knows it, whatever the strategy does. */
    private final class CheckedChunk implements CopyStrategy.Chunk {
        private final PageSet pages;
        private final long first;
        private final int count;
        private final DirtyLog log;
        private final AtomicBoolean begun = new AtomicBoolean();
        private volatile boolean done;

        CheckedChunk(PageSet pages, long first, int count, DirtyLog log) {
            this.pages = pages;
            this.first = first;
            this.count = count;
            this.log = log;
        }

        @Override
        public void copy() throws IOException {
            if (!begun.compareAndSet(false, true)) {
                throw new IllegalStateException("The copy strategy copied the chunk of page " + first + " twice");
            }
            PageBatch batch = batches.take();
            try {
                copyChunk(batch, pages, first, count, log);
                done = true;
            } catch (CheckpointException e) {
                throw new IOException(e.getMessage(), e);
            } finally {
                batches.give(batch);
            }
        }
    }
}
