package tidemark.shell;

import java.io.IOException;
import java.nio.ByteBuffer;
import tidemark.api.device.Disk;

/** A disk below others, which stays open when they are closed; they only read it. */
final class KeptOpen implements Disk {
    private final Disk disk;

    KeptOpen(Disk disk) {
        this.disk = disk;
    }

    @Override
    public long size() {
        return disk.size();
    }

    @Override
    public boolean writable() {
        return false;
    }

    @Override
    public void read(long offset, ByteBuffer into) throws IOException {
        disk.read(offset, into);
    }

    @Override
    public void write(long offset, ByteBuffer from) throws IOException {
        throw new IOException("What is below is only read");
    }

    @Override
    public void zero(long offset, long length) throws IOException {
        throw new IOException("What is below is only read");
    }

    @Override
    public void flush() {}

    @Override
    public void seal() {}

    @Override
    public void close() {}
}
