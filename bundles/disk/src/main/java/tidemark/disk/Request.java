package tidemark.disk;

import java.io.IOException;
import java.nio.file.Path;
import tidemark.api.device.Disk;

/** Checks of what is asked of a disk. None overflows, whatever the numbers. */
public final class Request {
    private Request() {}

    /** @throws IOException unless the bytes are within the disk */
    public static void check(Path file, long size, long offset, long length) throws IOException {
        if (offset < 0 || length < 0 || length > size || offset > size - length) {
            throw new IOException("Request for " + length + " bytes at offset " + offset + " of disk " + file + " goes beyond its " + size
                    + " bytes; requests must end within the disk");
        }
    }

    public static void checkWritable(Path file, boolean writable) throws IOException {
        if (!writable) {
            throw new IOException("Disk " + file + " is open read-only; put an overlay over it to write");
        }
    }

    /** @throws IOException unless it is a size for a disk: a multiple of {@link Disk#SECTOR} from 0 to {@code most} */
    public static void checkSize(Path file, long size, long most) throws IOException {
        if (size < 0 || size > most || size % Disk.SECTOR != 0) {
            throw new IOException("Disk " + file + " cannot have " + size + " bytes; give it a multiple of " + Disk.SECTOR + ", at most " + most);
        }
    }
}
