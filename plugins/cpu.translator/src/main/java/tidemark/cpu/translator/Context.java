package tidemark.cpu.translator;

/**
 * The calls inside of which a block of a region is executed; null stands for none. A block that is reached through different calls is
 * translated once for each, so that its returns are known.
 *
 * @param returnsTo where the innermost call returns to
 */
record Context(long returnsTo, Context outer) {
    private static final int MAX_DEPTH = 3;

    /** The context inside of a further call; null if that is a recursion or too deep. */
    static Context call(Context from, long returnsTo) {
        int depth = 1;
        for (Context c = from; c != null; c = c.outer) {
            if (c.returnsTo == returnsTo || ++depth > MAX_DEPTH) {
                return null;
            }
        }
        return new Context(returnsTo, from);
    }
}
