package tidemark.fuzz;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import tidemark.api.device.Disk;

/** A disk in memory that tolerates no access beyond its end, and fails now and then if it is told to. */
final class WatchedDisk implements Disk {
    private final byte[] content;
    private final boolean writable;
    private boolean failing;

    WatchedDisk(int size, boolean writable) {
        content = new byte[size];
        this.writable = writable;
    }

    void failing(boolean on) {
        failing = on;
    }

    private void check(long offset, long length, boolean write) throws IOException {
        try {
            Objects.checkFromIndexSize(offset, length, (long) content.length);
        } catch (IndexOutOfBoundsException e) {
            throw new AssertionError("A device accesses its disk beyond the end", e);
        }
        if (write && !writable) {
            throw new AssertionError("A device writes to a disk that is only read");
        }
        if (failing) {
            throw new IOException("as told");
        }
    }

    @Override
    public long size() {
        return content.length;
    }

    @Override
    public boolean writable() {
        return writable;
    }

    @Override
    public void read(long offset, ByteBuffer into) throws IOException {
        check(offset, into.remaining(), false);
        into.put(content, (int) offset, into.remaining());
    }

    @Override
    public void write(long offset, ByteBuffer from) throws IOException {
        check(offset, from.remaining(), true);
        from.get(content, (int) offset, from.remaining());
    }

    @Override
    public void zero(long offset, long length) throws IOException {
        check(offset, length, true);
        java.util.Arrays.fill(content, (int) offset, (int) (offset + length), (byte) 0);
    }

    @Override
    public void flush() throws IOException {
        check(0, 0, false);
    }

    @Override
    public void seal() {
        throw new AssertionError("A device seals its disk");
    }

    @Override
    public void close() {
        throw new AssertionError("A device closes its disk");
    }
}
