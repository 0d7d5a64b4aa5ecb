package tidemark.disk.qcow2;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import tidemark.disk.Below;
import tidemark.disk.Storage;

/** Reads clusters of the disk, wherever they are. Any thread. */
final class Clusters {
    private final Storage file;
    private final Geometry geometry;
    private final Below below;
    /** Who reads a disk in small pieces reads the same compressed cluster many times. */
    private volatile Inflated last = new Inflated(0, null);

    /** @param entry of the L2 table by which it was found */
    private record Inflated(long entry, byte[] bytes) {}

    Clusters(Storage file, Geometry geometry, Below below) {
        this.file = file;
        this.geometry = geometry;
        this.below = below;
    }

    /** Whether it reads as zeros without looking. */
    boolean isZero(long cluster, long entry) {
        return L2Entry.isZero(entry) || entry == 0 && below.endsBefore(cluster << geometry.clusterBits());
    }

    /** Fills the buffer's remaining bytes from a place in the cluster. */
    void read(long cluster, long entry, int from, ByteBuffer into) throws IOException {
        if (L2Entry.isCompressed(entry)) {
            into.put(inflated(cluster, entry), from, into.remaining());
        } else if (L2Entry.isZero(entry)) {
            PaddedFile.zeros(into);
        } else if (L2Entry.isAllocated(entry)) {
            checkInFile(cluster, L2Entry.offset(entry));
            PaddedFile.read(file, L2Entry.offset(entry) + from, into);
        } else {
            below.read((cluster << geometry.clusterBits()) + from, into);
        }
    }

    void checkInFile(long cluster, long offset) throws IOException {
        if (offset >= file.length()) {
            throw Damage.in(file, "cluster " + cluster + " of the disk is at offset " + offset + ", behind the end of the file");
        }
    }

    private byte[] inflated(long cluster, long entry) throws IOException {
        Inflated cached = last;
        if (cached.entry != entry) {
            L2Entry.Compressed place = L2Entry.Compressed.of(entry, geometry);
            checkInFile(cluster, place.offset());
            cached = new Inflated(entry, inflate(cluster, PaddedFile.read(file, place.offset(), place.length())));
            last = cached;
        }
        return cached.bytes;
    }

    /** Raw deflate (RFC 1951), to a whole cluster. */
    private byte[] inflate(long cluster, ByteBuffer compressed) throws IOException {
        byte[] bytes = new byte[geometry.clusterSize()];
        try (Inflater inflater = new Inflater(true)) {
            inflater.setInput(compressed);
            int length = 0;
            for (int more = 1; more > 0 && length < bytes.length; length += more) {
                more = inflater.inflate(bytes, length, bytes.length - length);
            }
            if (length == bytes.length) {
                return bytes;
            }
        } catch (DataFormatException e) {
            throw Damage.in(file, "cluster " + cluster + " of the disk is not compressed as it should be: " + e.getMessage());
        }
        throw Damage.in(file, "cluster " + cluster + " of the disk is compressed, but shorter than a cluster");
    }
}
