package tidemark.network.user;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/**
 * A stretch of a byte stream, addressed by sequence number: bytes from {@link #start} to {@link #end}, and room for more, {@value #CAPACITY} in all. Memory
 * is taken with the first byte.
 */
final class SequenceBuffer {
    static final int CAPACITY = 1 << 17;
    private static final int MASK = CAPACITY - 1;

    private byte[] bytes;
    private int start;
    private int end;

    SequenceBuffer(int start) {
        this.start = start;
        end = start;
    }

    int start() {
        return start;
    }

    int end() {
        return end;
    }

    int size() {
        return end - start;
    }

    int room() {
        return CAPACITY - size();
    }

    /** Stores the remaining bytes at a place from {@link #end} on that has room; {@link #extend} makes them part of the stretch. */
    void put(int sequence, ByteBuffer data) {
        int length = data.remaining();
        int first = Math.min(length, CAPACITY - (sequence & MASK));
        data.get(bytes(), sequence & MASK, first).get(bytes, 0, length - first);
    }

    void extend(int newEnd) {
        end = newEnd;
    }

    /** Copies bytes of the stretch. */
    void get(int sequence, int length, ByteBuffer into) {
        int first = Math.min(length, CAPACITY - (sequence & MASK));
        into.put(bytes(), sequence & MASK, first).put(bytes, 0, length - first);
    }

    /** The bytes before {@code newStart} are not needed any more. */
    void release(int newStart) {
        start = newStart;
    }

    /** Fills the room from a channel. @return whether the channel may have more; false at its end */
    boolean fill(ReadableByteChannel channel) throws IOException {
        while (room() > 0) {
            int at = end & MASK;
            int space = Math.min(room(), CAPACITY - at);
            int count = channel.read(ByteBuffer.wrap(bytes(), at, space));
            if (count < 0) {
                return false;
            }
            end += count;
            if (count < space) {
                return true;
            }
        }
        return true;
    }

    /** Writes and releases as much of the stretch as the channel takes. */
    void drain(WritableByteChannel channel) throws IOException {
        while (size() > 0) {
            int at = start & MASK;
            int length = Math.min(size(), CAPACITY - at);
            int count = channel.write(ByteBuffer.wrap(bytes, at, length));
            start += count;
            if (count < length) {
                return;
            }
        }
    }

    private byte[] bytes() {
        if (bytes == null) {
            bytes = new byte[CAPACITY];
        }
        return bytes;
    }
}
