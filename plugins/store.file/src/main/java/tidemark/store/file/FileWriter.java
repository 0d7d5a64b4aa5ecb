package tidemark.store.file;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.api.checkpoint.CheckpointException;
import tidemark.api.checkpoint.ImageReader;
import tidemark.api.checkpoint.ImageWriter;
import tidemark.api.checkpoint.PageBatch;
import tidemark.api.state.State;
import tidemark.files.Audience;
import tidemark.files.Fault;
import tidemark.files.Leftovers;
import tidemark.files.NewFile;
import tidemark.image.ImageEncoder;

/** An image that becomes a file. */
final class FileWriter implements ImageWriter {
    private static final Logger LOG = LoggerFactory.getLogger(FileWriter.class);

    private final NewFile file;
    private final ImageEncoder encoder;

    private final boolean replaces;

    private FileWriter(NewFile file, ImageEncoder encoder, boolean replaces) {
        this.file = file;
        this.encoder = encoder;
        this.replaces = replaces;
    }

    static FileWriter create(Path target, long pages, Encoding encoding) throws CheckpointException {
        return begin(target, pages, encoding, false);
    }

    static FileWriter replace(Path target, long pages, Encoding encoding) throws CheckpointException {
        return begin(target, pages, encoding, true);
    }

    private static FileWriter begin(Path target, long pages, Encoding encoding, boolean replaces) throws CheckpointException {
        try {
            NewFile file = begin(target, replaces);
            try {
                return new FileWriter(file, encoding.begin(file.channel(), pages), replaces);
            } catch (IOException | RuntimeException | Error e) {
                file.close();
                throw e;
            }
        } catch (IOException e) {
            throw new CheckpointException("Cannot create image " + target + ": " + reasonAndWayOut(e), e);
        } catch (IllegalArgumentException e) {
            throw new CheckpointException("Cannot create image " + target + ": " + e.getMessage(), e);
        }
    }

    private static NewFile begin(Path target, boolean replaces) throws IOException {
        if (!replaces && Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileAlreadyExistsException(target.toString());
        }
        NewFile file = NewFile.create(target, Audience.OWNER_READS);
        Leftovers.remove(file.target().getParent()).forEach(left -> LOG.info("Removed {}, left by a process that died", left));
        return file;
    }

    @Override
    public void writePages(PageBatch batch) throws IOException {
        write(() -> encoder.writePages(batch));
    }

    @Override
    public void writeStates(List<State> states) throws IOException {
        write(() -> encoder.writeStates(states));
    }

    @Override
    public void writeParent(ImageReader.Parent parent) throws IOException {
        write(() -> encoder.writeParent(parent));
    }

    @Override
    public long bytes() {
        return encoder.bytes();
    }

    @Override
    public void publish(Map<String, String> manifest) throws IOException {
        write(() -> {
            encoder.finish(manifest);
            if (replaces) {
                file.replace();
            } else {
                file.publish();
            }
        });
    }

    @Override
    public void close() {
        file.close();
    }

    private void write(Write write) throws IOException {
        try {
            write.run();
        } catch (IOException e) {
            throw new IOException("Cannot write image " + file.target() + ": " + reasonAndWayOut(e), e);
        }
    }

    private static String reasonAndWayOut(IOException e) {
        return switch (e) {
            case FileAlreadyExistsException exists -> "it exists already; choose another name or delete it";
            case ClosedByInterruptException interrupted -> "its thread was interrupted; take the checkpoint again";
            case FileSystemException place -> Fault.reason(e) + "; choose another place";
            default -> Fault.reason(e) + "; make room there or choose another place";
        };
    }

    /** Begins an image in an empty file. */
    @FunctionalInterface
    interface Encoding {
        ImageEncoder begin(FileChannel file, long pages) throws IOException;
    }

    @FunctionalInterface
    private interface Write {
        void run() throws IOException;
    }
}
