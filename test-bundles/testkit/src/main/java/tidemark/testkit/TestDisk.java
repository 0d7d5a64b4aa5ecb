package tidemark.testkit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import tidemark.api.device.Disk;

/** A disk in memory that records what is done to it. */
public final class TestDisk implements Disk {
    private final byte[] content;
    private final boolean writable;
    private final List<String> accesses = new ArrayList<>();
    private IOException failure;

    public TestDisk(byte[] content, boolean writable) {
        this.content = content;
        this.writable = writable;
    }

    /** The bytes themselves. */
    public byte[] content() {
        return content;
    }

    /** So far, in order: {@code read OFFSET LENGTH}, {@code write OFFSET LENGTH}, {@code zero OFFSET LENGTH}, {@code flush}. */
    public synchronized List<String> accesses() {
        return List.copyOf(accesses);
    }

    /** What all further accesses end in; null for none. */
    public synchronized void failure(IOException e) {
        failure = e;
    }

    private synchronized void access(String what) throws IOException {
        accesses.add(what);
        if (failure != null) {
            throw failure;
        }
    }

    private void access(String what, long offset, long length) throws IOException {
        access(what + " " + offset + " " + length);
        if (offset < 0 || length > content.length - offset) {
            throw new IOException(what + " of " + length + " bytes at " + offset + " of " + content.length);
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
        access("read", offset, into.remaining());
        into.put(content, (int) offset, into.remaining());
    }

    @Override
    public void write(long offset, ByteBuffer from) throws IOException {
        access("write", offset, from.remaining());
        from.get(content, (int) offset, from.remaining());
    }

    @Override
    public void zero(long offset, long length) throws IOException {
        access("zero", offset, length);
        java.util.Arrays.fill(content, (int) offset, (int) (offset + length), (byte) 0);
    }

    @Override
    public void flush() throws IOException {
        access("flush");
    }

    @Override
    public synchronized void seal() {
        failure = new IOException("sealed");
    }

    @Override
    public void close() {}
}
