package tidemark.store.file;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file that gets its name when it is whole and on disk. Until then it is {@code .NAME.partial-RANDOM} beside it, locked by its
 * writer; the lock dies with the process, so one that can be locked was left by a dead writer and goes when the next file is created there.
 */
final class PartialFile implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PartialFile.class);
    private static final Pattern NAME = Pattern.compile("\\..+\\.partial-[0-9a-f]{16}");
    /** Those of this process must not be tried for a lock: closing any channel of a file drops all locks that the process has on it. */
    private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

    private final Path target;
    private final Path partial;
    private final FileChannel channel;

    private PartialFile(Path target, Path partial, FileChannel channel) {
        this.target = target;
        this.partial = partial;
        this.channel = channel;
    }

    /** @throws IOException if the target exists, or its folder does not or cannot be written */
    static PartialFile create(Path file) throws IOException {
        Path absolute = file.toAbsolutePath().normalize();
        if (Files.exists(absolute, LinkOption.NOFOLLOW_LINKS)) {
            throw exists(absolute);
        }
        if (!Files.isDirectory(absolute.getParent())) {
            throw new NoSuchFileException(absolute.toString(), null, "there is no folder " + absolute.getParent());
        }
        Path target = absolute.getParent().toRealPath().resolve(absolute.getFileName());
        removeStale(target.getParent());
        while (true) {
            PartialFile partial = begin(target);
            if (partial.lock()) {
                return partial;
            }
            partial.close();
        }
    }

    /** Between its creation and its lock another process may have taken it for stale; false then. */
    private boolean lock() throws IOException {
        try {
            return channel.tryLock() != null && Files.exists(partial);
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    private static PartialFile begin(Path target) throws IOException {
        long random = ThreadLocalRandom.current().nextLong();
        Path partial = target.resolveSibling(String.format(".%s.partial-%016x", target.getFileName(), random));
        OWN.add(partial);
        try {
            return new PartialFile(target, partial, FileChannel.open(partial, READ, WRITE, CREATE_NEW));
        } catch (IOException e) {
            OWN.remove(partial);
            throw e;
        }
    }

    static boolean isPartial(Path file) {
        return file.getFileName() != null && NAME.matcher(file.getFileName().toString()).matches();
    }

    Path target() {
        return target;
    }

    FileChannel channel() {
        return channel;
    }

    /** On return the file is on disk under its name; that never replaces another file. */
    void publish() throws IOException {
        channel.force(true);
        try {
            Files.createLink(target, partial);
        } catch (FileAlreadyExistsException e) {
            throw exists(target);
        } catch (UnsupportedOperationException | FileSystemException e) {
            LOG.debug("No hard links at {}: {}", target, e.toString());
            rename();
        }
        try (FileChannel folder = FileChannel.open(target.getParent(), READ)) {
            folder.force(true);
        } catch (IOException e) {
            Files.deleteIfExists(target);
            throw e;
        }
    }

    /** For file systems without hard links (FAT): a rename that would replace a file created within these two calls. */
    private void rename() throws IOException {
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            throw exists(target);
        }
        Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Removes the temporary name. */
    @Override
    public void close() {
        try (channel) {
            Files.deleteIfExists(partial);
        } catch (IOException e) {
            LOG.warn("Cannot remove unfinished image {}: {}; remove it by hand", partial, e.toString());
        } finally {
            OWN.remove(partial);
        }
    }

    private static FileAlreadyExistsException exists(Path target) {
        return new FileAlreadyExistsException(target.toString());
    }

    private static void removeStale(Path folder) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, PartialFile::isForeign)) {
            for (Path entry : entries) {
                removeIfStale(entry);
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    private static boolean isForeign(Path entry) {
        return isPartial(entry) && Files.isRegularFile(entry, LinkOption.NOFOLLOW_LINKS) && !OWN.contains(entry);
    }

    private static void removeIfStale(Path entry) {
        try (FileChannel channel = FileChannel.open(entry, WRITE); FileLock lock = channel.tryLock()) {
            if (lock != null) {
                Files.delete(entry);
                LOG.info("Removed {}, left by a process that died", entry);
            }
        } catch (IOException | OverlappingFileLockException e) {
            LOG.debug("Leaving {}: {}", entry, e.toString());
        }
    }
}
