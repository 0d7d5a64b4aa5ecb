package tidemark.cpu.nativecode.cache;

import java.util.HashMap;
import java.util.Map;
import tidemark.interpreter.CodePage;

/**
 * Which blocks there are: for each page of virtual addresses that stands for a page of instructions, where the code for each of its
 * instructions lies.
 */
public final class Blocks {
    /** 8 KiB each. */
    private static final int MAX_PAGES = 8192;

    private record Key(CodePage page, long address) {}

    private static final class Entries {
        final int version;
        final int[] place = new int[CodePage.SLOTS];

        Entries(int version) {
            this.version = version;
        }
    }

    /** Of an instruction that ends in the page behind. */
    private record Crossing(int version, CodePage second, int secondVersion, int place) {
        boolean holds(CodePage first, CodePage behind) {
            return version == first.version() && second.equals(behind) && secondVersion == behind.version();
        }
    }

    private final Map<Key, Entries> pages = new HashMap<>();
    private final Map<Key, Crossing> crossings = new HashMap<>();

    /** Where the block for an instruction lies; 0 if there is none. */
    public int find(CodePage page, long pc) {
        Entries entries = pages.get(key(page, pc));
        return entries == null || entries.version != page.version() ? 0 : entries.place[CodePage.slot(pc)];
    }

    /** Notes where the block for an instruction lies. */
    public void put(CodePage page, long pc, int place) {
        Key key = key(page, pc);
        Entries entries = pages.get(key);
        if (entries == null || entries.version != page.version()) {
            entries = new Entries(page.version());
            pages.put(key, entries);
        }
        entries.place[CodePage.slot(pc)] = place;
    }

    /** Where the block for the instruction lies that begins in one page and ends in the next; 0 if there is none. */
    public int findCrossing(CodePage first, CodePage second, long pc) {
        Crossing crossing = crossings.get(key(first, pc));
        return crossing != null && crossing.holds(first, second) ? crossing.place : 0;
    }

    public void putCrossing(CodePage first, CodePage second, long pc, int place) {
        crossings.put(key(first, pc), new Crossing(first.version(), second, second.version(), place));
    }

    private static Key key(CodePage page, long pc) {
        return new Key(page, pc & -4096);
    }

    /** Whether it is time to forget all. */
    public boolean isFull() {
        return pages.size() >= MAX_PAGES || crossings.size() >= MAX_PAGES;
    }

    public void clear() {
        pages.clear();
        crossings.clear();
    }
}
