package tidemark.shell.script;

/** The command {@code exit}: ends the script or the shell. */
public final class ExitException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int code;

    public ExitException(int code) {
        super("exit " + code, null, true, false);
        this.code = code;
    }

    public int code() {
        return code;
    }
}
