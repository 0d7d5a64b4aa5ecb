package tidemark.files;

import static java.nio.file.StandardOpenOption.READ;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file that gets its name when it is whole. Until then it is {@code .NAME.partial-RANDOM} beside it, locked by its writer; {@link Leftovers} removes those
 * whose writers died. Threads take turns.
 */
public final class NewFile implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NewFile.class);

    private final Path target;
    private final OwnedFile partial;

    private NewFile(Path target, OwnedFile partial) {
        this.target = target;
        this.partial = partial;
    }

    /** @throws IOException if the folder does not exist or cannot be written */
    public static NewFile create(Path file, Audience audience) throws IOException {
        return create(OwnedFile.real(file), "", audience);
    }

    /** @param ending of the temporary name, by which a companion tells its main file; the target's name ends so, too */
    static NewFile create(Path target, String ending, Audience audience) throws IOException {
        String name = target.getFileName().toString();
        String main = name.substring(0, name.length() - ending.length());
        return new NewFile(target, OwnedFile.create(() -> target.resolveSibling("." + main + ".partial-" + OwnedFile.random() + ending),
                audience.atCreation()));
    }

    /**
     * Writes a text, UTF-8, in place of what was there. A name that leads to a device or a pipe is written to as it is; a link to a file is replaced, not followed.
     *
     * @throws IOException with the file as it was before
     */
    public static void replace(Path file, Audience audience, String text) throws IOException {
        ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
        if (Files.exists(file) && !Files.isRegularFile(file) && !Files.isDirectory(file)) {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                write(channel, bytes);
            }
            return;
        }
        try (NewFile written = create(file, audience)) {
            write(written.channel(), bytes);
            written.replace();
        }
    }

    private static void write(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** Whether a name is one of files that are not whole yet. */
    public static boolean isPartial(Path file) {
        return file.getFileName() != null && Leftovers.PARTIAL.matcher(file.getFileName().toString()).matches();
    }

    /** The name that it is going to have, absolute. */
    public Path target() {
        return target;
    }

    /** The name that it has until then. */
    public Path partial() {
        return partial.path();
    }

    /** To write and read its content. */
    public FileChannel channel() {
        return partial.channel();
    }

    /**
     * On return the file is on disk under its name.
     *
     * @throws FileAlreadyExistsException if the name is taken: this never replaces a file
     */
    public void publish() throws IOException {
        channel().force(true);
        name();
        try {
            forceFolder(target.getParent());
        } catch (IOException e) {
            Files.deleteIfExists(target);
            throw e;
        }
    }

    /** Gives the file its name, never another one's; what is in it need not be on disk. */
    public void name() throws IOException {
        try {
            Files.createLink(target, partial.path());
        } catch (FileAlreadyExistsException e) {
            throw new FileAlreadyExistsException(target.toString());
        } catch (UnsupportedOperationException | FileSystemException e) {
            LOG.debug("No hard links at {}: {}", target, e.toString());
            rename();
        }
    }

    /** For file systems without hard links (FAT): a rename that would replace a file created within these two calls. */
    private void rename() throws IOException {
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileAlreadyExistsException(target.toString());
        }
        Files.move(partial.path(), target, StandardCopyOption.ATOMIC_MOVE);
    }

    /** On return the file is on disk under its name, in place of what had it before. */
    public void replace() throws IOException {
        if (Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileSystemException(target.toString(), null, "it is a folder");
        }
        channel().force(true);
        Files.move(partial.path(), target, StandardCopyOption.ATOMIC_MOVE);
        forceFolder(target.getParent());
    }

    static void forceFolder(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, READ)) {
            channel.force(true);
        }
    }

    /** Removes the temporary name. */
    @Override
    public void close() {
        try (partial) {
            Files.deleteIfExists(partial.path());
        } catch (IOException e) {
            LOG.warn("Cannot remove unfinished file {}: {}; remove it by hand", partial.path(), Fault.reason(e));
        }
    }

    /** Whether the target is this file, under its other name. */
    boolean isNamed() throws IOException {
        return Files.exists(target, LinkOption.NOFOLLOW_LINKS) && Files.exists(partial.path(), LinkOption.NOFOLLOW_LINKS)
                && Files.isSameFile(target, partial.path());
    }

    OwnedFile owned() {
        return partial;
    }
}
