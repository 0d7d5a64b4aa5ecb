package tidemark.cpu.translator;

/**
 * Where a block begins: an address in the context of calls.
 *
 * @param lap of a loop that is unrolled; 0 is the first, and everything else
 */
record Place(long pc, Context context, int lap) {
    Place(long pc, Context context) {
        this(pc, context, 0);
    }

    Place firstLap() {
        return new Place(pc, context);
    }
}
