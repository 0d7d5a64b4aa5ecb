package tidemark.api.checkpoint;

/** A checkpoint, restore or verification that cannot be done; the message says what, where and what now. */
public class CheckpointException extends Exception {
    private static final long serialVersionUID = 1L;

    public CheckpointException(String message) {
        super(message);
    }

    public CheckpointException(String message, Throwable cause) {
        super(message, cause);
    }
}
