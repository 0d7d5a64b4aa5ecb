package tidemark.api.checkpoint;

/** The checkpoint was cancelled; the guest goes on, no image was left. */
public final class CancelledException extends CheckpointException {
    private static final long serialVersionUID = 1L;

    public CancelledException(String message) {
        super(message);
    }
}
