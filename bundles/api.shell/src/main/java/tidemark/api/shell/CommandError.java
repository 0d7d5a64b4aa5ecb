package tidemark.api.shell;

/** What a command refuses, in one line for people; as text it is the message only, for that is what shells print. */
public final class CommandError extends Exception {
    private static final long serialVersionUID = 1L;
    private static final int MOST = 255;

    private final int exitCode;

    public CommandError(String message) {
        this(message, 1);
    }

    /** @param exitCode what a script ends with that ends here, 1 to 255; others become 1 */
    public CommandError(String message, int exitCode) {
        super(message);
        this.exitCode = exitCode > 0 && exitCode <= MOST ? exitCode : 1;
    }

    public CommandError(String message, Throwable cause) {
        super(message, cause);
        this.exitCode = 1;
    }

    /** What a script ends with that ends here. */
    public int exitCode() {
        return exitCode;
    }

    @Override
    public String toString() {
        return getMessage();
    }
}
