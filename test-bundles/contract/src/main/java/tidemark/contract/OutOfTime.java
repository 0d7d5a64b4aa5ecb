package tidemark.contract;

/** Something did not happen within the time that a suite allows. On a host that others keep busy, that need not be the part's fault. */
public final class OutOfTime extends AssertionError {
    private static final long serialVersionUID = 1L;

    public OutOfTime(String message) {
        super(message);
    }

    /** Throws unless it happened in time. */
    public static void unless(boolean happened, String otherwise) {
        if (!happened) {
            throw new OutOfTime(otherwise);
        }
    }
}
