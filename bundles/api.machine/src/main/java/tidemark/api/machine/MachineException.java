package tidemark.api.machine;

/** Something that a machine or the platform refuses; the message says what, where and the way out. */
public final class MachineException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public MachineException(String message) {
        super(message);
    }

    public MachineException(String message, Throwable cause) {
        super(message, cause);
    }
}
