package tidemark.api.device;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/** Service: a format of disk files. Its name is the service property {@link #NAME}. Any thread. */
@ConsumerType
public interface DiskPart {
    String NAME = "tidemark.disk";

    /** Whether the file's first bytes are those of this format; false for a format without a signature. */
    boolean recognizes(Path file) throws IOException;

    /**
     * Opens a file. Nothing is trusted in it: lengths and offsets are checked. Who writes a file is alone, those who only read it are not: until it is closed
     * it cannot be opened a second time unless it is only read each time, in this process or another.
     *
     * @param writable whether to write to it; files below it are only read
     * @param below opens the file that this one is an overlay of, read-only
     * @throws IOException with what is wrong, where, and the way out
     */
    Disk open(Path file, boolean writable, Opener below) throws IOException;

    /**
     * Creates a file whose bytes are those of {@code backing}, or zeros.
     *
     * @param size in bytes, a multiple of {@link Disk#SECTOR}; at least that of the backing file's content
     * @throws IOException also if the file exists, or the format has no backing files and one is given
     */
    void create(Path file, long size, Optional<Backing> backing) throws IOException;

    /** Opens a disk file of whatever format is deployed, read-only. */
    @FunctionalInterface
    interface Opener {
        Disk open(Backing file) throws IOException;
    }

    /**
     * The file below an overlay.
     *
     * @param file absolute
     * @param format name of a disk part
     */
    record Backing(Path file, String format) {}
}
