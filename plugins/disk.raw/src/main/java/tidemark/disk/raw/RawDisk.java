package tidemark.disk.raw;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import tidemark.api.device.Disk;
import tidemark.disk.HostFile;
import tidemark.disk.Request;

/** The content of a plain file. */
final class RawDisk implements Disk {
    private final HostFile file;
    private final long size;
    private volatile boolean writable;
    private volatile boolean sealed;

    private RawDisk(HostFile file, boolean writable, long size) {
        this.file = file;
        this.writable = writable;
        this.size = size;
    }

    static RawDisk open(Path path, boolean writable) throws IOException {
        HostFile file = HostFile.open(path, writable);
        try {
            return new RawDisk(file, writable, wholeSectors(path, file.length()));
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    private static long wholeSectors(Path path, long length) throws IOException {
        if (length % SECTOR != 0) {
            long up = length + SECTOR - length % SECTOR;
            throw new IOException("Disk file " + path + " has " + length + " bytes, no multiple of " + SECTOR + "; if it is a raw disk, lengthen it: truncate -s "
                    + up + " " + path);
        }
        return length;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public boolean writable() {
        return writable;
    }

    @Override
    public void read(long offset, ByteBuffer into) throws IOException {
        Request.check(file.path(), size, offset, into.remaining());
        file.read(offset, into);
    }

    @Override
    public void write(long offset, ByteBuffer from) throws IOException {
        Request.checkWritable(file.path(), writable);
        Request.check(file.path(), size, offset, from.remaining());
        file.write(offset, from);
    }

    @Override
    public void zero(long offset, long length) throws IOException {
        Request.checkWritable(file.path(), writable);
        Request.check(file.path(), size, offset, length);
        file.zero(offset, length);
    }

    @Override
    public void flush() throws IOException {
        if (writable || sealed) {
            file.sync();
        }
        if (sealed) {
            file.share();
        }
    }

    @Override
    public void seal() {
        sealed |= writable;
        writable = false;
    }

    @Override
    public void close() {
        file.close();
    }

    @Override
    public String toString() {
        return "raw disk " + file;
    }
}
