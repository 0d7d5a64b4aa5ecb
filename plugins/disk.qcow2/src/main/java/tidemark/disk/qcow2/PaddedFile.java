package tidemark.disk.qcow2;

import java.io.IOException;
import java.nio.ByteBuffer;
import tidemark.disk.Storage;

/** A file as a row of clusters: its last one may be cut short and has zeros then. */
final class PaddedFile {
    private PaddedFile() {}

    static ByteBuffer read(Storage file, long offset, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        read(file, offset, bytes);
        return bytes.flip();
    }

    /** Fills the buffer's remaining bytes. */
    static void read(Storage file, long offset, ByteBuffer into) throws IOException {
        long there = file.length() - offset;
        if (there >= into.remaining()) {
            file.read(offset, into);
            return;
        }
        if (there > 0) {
            int limit = into.limit();
            file.read(offset, into.limit(into.position() + (int) there));
            into.limit(limit);
        }
        zeros(into);
    }

    static void zeros(ByteBuffer into) {
        while (into.hasRemaining()) {
            into.put((byte) 0);
        }
    }
}
