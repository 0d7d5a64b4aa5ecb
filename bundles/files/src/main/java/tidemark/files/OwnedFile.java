package tidemark.files;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

/** A file that did not exist before, locked as long as its process lives and has it open. Any thread. */
final class OwnedFile implements AutoCloseable {
    /** One byte that no content reaches: content may be locked by others for purposes of their own. */
    private static final long LOCKED = 1L << 62;
    /** Files of this process must not be tried for a lock: closing any channel of a file drops all locks that the process has on it. */
    private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

    private final Path path;
    private final FileChannel channel;

    private OwnedFile(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /**
     * Follows no link, and takes no file that exists.
     *
     * @param name gives another one each time, or the creation fails for good if the file exists
     */
    static OwnedFile create(Supplier<Path> name, FileAttribute<?>... attributes) throws IOException {
        while (true) {
            OwnedFile file = begin(name.get(), attributes);
            try {
                // between its creation and its lock another process may have taken the file for one of the dead
                if (file.channel.tryLock(LOCKED, 1, false) != null && Files.exists(file.path, LinkOption.NOFOLLOW_LINKS)) {
                    return file;
                }
            } catch (IOException e) {
                Files.deleteIfExists(file.path);
                file.close();
                throw e;
            }
            file.close();
        }
    }

    private static OwnedFile begin(Path path, FileAttribute<?>... attributes) throws IOException {
        if (!OWN.add(path)) {
            throw new FileAlreadyExistsException(path.toString());
        }
        try {
            return new OwnedFile(path, FileChannel.open(path, Set.of(READ, WRITE, CREATE_NEW), attributes));
        } catch (IOException | RuntimeException e) {
            OWN.remove(path);
            throw e;
        }
    }

    static String random() {
        return String.format("%016x", ThreadLocalRandom.current().nextLong());
    }

    /** The path with its folder as the file system knows it, so that one file has one path. */
    static Path real(Path file) throws IOException {
        Path absolute = file.toAbsolutePath().normalize();
        if (!Files.isDirectory(absolute.getParent())) {
            throw new NoSuchFileException(absolute.toString(), null, "there is no folder " + absolute.getParent());
        }
        return absolute.getParent().toRealPath().resolve(absolute.getFileName());
    }

    Path path() {
        return path;
    }

    FileChannel channel() {
        return channel;
    }

    /** Another name of this file, which others find in use, too. */
    void alsoKnownAs(Path other) throws FileAlreadyExistsException {
        if (!OWN.add(other)) {
            throw new FileAlreadyExistsException(other.toString());
        }
    }

    void notKnownAs(Path other) {
        OWN.remove(other);
    }

    /** Gives up the lock; the file stays. */
    @Override
    public void close() throws IOException {
        try (channel) {
            OWN.remove(path);
        }
    }

    /** Runs {@code action} with the lock of a file whose process is gone. @return empty if it lives, or that cannot be found out */
    static <T> Optional<T> ifDead(Path file, Action<T> action) throws IOException {
        if (OWN.contains(file) || !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        // a shared lock, which needs no right to write: its owner's is not
        try (FileChannel channel = FileChannel.open(file, READ, LinkOption.NOFOLLOW_LINKS); FileLock lock = channel.tryLock(LOCKED, 1, true)) {
            return lock == null ? Optional.empty() : Optional.of(action.run());
        } catch (OverlappingFileLockException e) {
            return Optional.empty();
        }
    }

    @FunctionalInterface
    interface Action<T> {
        T run() throws IOException;
    }
}
