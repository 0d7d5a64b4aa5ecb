package tidemark.riscv;

/**
 * A synchronous exception on its way to its handler. For rare faults only: each engine has one object and throws it again and again,
 * without a stack trace.
 */
public final class Trap extends RuntimeException {
    public static final int FETCH_ACCESS = 1;
    public static final int ILLEGAL_INSTRUCTION = 2;
    public static final int BREAKPOINT = 3;
    public static final int LOAD_MISALIGNED = 4;
    public static final int LOAD_ACCESS = 5;
    public static final int STORE_MISALIGNED = 6;
    public static final int STORE_ACCESS = 7;
    /** From U-mode; from another mode this plus the mode. */
    public static final int ECALL = 8;
    public static final int FETCH_PAGE = 12;
    public static final int LOAD_PAGE = 13;
    public static final int STORE_PAGE = 15;

    private static final long serialVersionUID = 1L;

    private int cause;
    private long value;

    public Trap() {
        super(null, null, false, false);
    }

    /** This trap, with a new cause and value. */
    public Trap of(int newCause, long newValue) {
        cause = newCause;
        value = newValue;
        return this;
    }

    /** The exception code, as in mcause. */
    public int cause() {
        return cause;
    }

    /** What goes to mtval or stval. */
    public long value() {
        return value;
    }

    @Override
    public String getMessage() {
        return "Exception " + cause + ", value 0x" + Long.toHexString(value);
    }
}
