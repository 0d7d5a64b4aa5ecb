package tidemark.api.state;

/** A saved state that a part cannot take: of another part, of a newer version, or with a field missing. */
public final class StateException extends Exception {
    private static final long serialVersionUID = 1L;

    public StateException(String message) {
        super(message);
    }
}
