package tidemark.shell.script;

/** A command of Gogo's own that says what failed itself, and then only has a code. */
final class CodeException extends Exception {
    private static final long serialVersionUID = 1L;
    private final int code;

    CodeException(String command, int code) {
        super(command + ": failed with code " + code);
        this.code = code;
    }

    int code() {
        return code;
    }
}
