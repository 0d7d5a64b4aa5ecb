package tidemark.cpu.nativecode.x86;

/** Condition codes of x86-64 by their numbers in instructions (SDM volume 2, appendix B.1). */
final class Condition {
    static final int BELOW = 2;
    static final int ABOVE_OR_EQUAL = 3;
    static final int EQUAL = 4;
    static final int NOT_EQUAL = 5;
    static final int BELOW_OR_EQUAL = 6;
    static final int ABOVE = 7;
    static final int SIGN = 8;
    static final int PARITY = 10;
    static final int NO_PARITY = 11;
    static final int LESS = 12;
    static final int GREATER_OR_EQUAL = 13;

    private Condition() {}
}
