package tidemark.disk.overlay;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import tidemark.api.device.Disk;
import tidemark.api.device.DiskPart.Backing;
import tidemark.disk.Storage;

/**
 * How the file begins. Written once, when it is created.
 *
 * @param identity of this file, in every checksum of its bitmap
 */
record Header(long size, long identity, Optional<Backing> backing) {
    /** The last byte is newline, the one before end-of-file on DOS: a transfer as text destroys it, as it does PNG's. */
    static final byte[] MAGIC = {(byte) 0x89, 'T', 'M', 'O', '\r', '\n', 0x1A, '\n'};
    static final int VERSION = 1;
    private static final int FIXED_BYTES = 40;
    private static final int MAX_FILE = 4096;
    private static final int MAX_FORMAT = 255;

    Geometry geometry() {
        return new Geometry(size);
    }

    ByteBuffer encode(Path path) throws IOException {
        byte[] file = backing.map(below -> below.file().toString().getBytes(UTF_8)).orElse(new byte[0]);
        byte[] format = backing.map(below -> below.format().getBytes(UTF_8)).orElse(new byte[0]);
        if (backing.isPresent() && (!backing.get().file().isAbsolute() || file.length > MAX_FILE || format.length > MAX_FORMAT)) {
            throw new IOException("Disk file " + path + " cannot lie over " + backing.get() + "; give an absolute path of up to " + MAX_FILE
                    + " bytes, and a format of up to " + MAX_FORMAT);
        }
        ByteBuffer bytes = ByteBuffer.allocate(FIXED_BYTES + file.length + format.length + Integer.BYTES).put(MAGIC).putInt(VERSION).putInt(Geometry.BLOCK)
                .putLong(size).putLong(identity).putInt(file.length).putInt(format.length).put(file).put(format);
        return bytes.putInt(Damage.checksum(bytes.duplicate().flip(), 0)).flip();
    }

    static Header read(Storage file) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(file.length(), Geometry.HEADER_BYTES));
        file.read(0, bytes);
        if (bytes.flip().remaining() < FIXED_BYTES || !Arrays.equals(bytes.array(), 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw Damage.refusal(file, "it does not begin as one; give it the right format");
        }
        int version = bytes.getInt(8);
        if (version != VERSION) {
            throw Damage.refusal(file, "its version is " + Integer.toUnsignedString(version) + ", this Tidemark reads version " + VERSION
                    + "; open it with one that writes that version");
        }
        Header header = parse(file, bytes.position(12));
        if (file.length() < header.geometry().fileLength()) {
            throw Damage.at(file, file.length(), "the file ends, it should have " + header.geometry().fileLength() + " bytes");
        }
        return header;
    }

    private static Header parse(Storage file, ByteBuffer bytes) throws IOException {
        int block = bytes.getInt();
        long size = bytes.getLong();
        long identity = bytes.getLong();
        int fileBytes = length(file, bytes, MAX_FILE);
        int formatBytes = length(file, bytes, MAX_FORMAT);
        int end = FIXED_BYTES + fileBytes + formatBytes;
        if (end + Integer.BYTES > bytes.limit() || bytes.getInt(end) != Damage.checksum(bytes.slice(0, end), 0)) {
            throw Damage.at(file, end, "wrong checksum of the header");
        }
        if (block != Geometry.BLOCK || size < 0 || size > Geometry.MAX_SIZE || size % Disk.SECTOR != 0) {
            throw Damage.at(file, 12, "a disk of " + size + " bytes in blocks of " + block);
        }
        return new Header(size, identity, backing(file, text(bytes, fileBytes), text(bytes, formatBytes)));
    }

    private static int length(Storage file, ByteBuffer bytes, int most) throws IOException {
        int length = bytes.getInt();
        if (length < 0 || length > most) {
            throw Damage.at(file, bytes.position() - Integer.BYTES, "a name of " + Integer.toUnsignedString(length) + " bytes, allowed are " + most);
        }
        return length;
    }

    private static String text(ByteBuffer bytes, int length) {
        String text = new String(bytes.array(), bytes.position(), length, UTF_8);
        bytes.position(bytes.position() + length);
        return text;
    }

    private static Optional<Backing> backing(Storage file, String name, String format) throws IOException {
        if (name.isEmpty()) {
            return Optional.empty();
        }
        try {
            Path path = Path.of(name);
            if (path.isAbsolute()) {
                return Optional.of(new Backing(path, format));
            }
        } catch (InvalidPathException e) {
            throw Damage.at(file, FIXED_BYTES, "no name of a file: " + e.getMessage());
        }
        throw Damage.at(file, FIXED_BYTES, "the name of a file that is not absolute: " + name);
    }
}
