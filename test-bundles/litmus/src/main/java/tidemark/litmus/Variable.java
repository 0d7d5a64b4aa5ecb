package tidemark.litmus;

/** A shared variable of 64 bits, alone in its cache line; 0 at first. */
enum Variable {
    X, Y, Z;

    static final int LINE = 64;

    /** From the start of an instance's variables. */
    int offset() {
        return ordinal() * LINE;
    }
}
