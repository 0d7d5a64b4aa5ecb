package tidemark.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import tidemark.api.checkpoint.CheckpointException;

/**
 * An image file that is read, and what can be wrong with it. Read, not mapped: an I/O error or a file that is cut short meanwhile is then
 * an exception, not a signal.
 */
final class Source implements AutoCloseable {
    private final Path file;
    private final FileChannel channel;
    private final long size;

    private Source(Path file, FileChannel channel, long size) {
        this.file = file;
        this.channel = channel;
        this.size = size;
    }

    static Source open(Path file) throws CheckpointException {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new CheckpointException(file + " is no image: it is not a file");
        }
        try {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
            return new Source(file, channel, channel.size());
        } catch (NoSuchFileException e) {
            throw new CheckpointException("There is no image " + file, e);
        } catch (IOException e) {
            throw new CheckpointException("Cannot open image " + file + ": " + e.getMessage(), e);
        }
    }

    long size() {
        return size;
    }

    /** Fills {@code into} from {@code offset} and flips it. */
    void read(ByteBuffer into, long offset, String section) throws CheckpointException {
        try {
            while (into.hasRemaining()) {
                if (channel.read(into, offset + into.position()) < 0) {
                    throw damaged(section, offset + into.position(), "the file ends");
                }
            }
        } catch (IOException e) {
            throw new CheckpointException("Cannot read image " + file + ", section " + section + " at offset " + offset + ": "
                    + e.getMessage() + "; use another checkpoint", e);
        }
        into.flip();
    }

    CheckpointException damaged(String section, long offset, String what) {
        return damaged(section, offset, what, null);
    }

    CheckpointException damaged(String section, long offset, String what, Throwable cause) {
        return new CheckpointException("Image " + file + " is damaged: section " + section + " at offset " + offset + ": " + what
                + "; use another checkpoint", cause);
    }

    CheckpointException refused(String why) {
        return new CheckpointException(file + " " + why);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("Cannot close image " + file, e);
        }
    }
}
