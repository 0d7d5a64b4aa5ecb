package tidemark.cpu.translator;

/** Translated guest code: the class that each translation extends. */
abstract class Code {
    /** The region was left by a jump, or had used up what it may execute. */
    static final int JUMP = 0;
    /** The region was left by an indirect jump, at the frame's {@code from}, that led where none of those seen before had led. */
    static final int ASTRAY = 3;
    /** The next instruction is one that is never translated. */
    static final int RARE = 1;
    /** The next instruction could not be done here this time: its page was not at hand, or its floating point was not plain. */
    static final int MISS = 2;

    /**
     * Executes from the region's entry. The frame's registers, pc and count are up to date on return.
     *
     * @return one of these
     */
    abstract int run(Frame frame);
}
