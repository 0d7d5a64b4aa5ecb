package tidemark.cpu.nativecode.guest;

import java.util.Arrays;

/** The places at which blocks are left, by number: what machine code hands back says which it was. */
public final class Exits {
    /** The guest goes on at {@link Frame#pc}. */
    public static final int JUMP = 0;
    /** The guest goes on at {@link #pc}, in the same page: the jump at {@link #place} can be led there. */
    public static final int LINK = 1;
    /** The instruction at {@link #pc} is the interpreter's; then code may go on at {@link #place}, unless that is 0. */
    public static final int STEP = 2;
    /** The block at {@link #pc} is longer than the budget. */
    public static final int BUDGET = 3;

    /** Numbers that are always there, both of kind {@link #JUMP}: where code led that may go elsewhere, and where it always leads. */
    public static final int ELSEWHERE = 0;
    public static final int ONWARD = 1;

    private static final int ALWAYS = 1 << 8;
    private static final int LEVEL_SHIFT = 2;
    private static final int SIZE_SHIFT = 4;
    private static final int UNDONE_SHIFT = 9;

    private long[] pc = new long[1 << 10];
    private int[] place = new int[1 << 10];
    /** Kind, {@link #level}, {@link #size} and {@link #undone}. */
    private int[] kinds = new int[1 << 10];
    private int count;

    public Exits() {
        clear();
    }

    /** Forgets all but {@link #ELSEWHERE} and {@link #ONWARD}. */
    public void clear() {
        count = 0;
        add(JUMP, 0, 0, 0, 0, 0);
        add(JUMP | ALWAYS, 0, 0, 0, 0, 0);
    }

    /** Adds a {@link #LINK}. @param always whether the block always goes there, if it comes to its end */
    public int link(long target, int jump, boolean always) {
        return add(LINK | (always ? ALWAYS : 0), target, 0, 0, 0, jump);
    }

    /**
     * @param undone instructions that were counted at the block's entry and not executed
     * @param level of {@link Frame#FLOATING}: what must hold for going on
     * @param size bytes of the instruction that is the interpreter's
     * @return its number
     */
    public int add(int kind, long at, int undone, int level, int size, int where) {
        if (count == pc.length) {
            pc = Arrays.copyOf(pc, 2 * count);
            place = Arrays.copyOf(place, 2 * count);
            kinds = Arrays.copyOf(kinds, 2 * count);
        }
        pc[count] = at;
        place[count] = where;
        kinds[count] = kind | level << LEVEL_SHIFT | size << SIZE_SHIFT | undone << UNDONE_SHIFT;
        return count++;
    }

    public int kind(int number) {
        return kinds[number] & 3;
    }

    /** Whether what is executed so often as the block goes there: it is as warm. */
    public boolean always(int number) {
        return (kinds[number] & ALWAYS) != 0;
    }

    public long pc(int number) {
        return pc[number];
    }

    public int place(int number) {
        return place[number];
    }

    public int level(int number) {
        return kinds[number] >>> LEVEL_SHIFT & 3;
    }

    public int size(int number) {
        return kinds[number] >>> SIZE_SHIFT & 7;
    }

    public int undone(int number) {
        return kinds[number] >>> UNDONE_SHIFT;
    }
}
