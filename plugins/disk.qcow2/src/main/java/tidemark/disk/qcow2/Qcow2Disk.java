package tidemark.disk.qcow2;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import tidemark.api.device.Disk;
import tidemark.api.device.DiskPart.Opener;
import tidemark.disk.Below;
import tidemark.disk.HostFile;
import tidemark.disk.Request;
import tidemark.disk.Storage;

/** The content of an image. Requests go cluster by cluster. */
final class Qcow2Disk implements Disk, Below.Layered {
    private static final int LOCKS = 64;

    private final Path path;
    private final Storage file;
    private final Header header;
    private final int clusterSize;
    private final Metadata metadata;
    private final Below below;
    private final Clusters clusters;
    /** Shared by each request, as it looks up a cluster and then uses it; exclusive while clusters become free for other use. */
    private final ReentrantReadWriteLock inUse = new ReentrantReadWriteLock();
    /** Of every 64th cluster: who maps it elsewhere has its lock. */
    private final Object[] mapping = new Object[LOCKS];
    private final Object flushing = new Object();
    private volatile boolean writable;
    private volatile boolean sealed;
    private volatile boolean closed;

    private Qcow2Disk(Path path, Storage file, Header header, Metadata metadata, Below below, boolean writable) {
        this.path = path;
        this.file = file;
        this.header = header;
        this.clusterSize = header.geometry().clusterSize();
        this.metadata = metadata;
        this.below = below;
        this.clusters = new Clusters(file, header.geometry(), below);
        this.writable = writable;
        Arrays.setAll(mapping, i -> new Object());
    }

    static Qcow2Disk open(Path path, boolean writable, Opener opener) throws IOException {
        HostFile file = HostFile.open(path, writable);
        try {
            return open(path, file, writable, opener);
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    static Qcow2Disk open(Path path, Storage file, boolean writable, Opener opener) throws IOException {
        Header header = Header.read(file);
        if (writable) {
            Features.checkWritable(file, header.incompatible());
        }
        Metadata metadata = new Metadata(file, header, writable);
        if (writable && header.autoclear() != 0) { // what they say of the image ceases to be true, as nobody here keeps it so
            file.write(Header.AUTOCLEAR_AT, ByteBuffer.allocate(Long.BYTES));
        }
        Below below = header.backingFile().isEmpty() ? Below.NOTHING : Below.open(path, BackingName.of(path, header), opener);
        return new Qcow2Disk(path, file, header, metadata, below, writable);
    }

    @Override
    public long size() {
        return header.size();
    }

    @Override
    public boolean writable() {
        return writable;
    }

    @Override
    public void read(long offset, ByteBuffer into) throws IOException {
        check(offset, into.remaining());
        eachCluster(offset, into, (cluster, from, part) -> clusters.read(cluster, metadata.entry(cluster), from, part));
    }

    @Override
    public void write(long offset, ByteBuffer from) throws IOException {
        Request.checkWritable(path, writable);
        check(offset, from.remaining());
        flushIfCrowded();
        eachCluster(offset, from, this::writeCluster);
    }

    private void check(long offset, long length) throws IOException {
        if (closed) {
            throw new IOException("Disk " + path + " is closed; open it again");
        }
        Request.check(path, header.size(), offset, length);
    }

    /** Part of a request that is within a cluster, {@code at} bytes from its start. */
    private interface Part {
        void request(long cluster, int at, ByteBuffer bytes) throws IOException;
    }

    private void eachCluster(long offset, ByteBuffer bytes, Part part) throws IOException {
        int limit = bytes.limit();
        for (long at = offset; bytes.position() < limit;) {
            int within = (int) (at & clusterSize - 1);
            int length = Math.min(limit - bytes.position(), clusterSize - within);
            bytes.limit(bytes.position() + length);
            inUse.readLock().lock();
            try {
                part.request(at >>> header.geometry().clusterBits(), within, bytes);
            } finally {
                inUse.readLock().unlock();
                bytes.limit(limit);
            }
            at += length;
        }
    }

    private void writeCluster(long cluster, int at, ByteBuffer from) throws IOException {
        long entry;
        synchronized (lock(cluster)) {
            entry = metadata.entryToWrite(cluster);
            if (!isOwn(entry)) {
                move(cluster, entry, at, from);
                return;
            }
        }
        clusters.checkInFile(cluster, L2Entry.offset(entry));
        file.write(L2Entry.offset(entry) + at, from);
    }

    private static boolean isOwn(long entry) {
        return L2Entry.isAllocated(entry) && !L2Entry.isZero(entry) && L2Entry.isCopied(entry);
    }

    private Object lock(long cluster) {
        return mapping[(int) (cluster % LOCKS)];
    }

    /** Writes to a cluster that is not in the file, or is not this disk's alone, or is compressed: at another place, with the rest of it. */
    private void move(long cluster, long entry, int at, ByteBuffer from) throws IOException {
        int end = at + from.remaining();
        long place = metadata.allocateFor(entry);
        try {
            if (!clusters.isZero(cluster, entry)) {
                copy(cluster, entry, 0, at, place);
                copy(cluster, entry, end, clusterSize, place);
            }
            file.write(place + at, from);
            metadata.map(cluster, entry, place | L2Entry.COPIED);
        } catch (IOException e) {
            metadata.release(place);
            throw e;
        }
    }

    private void copy(long cluster, long entry, int from, int to, long place) throws IOException {
        if (from < to) {
            ByteBuffer bytes = ByteBuffer.allocate(to - from);
            clusters.read(cluster, entry, from, bytes);
            file.write(place + from, bytes.flip());
        }
    }

    @Override
    public void zero(long offset, long length) throws IOException {
        Request.checkWritable(path, writable);
        check(offset, length);
        for (long at = offset, end = offset + length; at < end;) {
            flushIfCrowded();
            int within = (int) (at & clusterSize - 1);
            int part = (int) Math.min(end - at, clusterSize - within);
            zeroCluster(at >>> header.geometry().clusterBits(), at, part);
            at += part;
        }
    }

    private void zeroCluster(long cluster, long at, int length) throws IOException {
        boolean whole = length == clusterSize || at + length == header.size() && (at & clusterSize - 1) == 0;
        inUse.readLock().lock();
        try {
            if (whole ? unmap(cluster) : clusters.isZero(cluster, metadata.entry(cluster))) {
                return;
            }
        } finally {
            inUse.readLock().unlock();
        }
        eachCluster(at, ByteBuffer.allocate(length), this::writeCluster);
    }

    /** @return false if this version of the format has no way to say that it is zeros, other than to write them */
    private boolean unmap(long cluster) throws IOException {
        synchronized (lock(cluster)) {
            long entry = metadata.entry(cluster);
            boolean nothingBelow = below.endsBefore(cluster << header.geometry().clusterBits());
            if (nothingBelow && entry != 0) {
                metadata.map(cluster, entry, 0);
            } else if (!nothingBelow && header.version() >= 3 && entry != L2Entry.ZERO) {
                metadata.map(cluster, entry, L2Entry.ZERO);
            }
            return nothingBelow || header.version() >= 3;
        }
    }

    private void flushIfCrowded() throws IOException {
        if (metadata.isCrowded()) {
            synchronized (flushing) {
                if (metadata.isCrowded()) {
                    metadata.flush(this::exclusively);
                }
            }
        }
    }

    @Override
    public void flush() throws IOException {
        if (writable || sealed) {
            synchronized (flushing) {
                metadata.flush(this::exclusively);
                if (sealed) {
                    file.share();
                }
            }
        }
    }

    private void exclusively(Metadata.Action action) throws IOException {
        inUse.writeLock().lock();
        try {
            action.run();
        } finally {
            inUse.writeLock().unlock();
        }
    }

    @Override
    public void seal() {
        sealed |= writable;
        writable = false;
    }

    @Override
    public void close() throws IOException {
        try (below; file) {
            boolean first = !closed;
            closed = true;
            if (first && (writable || sealed) && metadata.isChanged()) {
                flush();
            }
        }
    }

    @Override
    public Below below() {
        return below;
    }

    @Override
    public String toString() {
        return "qcow2 image " + path;
    }
}
