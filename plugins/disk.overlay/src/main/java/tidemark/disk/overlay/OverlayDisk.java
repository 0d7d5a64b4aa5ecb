package tidemark.disk.overlay;

import static tidemark.disk.overlay.Geometry.BLOCK;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import tidemark.api.device.Disk;
import tidemark.api.device.DiskPart.Backing;
import tidemark.api.device.DiskPart.Opener;
import tidemark.api.device.LayerDisk;
import tidemark.disk.Below;
import tidemark.disk.HostFile;
import tidemark.disk.Request;
import tidemark.disk.Storage;

/** A layer: what was written to it is in its file, at its own place; the rest is below. */
final class OverlayDisk implements LayerDisk, Below.Layered {
    private static final int LOCKS = 64;

    private final Path path;
    private final Storage file;
    private final long size;
    private final long dataOffset;
    private final Bitmap bitmap;
    private final long identity;
    private volatile Below below;
    /** Each for 64 blocks of every 64 * 64: who brings a block into the file has its lock, so that no other brings it from below as well, over that. */
    private final Object[] locks = new Object[LOCKS];
    private final Object flushing = new Object();
    private volatile boolean writable;
    private volatile boolean sealed;
    private volatile boolean closed;

    private OverlayDisk(Path path, Storage file, Header header, Bitmap bitmap, Below below, boolean writable) {
        this.path = path;
        this.file = file;
        this.size = header.size();
        this.dataOffset = header.geometry().dataOffset();
        this.identity = header.identity();
        this.bitmap = bitmap;
        this.below = below;
        this.writable = writable;
        Arrays.setAll(locks, i -> new Object());
    }

    static OverlayDisk open(Path path, boolean writable, Opener opener) throws IOException {
        HostFile file = HostFile.open(path, writable);
        try {
            return open(path, file, writable, opener);
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    static OverlayDisk open(Path path, Storage file, boolean writable, Opener opener) throws IOException {
        Header header = Header.read(file);
        Bitmap bitmap = Bitmap.read(file, header);
        Optional<Backing> backing = Successor.read(path, file, header.identity()).or(header::backing);
        Below below = backing.isPresent() ? Below.open(path, backing.get(), opener) : Below.NOTHING;
        return new OverlayDisk(path, file, header, bitmap, below, writable);
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
        check(offset, into.remaining());
        int limit = into.limit();
        for (long at = offset, end = offset + into.remaining(); at < end;) {
            boolean has = bitmap.has(at / BLOCK);
            long next = Math.min(end, bitmap.runEnd(at / BLOCK, blocksTo(end), has) * BLOCK);
            if (next > at) { // else it has come meanwhile
                into.limit(into.position() + (int) (next - at));
                readRun(at, has, into);
                into.limit(limit);
                at = next;
            }
        }
    }

    private void check(long offset, long length) throws IOException {
        if (closed) {
            throw new IOException("Disk " + path + " is closed; open it again");
        }
        Request.check(path, size, offset, length);
    }

    private void readRun(long at, boolean has, ByteBuffer into) throws IOException {
        if (has) {
            file.read(dataOffset + at, into);
        } else {
            below.read(at, into);
        }
    }

    @Override
    public void write(long offset, ByteBuffer from) throws IOException {
        Request.checkWritable(path, writable);
        check(offset, from.remaining());
        int limit = from.limit();
        for (long at = offset, end = offset + from.remaining(); at < end;) {
            boolean has = bitmap.has(at / BLOCK);
            long next = Math.min(end, (has ? bitmap.runEnd(at / BLOCK, blocksTo(end), true) : wordEnd(at)) * BLOCK);
            from.limit(from.position() + (int) (next - at));
            if (has) {
                file.write(dataOffset + at, from);
            } else {
                bring(at, from);
            }
            from.limit(limit);
            at = next;
        }
    }

    /** Writes blocks that are not in the file, of 64 blocks at most. */
    private void bring(long at, ByteBuffer from) throws IOException {
        long end = at + from.remaining();
        synchronized (lock(at)) {
            bitmap.reserve(at / BLOCK);
            bringRest(at, end);
            file.write(dataOffset + at, from);
            bitmap.set(at / BLOCK, blocksTo(end));
        }
    }

    /** What blocks that are not in the file have before {@code at} and behind {@code end}. */
    private void bringRest(long at, long end) throws IOException {
        if (at % BLOCK != 0 && !bitmap.has(at / BLOCK)) {
            copyUp(at - at % BLOCK, at);
        }
        long blockEnd = Math.min(blocksTo(end) * BLOCK, size);
        if (end < blockEnd && !bitmap.has(end / BLOCK)) {
            copyUp(end, blockEnd);
        }
    }

    private void copyUp(long from, long to) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate((int) (to - from));
        below.read(from, bytes);
        file.write(dataOffset + from, bytes.flip());
    }

    @Override
    public void zero(long offset, long length) throws IOException {
        Request.checkWritable(path, writable);
        check(offset, length);
        for (long at = offset, end = offset + length; at < end;) {
            long next = Math.min(end, wordEnd(at) * BLOCK);
            zeroWithin64Blocks(at, next);
            at = next;
        }
    }

    private void zeroWithin64Blocks(long at, long end) throws IOException {
        boolean isZero = below.endsBefore(at) && bitmap.runEnd(at / BLOCK, blocksTo(end), false) == blocksTo(end);
        if (!isZero) {
            synchronized (lock(at)) {
                bitmap.reserve(at / BLOCK);
                bringRest(at, end);
                file.zero(dataOffset + at, end - at);
                bitmap.set(at / BLOCK, blocksTo(end));
            }
        }
    }

    private Object lock(long at) {
        return locks[(int) (at / BLOCK / Long.SIZE % LOCKS)];
    }

    private static long blocksTo(long end) {
        return (end + BLOCK - 1) / BLOCK;
    }

    private static long wordEnd(long at) {
        return (at / BLOCK | Long.SIZE - 1) + 1;
    }

    @Override
    public void flush() throws IOException {
        if (writable || sealed) {
            synchronized (flushing) {
                bitmap.flush(file);
                if (sealed) {
                    file.share();
                }
            }
        }
    }

    @Override
    public void seal() {
        sealed |= writable;
        writable = false;
    }

    @Override
    public void close() throws IOException {
        Below under = below;
        try (under; file) {
            closed = true;
            if (bitmap.isChanged()) {
                flush();
            }
        }
    }

    @Override
    public long nextOwn(long offset) {
        return offset < size && bitmap.has(offset / BLOCK) ? offset : edge(offset, false);
    }

    @Override
    public long ownEnd(long offset) {
        return offset < size && bitmap.has(offset / BLOCK) ? edge(offset, true) : offset;
    }

    private long edge(long offset, boolean there) {
        return offset >= size ? size : Math.min(size, bitmap.runEnd(offset / BLOCK, blocksTo(size), there) * BLOCK);
    }

    @Override
    public void rebase(Backing backing, Disk disk) throws IOException {
        Request.checkWritable(path, writable);
        Below next = Below.open(path, backing, any -> disk);
        Successor.write(path, file, identity, backing);
        below = next;
    }

    @Override
    public Below below() {
        return below;
    }

    @Override
    public String toString() {
        return "overlay " + path;
    }
}
