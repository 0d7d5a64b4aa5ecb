package tidemark.interpreter;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Objects;
import java.util.function.LongPredicate;
import tidemark.api.cpu.Hart;
import tidemark.api.memory.PhysicalMemory;
import tidemark.riscv.Access;
import tidemark.riscv.Pmp;
import tidemark.riscv.Sv39;
import tidemark.riscv.Trap;

/**
 * Decoded pages by physical address, and a fetch TLB for each privilege mode in front. What FENCE.I must do is {@link #nextGeneration}:
 * each page compares itself with memory before it is entered again; so code that was written by this hart, another one, a device or a
 * restore is seen. {@link #compareStored} sees what this hart stored itself, and costs next to nothing if that is nothing.
 */
public final class CodeCache {
    /** 20 KiB each. */
    private static final int MAX_PAGES = 4096;
    private static final int MODES = 4;
    /** How many pages of virtual addresses are known at once in a mode. */
    private static final int ENTRIES = 4096;
    private static final int STAMPS = 1 << 14;
    private static final int LOG = 1024;
    /** No page begins there. */
    private static final long NONE = -1;

    private final Hart hart;
    private final PhysicalMemory memory;
    private final Sv39 translation;
    private final Pmp pmp;
    private final Trap trap;
    private final StoredCode stored;
    private final byte[] scratch = new byte[PhysicalMemory.PAGE_SIZE];
    private final HashMap<Long, CodePage> pages = new HashMap<>();
    private final long[][] tag = new long[MODES][];
    private final CodePage[][] target = new CodePage[MODES][];
    /** Which entries were filled since translations were last flushed, so that a flush need not visit all. */
    private final int[] filled = new int[LOG];
    private int count;
    private long generation;
    private long epoch;
    private boolean cacheable;
    /** How often translations were flushed; and what it was when a page of virtual addresses was last entered, by a hash of the page. */
    private int flushes = 1;
    private final int[] enteredAt = new int[STAMPS];

    CodeCache(Hart hart, PhysicalMemory memory, Sv39 translation, Pmp pmp, Trap trap, LongPredicate writable, Runnable flushWrites) {
        this.hart = hart;
        this.memory = memory;
        this.translation = translation;
        this.pmp = pmp;
        this.trap = trap;
        stored = new StoredCode(memory, writable, flushWrites);
    }

    /** Grows whenever an address may have come to mean another page, or a page to hold other instructions. */
    public long epoch() {
        return epoch;
    }

    private static int index(long pc) {
        return (int) (pc >>> 12) & ENTRIES - 1;
    }

    /** The decoded page of an instruction if it is at hand, without any effect; else null. */
    public CodePage cached(long pc) {
        long[] tags = tag[hart.privilege];
        int k = index(pc);
        return tags != null && tags[k] == (pc & -4096) ? target[hart.privilege][k] : null;
    }

    /** The decoded page of an instruction. @throws Trap if it must not be fetched */
    public CodePage page(long pc) {
        long[] tags = tag[hart.privilege];
        int k = index(pc);
        if (tags != null && tags[k] == (pc & -4096)) {
            cacheable = true;
            return target[hart.privilege][k];
        }
        return miss(pc, k);
    }

    /** Whether the page last returned may be executed further without asking again. */
    boolean cacheable() {
        return cacheable;
    }

    private CodePage miss(long pc, int k) {
        long physical = translation.translate(pc, 2, Access.FETCH, hart.privilege);
        if (!memory.contains(physical, 2)) {
            throw trap.of(Trap.FETCH_ACCESS, pc);
        }
        CodePage page = decoded(physical & -4096);
        cacheable = pmp.uniform(physical);
        if (cacheable) {
            if (tag[hart.privilege] == null) {
                tag[hart.privilege] = new long[ENTRIES];
                Arrays.fill(tag[hart.privilege], NONE);
                target[hart.privilege] = new CodePage[ENTRIES];
            }
            enteredAt[stamp(pc)] = flushes;
            fill(hart.privilege, k, pc, page);
        }
        return page;
    }

    private void fill(int mode, int k, long pc, CodePage page) {
        if (tag[mode][k] == NONE) {
            if (count < LOG) {
                filled[count] = mode * ENTRIES + k;
            }
            count++;
        }
        tag[mode][k] = pc & -4096;
        target[mode][k] = page;
    }

    private CodePage decoded(long physical) {
        CodePage page = pages.get(physical);
        if (page == null) {
            if (pages.size() == MAX_PAGES) {
                flush();
            }
            page = new CodePage(memory.readable(physical), generation);
            pages.put(physical, page);
            stored.decoded(page);
        } else if (page.generation != generation) {
            page.refresh(scratch);
            page.generation = generation;
        }
        return page;
    }

    /** The hart stores to RAM, not by an entry of its write TLB. */
    void storing(long host) {
        if (stored.isDecoded(host)) {
            stored.stored(pages.get(memory.base() + (host - memory.hostAddress() & -4096)));
        }
    }

    /** The hart's write TLB is empty. */
    void writesFlushed() {
        stored.writesFlushed();
    }

    /** Has what this hart stored into decoded pages be seen by what it executes next. */
    void compareStored() {
        if (!stored.isEmpty() && stored.compare()) {
            epoch++;
        }
    }

    private static int stamp(long address) {
        return (int) (address >>> 12 ^ address >>> 26) & STAMPS - 1;
    }

    /** Forgets where one page of virtual addresses leads. That costs nothing unless code was executed there. */
    void flushPage(long address) {
        if (enteredAt[stamp(address)] == flushes) {
            flushTranslations();
        }
    }

    void flushTranslations() {
        epoch++;
        flushes++;
        if (count > LOG) {
            Arrays.stream(tag).filter(Objects::nonNull).forEach(tags -> Arrays.fill(tags, NONE));
        } else {
            for (int i = 0; i < count; i++) {
                tag[filled[i] / ENTRIES][filled[i] % ENTRIES] = NONE;
            }
        }
        count = 0;
    }

    void nextGeneration() {
        generation++;
        flushTranslations();
    }

    void flush() {
        pages.clear();
        stored.clear();
        flushTranslations();
    }
}
