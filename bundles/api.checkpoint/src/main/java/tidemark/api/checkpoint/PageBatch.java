package tidemark.api.checkpoint;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import tidemark.api.memory.HostMemory;
import tidemark.api.memory.PhysicalMemory;

/**
 * Pages on their way from RAM to an image: page numbers, and the bytes of those that are not all zero, one behind the other. One thread at a time.
 * Reused, as its buffer is off-heap.
 */
public final class PageBatch {
    /** 1 MiB of pages. */
    public static final int MAX_PAGES = 256;
    private static final int PAGE = PhysicalMemory.PAGE_SIZE;

    /** Room for all pages, and behind them a page of zeros. */
    private final ByteBuffer buffer = ByteBuffer.allocateDirect((MAX_PAGES + 2) * PAGE).alignedSlice(PAGE);
    private final long address = MemorySegment.ofBuffer(buffer).address();
    private final long zeros = address + (long) MAX_PAGES * PAGE;
    private final long[] pages = new long[MAX_PAGES];
    private final boolean[] zero = new boolean[MAX_PAGES];
    private int count;
    private int dataPages;

    public void clear() {
        count = 0;
        dataPages = 0;
    }

    /**
     * Takes a page's bytes. It may be written meanwhile. A page that reads as zeros throughout is not copied: the copy is known.
     *
     * @param from host address of the page
     * @return host address of the copy that was taken, valid until the next call; of a page of zeros too
     */
    public long add(long page, long from) {
        long to = zeros;
        boolean isZero = isZero(from);
        if (!isZero) {
            to = address + (long) dataPages * PAGE;
            HostMemory.copy(from, to, PAGE);
            dataPages++;
        }
        pages[count] = page;
        zero[count] = isZero;
        count++;
        return to;
    }

    public boolean isFull() {
        return count == MAX_PAGES;
    }

    public int count() {
        return count;
    }

    /** The number of pages that are not all zero. */
    public int dataPages() {
        return dataPages;
    }

    public long page(int index) {
        return pages[index];
    }

    /** Whether the page has no data in {@link #data}. */
    public boolean isZero(int index) {
        return zero[index];
    }

    /** The bytes of the pages that are not zero, in order; position 0, valid until the next change. */
    public ByteBuffer data() {
        return buffer.slice(0, dataPages * PAGE);
    }

    private static boolean isZero(long address) {
        for (long at = address, end = address + PAGE; at < end; at += 64) {
            long bits = HostMemory.getLong(at) | HostMemory.getLong(at + 8) | HostMemory.getLong(at + 16) | HostMemory.getLong(at + 24)
                    | HostMemory.getLong(at + 32) | HostMemory.getLong(at + 40) | HostMemory.getLong(at + 48) | HostMemory.getLong(at + 56);
            if (bits != 0) {
                return false;
            }
        }
        return true;
    }
}
