package tidemark.interpreter;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongPredicate;
import tidemark.api.memory.PhysicalMemory;

/**
 * The decoded pages into which this hart stored, or can store without notice. A page gets here by a store that misses the write TLB, or
 * when the page is decoded and the write TLB already has it. A page stays here while the write TLB may have it. So {@link #compare} usually
 * has nothing to do.
 */
final class StoredCode {
    /** Comparing so many pages again and again takes longer than filling the write TLB anew. */
    private static final int MANY = 16;

    private final long ram;
    private final LongPredicate writable;
    private final Runnable flushWrites;
    /** Which pages of RAM are decoded, 64 to a word. */
    private final long[] decoded;
    private final List<CodePage> watched = new ArrayList<>();
    private final byte[] scratch = new byte[PhysicalMemory.PAGE_SIZE];
    private long flushes;

    /**
     * @param writable whether the write TLB has the page at a host address
     * @param flushWrites empties the write TLB, and calls {@link #writesFlushed}
     */
    StoredCode(PhysicalMemory memory, LongPredicate writable, Runnable flushWrites) {
        ram = memory.hostAddress();
        this.writable = writable;
        this.flushWrites = flushWrites;
        decoded = new long[(int) (memory.pages() + Long.SIZE - 1) / Long.SIZE];
    }

    private int page(long host) {
        return (int) (host - ram >>> PhysicalMemory.PAGE_SHIFT);
    }

    boolean isDecoded(long host) {
        return (decoded[page(host) / Long.SIZE] >>> page(host) & 1) != 0;
    }

    /** A page was decoded, or compared with memory. */
    void decoded(CodePage page) {
        decoded[page(page.host()) / Long.SIZE] |= 1L << page(page.host());
        if (writable.test(page.host())) {
            stored(page);
        }
    }

    /** The hart stores into a decoded page. */
    void stored(CodePage page) {
        page.storedAt = flushes;
        if (!page.watched) {
            page.watched = true;
            watched.add(page);
        }
    }

    /** The write TLB is empty: from now on each page's first store is noticed. */
    void writesFlushed() {
        flushes++;
    }

    boolean isEmpty() {
        return watched.isEmpty();
    }

    /** @return whether some page has changed */
    boolean compare() {
        boolean changed = false;
        for (CodePage page : watched) {
            changed |= page.refresh(scratch);
        }
        if (watched.size() > MANY) {
            flushWrites.run();
        }
        watched.removeIf(this::isOver);
        return changed;
    }

    private boolean isOver(CodePage page) {
        page.watched = page.storedAt == flushes;
        return !page.watched;
    }

    /** Nothing is decoded any more. */
    void clear() {
        Arrays.fill(decoded, 0);
        watched.clear();
    }
}
