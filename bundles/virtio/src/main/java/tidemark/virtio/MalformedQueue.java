package tidemark.virtio;

/** A driver broke the rules of a virtqueue in a way that leaves no way on but a reset of the device. No stack trace: a guest can cause it at will. */
public final class MalformedQueue extends Exception {
    private static final long serialVersionUID = 1L;

    public MalformedQueue(String message) {
        super(message, null, false, false);
    }
}
