package tidemark.disk.overlay;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import tidemark.api.device.DiskPart.Backing;
import tidemark.disk.Storage;

/** The last sector before the bitmap: the backing file that has taken the place of the header's. A host writes a sector as a whole or not at all. */
final class Successor {
    static final int OFFSET = Geometry.HEADER_BYTES - BitmapSector.BYTES;
    private static final byte[] MAGIC = {'T', 'M', 'O', 'N', 'E', 'X', 'T', '\n'};
    private static final int NAMES_AT = MAGIC.length + 2 * Integer.BYTES;
    private static final int CHECKSUM_AT = BitmapSector.BYTES - Integer.BYTES;

    private Successor() {}

    /** Empty in a file that still lies over the header's. */
    static Optional<Backing> read(Path path, Storage file, long identity) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(BitmapSector.BYTES);
        file.read(OFFSET, bytes);
        if (bytes.flip().mismatch(ByteBuffer.allocate(BitmapSector.BYTES)) < 0) {
            return Optional.empty();
        }
        if (!Arrays.equals(bytes.array(), 0, MAGIC.length, MAGIC, 0, MAGIC.length)
                || bytes.getInt(CHECKSUM_AT) != Damage.checksum(bytes.slice(0, CHECKSUM_AT), identity)) {
            throw Damage.at(file, OFFSET, "wrong checksum of the successor of its backing file");
        }
        return Optional.of(backing(path, file, bytes));
    }

    private static Backing backing(Path path, Storage file, ByteBuffer bytes) throws IOException {
        int nameBytes = bytes.getInt(MAGIC.length);
        int formatBytes = bytes.getInt(MAGIC.length + Integer.BYTES);
        if (nameBytes <= 0 || formatBytes < 0 || nameBytes > CHECKSUM_AT || formatBytes > CHECKSUM_AT - NAMES_AT - nameBytes) {
            throw Damage.at(file, OFFSET, "names of " + nameBytes + " and " + formatBytes + " bytes");
        }
        String name = new String(bytes.array(), NAMES_AT, nameBytes, UTF_8);
        String format = new String(bytes.array(), NAMES_AT + nameBytes, formatBytes, UTF_8);
        try {
            Path beside = path.toRealPath().resolveSibling(name);
            if (Path.of(name).getNameCount() == 1 && beside.getFileName().toString().equals(name) && !name.equals("..")) {
                return new Backing(beside, format);
            }
        } catch (InvalidPathException e) {
            throw Damage.at(file, OFFSET, "no name of a file: " + e.getMessage());
        }
        throw Damage.at(file, OFFSET, "a name that is not of a file beside it: " + name);
    }

    /** Not durable before the next sync. */
    static void write(Path path, Storage file, long identity, Backing backing) throws IOException {
        byte[] name = backing.file().getFileName().toString().getBytes(UTF_8);
        byte[] format = backing.format().getBytes(UTF_8);
        if (!path.toRealPath().getParent().equals(backing.file().toAbsolutePath().getParent().toRealPath()) || name.length + format.length > CHECKSUM_AT - NAMES_AT) {
            throw new IOException("Disk file " + path + " cannot be laid over " + backing + "; give a file beside it, with a shorter name");
        }
        ByteBuffer bytes = ByteBuffer.allocate(BitmapSector.BYTES).put(MAGIC).putInt(name.length).putInt(format.length).put(name).put(format);
        bytes.clear().putInt(CHECKSUM_AT, Damage.checksum(bytes.slice(0, CHECKSUM_AT), identity));
        file.write(OFFSET, bytes);
    }
}
