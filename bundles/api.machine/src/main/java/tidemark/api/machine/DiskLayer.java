package tidemark.api.machine;

import java.nio.file.Path;
import java.util.List;

/**
 * The content of a disk at one instant: a file, with those below it, that nobody writes any more.
 *
 * @param device name of the device that the disk was in
 * @param format name of the disk part of the topmost file
 * @param files the topmost first, at least one
 */
public record DiskLayer(String device, String format, List<Stamp> files) {
    public DiskLayer {
        files = List.copyOf(files);
    }

    /** The topmost file. */
    public Path file() {
        return files.getFirst().file();
    }

    /**
     * A file as it was when it was forced; one that differs was written since and is refused.
     *
     * @param file absolute
     * @param length in bytes
     * @param modified its time of modification, in milliseconds since 1970
     * @param witness what finds a change that kept length and time, in the platform's own words; empty if the image has none
     */
    public record Stamp(Path file, long length, long modified, String witness) {
        /** Without a witness. */
        public Stamp(Path file, long length, long modified) {
            this(file, length, modified, "");
        }

        /** The same content in another file. */
        public Stamp at(Path other) {
            return new Stamp(other, length, modified, witness);
        }
    }
}
