package tidemark.cpu.translator;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tidemark.interpreter.CodeCache;
import tidemark.interpreter.FloatingUnit;

/** Translated code, and when it may be entered. On the hart's thread. */
final class Region {
    /** A region is left after at most so many instructions, so that attention is polled. */
    private static final int POLL = 16_000;
    /** So it is, soon, where accesses are not checked together. */
    private static final int PLAIN = 256;
    /** While HotSpot counts, regions are left early: it is to compile them as they are entered, not their loops for themselves. */
    private static final int YOUNG_ITERATIONS = 24;
    private static final int YOUNG_RUNS = 2000;
    private static final int MOST_BEHIND = 64;

    final long pc;
    final Code code;
    /** How many instructions must be allowed. */
    final int longest;
    /** What state floating point must be in, see {@link FloatingUnit}. */
    final int unit;
    final int cardShift;
    /** Whether it is for where another region had a miss. */
    final boolean plain;
    final int bytes;
    final List<PageOfCode> pages;
    /** See {@link Outline}. */
    final Set<Long> behind;
    /** After how many instructions it is left at the latest. */
    private final int limit;
    private int young = YOUNG_RUNS;
    /** How often an indirect jump led where none had been seen to lead, and how often is often. */
    int astray;
    int astrayLimit;
    /** The store's time when it was last entered. */
    long used;
    /** Its pages were last seen where they must be, see {@link CodeStore#stamp}. */
    long stamp = -1;

    Region(Order order, Flow flow, Code code, int bytes) {
        this.pc = order.outline().pc();
        this.code = code;
        this.bytes = bytes;
        this.longest = Math.max(1, flow.blocks().getFirst().longest);
        this.unit = flow.blocks().stream().flatMap(block -> block.instructions.stream()).mapToInt(FloatingGroup::unit).max().orElse(0);
        this.cardShift = order.cardShift();
        this.astrayLimit = order.astrayLimit();
        this.plain = order.plain();
        this.behind = order.outline().behind();
        this.pages = order.outline().pages();
        this.limit = Math.max(longest, plain ? PLAIN : POLL);
    }

    /** Counts an entry. @return after how many instructions it is to be left at the latest */
    int enter() {
        return young == 0 || --young == 0 ? limit : Math.min(limit, YOUNG_ITERATIONS * longest);
    }

    /** At which entries a region ends that continues this one. */
    Set<Long> behindNext() {
        Set<Long> next = new HashSet<>(behind.size() < MOST_BEHIND ? behind : Set.of());
        next.add(pc);
        return next;
    }

    /** Whether the instructions that it was translated from are where they were. */
    boolean isThere(CodeCache codes) {
        for (PageOfCode page : pages) {
            if (!page.isThere(codes) || !page.unchanged()) {
                return false;
            }
        }
        return true;
    }

    /** Whether another is for the same instructions in the same place. */
    boolean isLike(Region another) {
        return cardShift == another.cardShift && pages.getFirst().equals(another.pages.getFirst());
    }

    /** Whether the instructions that it was translated from are the same, wherever they are. */
    boolean isCurrent() {
        for (PageOfCode page : pages) {
            if (!page.unchanged()) {
                return false;
            }
        }
        return true;
    }
}
