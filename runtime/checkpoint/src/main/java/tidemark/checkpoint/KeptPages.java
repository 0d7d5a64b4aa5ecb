package tidemark.checkpoint;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import tidemark.api.checkpoint.PageBatch;
import tidemark.api.memory.HostMemory;
import tidemark.api.memory.PageSet;
import tidemark.api.memory.PhysicalMemory;

/** Bytes of pages in memory of the host: a table from page to slot. One thread at a time. */
final class KeptPages implements AutoCloseable {
    private static final int PAGE = PhysicalMemory.PAGE_SIZE;
    private static final int SLOTS_AT_ONCE = 256;

    private final PhysicalMemory memory;
    private final PageSet kept;
    /** By page; 0 for none. Slots are counted from 1. */
    private final int[] slots;
    private final int mostSlots;
    private final Arena arena = Arena.ofShared();
    /** Host addresses of {@link #SLOTS_AT_ONCE} slots each. */
    private final List<Long> blocks = new ArrayList<>();
    private final int[] free;
    private int freeCount;
    private int made;
    private long peak;

    KeptPages(PhysicalMemory memory, int mostSlots) {
        this.memory = memory;
        this.mostSlots = (int) Math.min(mostSlots, memory.pages());
        kept = PageSet.none(memory.pages());
        slots = new int[Math.toIntExact(memory.pages())];
        free = new int[this.mostSlots];
    }

    /** Copies a page from RAM. @return false if there is no room */
    boolean put(long page) {
        int slot = slots[(int) page];
        if (slot == 0) {
            slot = slot();
            if (slot == 0) {
                return false;
            }
            slots[(int) page] = slot;
            kept.add(page);
            peak = Math.max(peak, made - freeCount);
        }
        HostMemory.copy(memory.hostAddress() + (page << PhysicalMemory.PAGE_SHIFT), addressOfSlot(slot), PAGE);
        return true;
    }

    boolean has(long page) {
        return slots[(int) page] != 0;
    }

    void drop(long page) {
        int slot = slots[(int) page];
        if (slot != 0) {
            slots[(int) page] = 0;
            kept.remove(page);
            free[freeCount++] = slot;
        }
    }

    long size() {
        return kept.size();
    }

    boolean isEmpty() {
        return kept.isEmpty();
    }

    long peakBytes() {
        return peak * PAGE;
    }

    /** Writes all pages, in ascending order, and forgets them. */
    void writeTo(ImageSink image, BatchPool batches, PageCopier.Check check) throws Exception {
        PageBatch batch = batches.take();
        try {
            for (long page = kept.next(0); page >= 0; page = kept.next(page + 1)) {
                batch.add(page, addressOf(page));
                drop(page);
                if (batch.isFull()) {
                    check.goesOn();
                    write(batch, image);
                }
            }
            write(batch, image);
        } finally {
            batches.give(batch);
        }
    }

    private static void write(PageBatch batch, ImageSink image) throws IOException {
        if (batch.count() > 0) {
            image.write(batch);
            batch.clear();
        }
    }

    private int slot() {
        if (freeCount > 0) {
            return free[--freeCount];
        }
        if (made == mostSlots) {
            return 0;
        }
        if (made % SLOTS_AT_ONCE == 0) {
            blocks.add(arena.allocate((long) SLOTS_AT_ONCE * PAGE, PAGE).address());
        }
        return ++made;
    }

    /** Host address of the bytes of a page that is kept. */
    long addressOf(long page) {
        return addressOfSlot(slots[(int) page]);
    }

    private long addressOfSlot(int slot) {
        return blocks.get((slot - 1) / SLOTS_AT_ONCE) + (long) ((slot - 1) % SLOTS_AT_ONCE) * PAGE;
    }

    @Override
    public void close() {
        arena.close();
    }
}
