package tidemark.firmware.sbi;

/**
 * What a call returns (SBI 2.0, chapter 3).
 *
 * @param a0 the error code
 * @param a1 the value
 */
record Outcome(long a0, long a1) {
    static final Outcome SUCCESS = new Outcome(0, 0);
    static final Outcome NOT_SUPPORTED = new Outcome(-2, 0);
    static final Outcome INVALID_PARAM = new Outcome(-3, 0);
    static final Outcome DENIED = new Outcome(-4, 0);
    static final Outcome INVALID_ADDRESS = new Outcome(-5, 0);
    static final Outcome ALREADY_AVAILABLE = new Outcome(-6, 0);
    /** The hart does not go on behind the ECALL; where it does, the extension has decided. */
    static final Outcome NO_RETURN = new Outcome(0, 0);

    static Outcome of(long value) {
        return new Outcome(0, value);
    }

    /** {@link #NO_RETURN} is an object of its own. */
    @SuppressWarnings("ReferenceEquality")
    boolean returns() {
        return this != NO_RETURN;
    }
}
