package tidemark.cpu.translator;

import java.util.List;
import tidemark.interpreter.CodeCache;
import tidemark.interpreter.FloatingUnit;

/** Translated code, and when it may be entered. On the hart's thread. */
final class Region {
    private static final int YOUNG_RUNS = 2000;

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
    private int young = YOUNG_RUNS;
    /** How often an indirect jump led where none had been seen to lead, and how often is often. */
    int astray;
    int astrayLimit;
    /** The store's time when it was last entered. */
    long used;
    /** For each mode the epoch in which its pages were last seen where they must be. */
    private final long[] seen = {-1, -1, -1, -1};

    Region(Order order, Flow flow, Code code, int bytes) {
        this.pc = order.outline().pc();
        this.code = code;
        this.bytes = bytes;
        this.longest = Math.max(1, flow.blocks().getFirst().longest);
        this.unit = flow.blocks().stream().flatMap(block -> block.instructions.stream()).mapToInt(FloatingGroup::unit).max().orElse(0);
        this.cardShift = order.cardShift();
        this.astrayLimit = order.astrayLimit();
        this.plain = order.plain();
        this.pages = order.outline().pages();
    }

    /** Counts an entry. @return whether there have been many */
    boolean ripens() {
        return young == 0 || --young == 0;
    }

    /** Whether it was seen to be valid in this mode and epoch. */
    boolean isValid(int mode, long epoch) {
        return seen[mode] == epoch;
    }

    /** Looks whether the instructions that it was translated from are where they were. */
    boolean validate(int mode, CodeCache codes) {
        for (PageOfCode page : pages) {
            if (!page.isThere(codes) || !page.unchanged()) {
                return false;
            }
        }
        seen[mode] = codes.epoch();
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
