package tidemark.disk.overlay;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import tidemark.disk.Storage;

/** What is wrong in a file, and the checksum that finds it. */
final class Damage {
    private Damage() {}

    static IOException at(Storage file, long offset, String what) {
        return new IOException("Disk file " + file + " is damaged: at offset " + offset + ", " + what + "; go on from an earlier layer or a copy");
    }

    static IOException refusal(Storage file, String why) {
        return new IOException("Disk file " + file + " cannot be opened as format overlay: " + why);
    }

    /** CRC32C (RFC 3720 appendix B.4) of the remaining bytes, then of {@code more}. The buffer stays as it is. */
    static int checksum(ByteBuffer bytes, long more) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.duplicate());
        crc.update(ByteBuffer.allocate(Long.BYTES).putLong(0, more));
        return (int) crc.getValue();
    }
}
