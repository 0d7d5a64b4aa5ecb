package tidemark.disk.qcow2;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import tidemark.api.device.DiskPart.Backing;
import tidemark.disk.Storage;

/** An empty image as QEMU makes it: version 3, clusters of 64 KiB, counts of 16 bits; header, refcount table, one refcount block, L1 table. */
final class NewImage {
    static final long MAX_SIZE = 1L << 50;
    private static final Geometry GEOMETRY = new Geometry(16, 4);
    private static final int CLUSTER = GEOMETRY.clusterSize();
    private static final int TABLE = CLUSTER;
    private static final int BLOCK = 2 * CLUSTER;
    private static final int L1 = 3 * CLUSTER;

    private NewImage() {}

    static void write(Path path, Storage file, long size, Optional<Backing> backing) throws IOException {
        int l1Size = (int) ((size + GEOMETRY.bytesPerL2Table() - 1) / GEOMETRY.bytesPerL2Table());
        int l1Clusters = (int) Math.max(GEOMETRY.clustersFor((long) l1Size * Long.BYTES), 1);
        file.resize(L1 + (long) l1Clusters * CLUSTER);
        ByteBuffer counts = ByteBuffer.allocate((L1 / CLUSTER + l1Clusters) * Short.BYTES);
        while (counts.hasRemaining()) {
            counts.putShort((short) 1);
        }
        file.write(BLOCK, counts.flip());
        file.write(TABLE, ByteBuffer.allocate(Long.BYTES).putLong(0, BLOCK));
        file.write(0, header(path, size, l1Size, backing));
    }

    private static ByteBuffer header(Path path, long size, int l1Size, Optional<Backing> backing) throws IOException {
        byte[] name = backing.map(below -> below.file().toString().getBytes(UTF_8)).orElse(new byte[0]);
        byte[] format = backing.map(below -> below.format().getBytes(UTF_8)).orElse(new byte[0]);
        if (backing.isPresent() && (!backing.get().file().isAbsolute() || name.length > Header.MAX_BACKING_FILE || format.length > CLUSTER / 2)) {
            throw new IOException("Disk file " + path + " cannot lie over " + backing.get() + "; give an absolute path of up to "
                    + Header.MAX_BACKING_FILE + " bytes");
        }
        ByteBuffer extensions = extensions(format);
        int nameAt = Header.V3_BYTES + extensions.remaining();
        ByteBuffer bytes = ByteBuffer.allocate(nameAt + name.length).put(Header.MAGIC).putInt(3);
        bytes.putLong(name.length == 0 ? 0 : nameAt).putInt(name.length).putInt(GEOMETRY.clusterBits()).putLong(size).putInt(0);
        bytes.putInt(l1Size).putLong(L1).putLong(TABLE).putInt(1).putInt(0).putLong(0);
        bytes.putLong(0).putLong(0).putLong(0).putInt(GEOMETRY.refcountOrder()).putInt(Header.V3_BYTES);
        return bytes.put(extensions).put(name).flip();
    }

    /** That of the backing file's format, if there is one, and the end of all. */
    private static ByteBuffer extensions(byte[] format) {
        int padded = format.length + 7 & -8;
        ByteBuffer bytes = ByteBuffer.allocate(format.length == 0 ? 8 : 8 + padded + 8);
        if (format.length > 0) {
            bytes.putInt(Header.BACKING_FORMAT).putInt(format.length).put(format);
        }
        return bytes.clear();
    }
}
