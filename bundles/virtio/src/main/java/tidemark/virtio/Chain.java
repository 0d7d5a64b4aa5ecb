package tidemark.virtio;

/**
 * A buffer that the driver made available: first bytes that the device reads, then bytes that it writes, each wherever in RAM (2.7.4). Bounds are checked once, when the
 * chain is taken: it keeps no pointer that the driver could change. Used in actions of the device's {@link Transport} only.
 */
public final class Chain {
    private final int head;
    private final Segments readable;
    private final Segments writable;

    Chain(int head, Segments readable, Segments writable) {
        this.head = head;
        this.readable = readable;
        this.writable = writable;
    }

    /** Index of its first descriptor. */
    int head() {
        return head;
    }

    /** The number of bytes that the device may read. */
    public long readableLength() {
        return readable.length();
    }

    /** The number of bytes that the device may write. */
    public long writableLength() {
        return writable.length();
    }

    /**
     * Reads bytes {@code position} and following of those that it may read.
     *
     * @throws IndexOutOfBoundsException if they are not all there
     */
    public void read(long position, byte[] into, int offset, int length) throws MalformedQueue {
        readable.read(position, into, offset, length);
    }

    /**
     * Writes bytes {@code position} and following of those that it may write.
     *
     * @throws IndexOutOfBoundsException if they are not all there
     */
    public void write(long position, byte[] from, int offset, int length) throws MalformedQueue {
        writable.write(position, from, offset, length);
    }
}
