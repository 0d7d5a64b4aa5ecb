package tidemark.contract;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import tidemark.api.device.Disk;

/** A disk that is an array: what another disk should equal, or what lies below one. */
public final class MemoryDisk implements Disk {
    private final byte[] bytes;
    private volatile boolean writable;
    private boolean closed;

    public MemoryDisk(byte[] bytes, boolean writable) {
        this.bytes = bytes;
        this.writable = writable;
    }

    @Override
    public long size() {
        return bytes.length;
    }

    @Override
    public boolean writable() {
        return writable;
    }

    @Override
    public void read(long offset, ByteBuffer into) throws IOException {
        check(offset, into.remaining(), true);
        into.put(bytes, (int) offset, into.remaining());
    }

    @Override
    public void write(long offset, ByteBuffer from) throws IOException {
        check(offset, from.remaining(), writable);
        from.get(bytes, (int) offset, from.remaining());
    }

    @Override
    public void zero(long offset, long length) throws IOException {
        check(offset, length, writable);
        Arrays.fill(bytes, (int) offset, (int) (offset + length), (byte) 0);
    }

    private synchronized void check(long offset, long length, boolean allowed) throws IOException {
        if (closed || !allowed) {
            throw new IOException(closed ? "closed" : "read-only");
        }
        try {
            Objects.checkFromIndexSize(offset, length, size());
        } catch (IndexOutOfBoundsException e) {
            throw new IOException(e);
        }
    }

    @Override
    public void flush() {}

    @Override
    public void seal() {
        writable = false;
    }

    @Override
    public synchronized void close() {
        closed = true;
    }

    public synchronized boolean closed() {
        return closed;
    }
}
