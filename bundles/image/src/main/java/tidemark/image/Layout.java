package tidemark.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The forms of an image, as its file header names them. */
public enum Layout {
    /** Append-only: pages in the order in which they were written, repeated pages allowed. */
    STREAM("stream", 0x5354524D),
    /** Page n at a fixed offset, sparse, rewritten in place. */
    MAPPED("mapped", 0x4D415044);

    final String label;
    final int code;

    Layout(String label, int code) {
        this.label = label;
        this.code = code;
    }

    /** Whether the file begins as an image of this layout does, of whatever version; false if it cannot be read. */
    public boolean recognizes(Path file) {
        if (!Files.isRegularFile(file)) {
            return false;
        }
        ByteBuffer start = ByteBuffer.allocate(Long.BYTES + Integer.BYTES);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            while (start.hasRemaining() && channel.read(start) >= 0) {
                continue;
            }
        } catch (IOException unreadable) {
            return false;
        }
        return !start.hasRemaining() && start.getLong(0) == FileHeader.MAGIC && start.getInt(Long.BYTES) == code;
    }
}
