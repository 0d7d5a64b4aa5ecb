package tidemark.api.shell;

/** What a command refuses, in one line for people; as text it is the message only, for that is what shells print. */
public final class CommandError extends Exception {
    private static final long serialVersionUID = 1L;

    public CommandError(String message) {
        super(message);
    }

    public CommandError(String message, Throwable cause) {
        super(message, cause);
    }

    @Override
    public String toString() {
        return getMessage();
    }
}
