package tidemark.interpreter;

import java.util.Arrays;

/**
 * What the loop notes of one page while it looks for hot code: how often heads are reached (targets of backward jumps, calls and indirect
 * jumps), and where indirect jumps lead. On the hart's thread.
 */
public final class Profile {
    /** More targets than this of one jump are not told apart. */
    public static final int MAX_TARGETS = 24;

    private static final long[] NONE = {};

    private final int[] patience = new int[CodePage.SLOTS];
    private final long[][] targets = new long[CodePage.SLOTS][];

    Profile(int visits) {
        Arrays.fill(patience, visits);
    }

    /** Counts a visit of a head. @return whether the loop is to be left there */
    public boolean visit(int slot) {
        return --patience[slot] < 0;
    }

    /** Whether the loop was left, or would be, at this head. */
    public boolean isHot(int slot) {
        return patience[slot] < 0;
    }

    /** From the {@code visits}th visit from now on, the loop is left at this head. */
    public void leaveAfter(int slot, int visits) {
        patience[slot] = visits;
    }

    /** Notes where an indirect jump led. @return whether that is new */
    public boolean jump(int slot, long target) {
        long[] known = targets[slot];
        if (known == null) {
            targets[slot] = new long[] {target};
            return true;
        }
        return known[0] != target && known.length <= MAX_TARGETS && add(slot, known, target);
    }

    private boolean add(int slot, long[] known, long target) {
        for (long each : known) {
            if (each == target) {
                return false;
            }
        }
        long[] more = Arrays.copyOf(known, known.length + 1);
        more[known.length] = target;
        targets[slot] = more;
        return true;
    }

    /** Where the indirect jump in a slot has led so far, at most {@link #MAX_TARGETS} places and one; virtual addresses. */
    public long[] targets(int slot) {
        return targets[slot] == null ? NONE : targets[slot].clone();
    }
}
