package tidemark.disk.qcow2;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import tidemark.api.device.Disk;
import tidemark.disk.Storage;

/**
 * How an image begins (QEMU's docs/interop/qcow2.txt, "Header"). What is checked: that its tables are within the file and within the limits that QEMU has,
 * and that it needs no feature that is not there.
 *
 * @param backingFile as it is written there; empty for none
 * @param backingFormat empty if the image does not say
 */
record Header(int version, Geometry geometry, long size, int l1Size, long l1Offset, long refcountTableOffset, int refcountTableClusters, int snapshots,
        long snapshotsOffset, long incompatible, long autoclear, String backingFile, String backingFormat) {
    static final byte[] MAGIC = {'Q', 'F', 'I', (byte) 0xFB};
    static final int V2_BYTES = 72;
    static final int V3_BYTES = 104;
    static final int REFCOUNT_TABLE_AT = 48;
    static final int AUTOCLEAR_AT = 88;
    static final int BACKING_FORMAT = 0xE2792ACA;
    static final int MAX_L1_BYTES = 32 << 20;
    static final int MAX_REFCOUNT_TABLE_BYTES = 8 << 20;
    static final int MAX_BACKING_FILE = 1023;
    private static final int MIN_CLUSTER_BITS = 9;
    private static final int MAX_CLUSTER_BITS = 21;

    static Header read(Storage file) throws IOException {
        ByteBuffer bytes = beginning(file, V3_BYTES + Long.BYTES);
        if (bytes.limit() < V2_BYTES || !Arrays.equals(bytes.array(), 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw Damage.refusal(file, "it does not begin as one; give it the right format");
        }
        int version = bytes.getInt(4);
        int clusterBits = bytes.getInt(20);
        if (version != 2 && version != 3) {
            throw Damage.refusal(file, "its version is " + Integer.toUnsignedString(version)
                    + ", known are 2 and 3; convert it with qemu-img convert -O qcow2");
        }
        if (clusterBits < MIN_CLUSTER_BITS || clusterBits > MAX_CLUSTER_BITS) {
            throw Damage.in(file, "clusters of 2^" + Integer.toUnsignedString(clusterBits) + " bytes, allowed are 2^9 to 2^21");
        }
        return parse(file, version, beginning(file, 1 << clusterBits));
    }

    private static ByteBuffer beginning(Storage file, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(length, file.length()));
        file.read(0, bytes);
        return bytes.flip();
    }

    private static Header parse(Storage file, int version, ByteBuffer bytes) throws IOException {
        if (version == 3 && bytes.limit() < V3_BYTES) {
            throw Damage.in(file, "the file ends within the header");
        }
        boolean v3 = version == 3;
        int headerLength = v3 ? bytes.getInt(100) : V2_BYTES;
        if (headerLength < (v3 ? V3_BYTES : V2_BYTES) || headerLength > bytes.limit() || headerLength % Long.BYTES != 0) {
            throw Damage.in(file, "a header of " + Integer.toUnsignedString(headerLength) + " bytes");
        }
        long incompatible = v3 ? bytes.getLong(72) : 0;
        Features.check(file, incompatible, bytes.getInt(32), headerLength > V3_BYTES ? bytes.get(V3_BYTES) : 0);
        int order = v3 ? bytes.getInt(96) : 4;
        if (order < 0 || order > 6) {
            throw Damage.in(file, "refcounts of 2^" + Integer.toUnsignedString(order) + " bits");
        }
        Header header = new Header(version, new Geometry(bytes.getInt(20), order), bytes.getLong(24), bytes.getInt(36), bytes.getLong(40), bytes.getLong(48),
                bytes.getInt(56), bytes.getInt(60), bytes.getLong(64), incompatible, v3 ? bytes.getLong(AUTOCLEAR_AT) : 0, backingFile(file, bytes),
                backingFormat(file, bytes, headerLength));
        header.checkTables(file);
        return header;
    }

    private void checkTables(Storage file) throws IOException {
        if (size < 0 || size % Disk.SECTOR != 0) {
            throw Damage.refusal(file, "its disk has " + size + " bytes, no multiple of " + Disk.SECTOR + "; correct that with qemu-img resize");
        }
        if (l1Size < 0 || (long) l1Size * Long.BYTES > MAX_L1_BYTES || Math.ceilDiv(size, geometry.bytesPerL2Table()) > l1Size) {
            throw Damage.in(file, "an L1 table of " + Integer.toUnsignedString(l1Size) + " entries for a disk of " + size + " bytes");
        }
        checkTable(file, "L1 table", l1Offset, (long) l1Size * Long.BYTES);
        long refcountTableBytes = Integer.toUnsignedLong(refcountTableClusters) << geometry.clusterBits();
        if (refcountTableBytes == 0 || refcountTableBytes > MAX_REFCOUNT_TABLE_BYTES) {
            throw Damage.in(file, "a refcount table of " + refcountTableBytes + " bytes");
        }
        checkTable(file, "refcount table", refcountTableOffset, refcountTableBytes);
    }

    private void checkTable(Storage file, String name, long offset, long bytes) throws IOException {
        if (!geometry.isAligned(offset) || offset < 0 || bytes > 0 && offset > file.length() - bytes) {
            throw Damage.in(file, "the " + name + ", " + bytes + " bytes at offset " + offset + ", is not in the file or not at the start of a cluster");
        }
    }

    private static String backingFile(Storage file, ByteBuffer bytes) throws IOException {
        long offset = bytes.getLong(8);
        int length = bytes.getInt(16);
        if (offset == 0) {
            return "";
        }
        if (length < 0 || length > MAX_BACKING_FILE || offset < V2_BYTES || offset > bytes.limit() - length) {
            throw Damage.in(file, "the name of its backing file, " + Integer.toUnsignedString(length) + " bytes at offset " + offset
                    + ", is too long or not in the first cluster");
        }
        return new String(bytes.array(), (int) offset, length, UTF_8);
    }

    private static String backingFormat(Storage file, ByteBuffer bytes, int headerLength) throws IOException {
        long backing = bytes.getLong(8);
        long end = backing == 0 ? bytes.limit() : Math.min(backing, bytes.limit());
        for (long at = headerLength; at + 8 <= end && bytes.getInt((int) at) != 0;) {
            long length = Integer.toUnsignedLong(bytes.getInt((int) at + 4));
            if (length > end - at - 8) {
                throw Damage.in(file, "a header extension of " + length + " bytes at offset " + at);
            }
            if (bytes.getInt((int) at) == BACKING_FORMAT) {
                return new String(bytes.array(), (int) at + 8, (int) length, UTF_8);
            }
            at += 8 + (length + 7 & -8L);
        }
        return "";
    }
}
