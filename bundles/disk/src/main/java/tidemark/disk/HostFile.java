package tidemark.disk;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import tidemark.api.device.NoSpaceException;
import tidemark.files.Audience;
import tidemark.files.Fault;
import tidemark.files.NewFile;

/**
 * A file of the host, locked as long as it is open. Not a {@code FileChannel}: that one is closed for everybody when a thread is interrupted in it, its locks
 * go when any other channel of the same file is closed, and it makes no holes.
 */
public final class HostFile implements Storage {
    /** Linux moves at most 0x7ffff000 bytes at once. */
    private static final long MOST_AT_ONCE = 1 << 30;
    private static final int ZEROS_AT_ONCE = 1 << 16;

    private final Path path;
    private final Descriptor descriptor;
    private boolean folderSynced;
    private boolean shared;
    private volatile boolean syncFailed;

    private HostFile(Path path, Descriptor descriptor) {
        this.path = path;
        this.descriptor = descriptor;
    }

    /** @throws IOException also if it is not a plain file, or in use: one who writes is alone, those who read are not */
    public static HostFile open(Path file, boolean writable) throws IOException {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new IOException("Cannot open disk file " + file + ": it is not a plain file; choose one that is");
        }
        return locked(file, file, writable, (writable ? Libc.O_RDWR : Libc.O_RDONLY) | Libc.O_NONBLOCK);
    }

    /**
     * Makes a file, its owner's alone; there is none before it is whole. Not durable before the first {@link #sync} of who opens it.
     *
     * @throws IOException also if the file exists
     */
    public static void create(Path file, Filling content) throws IOException {
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            throw Errno.notOpened(file, true, Libc.EEXIST);
        }
        try (NewFile created = NewFile.create(file, Audience.OWNER)) {
            fill(created, file, content);
            created.name();
        } catch (FileAlreadyExistsException e) {
            throw Errno.notOpened(file, true, Libc.EEXIST);
        } catch (NoSuchFileException e) {
            throw Errno.notOpened(file, true, Libc.ENOENT);
        } catch (FileSystemException e) {
            throw new IOException("Cannot make disk file " + file + ": " + Fault.reason(e) + "; choose another place", e);
        }
    }

    private static void fill(NewFile created, Path file, Filling content) throws IOException {
        try (HostFile under = locked(created.partial(), file, true, Libc.O_RDWR)) {
            under.folderSynced = true;
            content.into(under);
        }
    }

    /** @param file as messages name it */
    private static HostFile locked(Path path, Path file, boolean writable, int flags) throws IOException {
        int fd = Libc.open(path.toString(), flags);
        if (fd < 0) {
            throw Errno.notOpened(file, writable, -fd);
        }
        Descriptor descriptor = new Descriptor(file, fd);
        try {
            FileLock.take(fd, file, writable);
        } catch (IOException | RuntimeException e) {
            descriptor.close();
            throw e;
        }
        return new HostFile(file, descriptor);
    }

    public Path path() {
        return path;
    }

    @Override
    public long length() throws IOException {
        return descriptor.request("find the length of", 0, fd -> Libc.lseek(fd, 0, Libc.SEEK_END));
    }

    @Override
    public void read(long offset, ByteBuffer into) throws IOException {
        for (long at = offset; into.hasRemaining();) {
            long from = at;
            long read = descriptor.request("read", from, fd -> readSome(fd, from, into));
            if (read == 0) {
                throw new IOException("Cannot read disk file " + path + " at offset " + at + ": the file ends there; it was cut short, use a copy of it");
            }
            at += read;
        }
    }

    private static long readSome(int fd, long offset, ByteBuffer into) {
        MemorySegment bytes = MemorySegment.ofBuffer(into);
        long read;
        if (bytes.isNative()) {
            read = Libc.pread(fd, bytes, Math.min(bytes.byteSize(), MOST_AT_ONCE), offset);
        } else {
            MemorySegment bounce = Libc.bounce();
            read = Libc.pread(fd, bounce, Math.min(bytes.byteSize(), bounce.byteSize()), offset);
            MemorySegment.copy(bounce, JAVA_BYTE, 0, bytes, JAVA_BYTE, 0, Math.max(read, 0));
        }
        return advanced(into, read);
    }

    @Override
    public void write(long offset, ByteBuffer from) throws IOException {
        for (long at = offset; from.hasRemaining();) {
            long to = at;
            at += descriptor.request("write", to, fd -> writeSome(fd, to, from));
        }
    }

    private static long writeSome(int fd, long offset, ByteBuffer from) {
        MemorySegment bytes = MemorySegment.ofBuffer(from);
        if (bytes.isNative()) {
            return advanced(from, Libc.pwrite(fd, bytes, Math.min(bytes.byteSize(), MOST_AT_ONCE), offset));
        }
        MemorySegment bounce = Libc.bounce();
        long length = Math.min(bytes.byteSize(), bounce.byteSize());
        MemorySegment.copy(bytes, JAVA_BYTE, 0, bounce, JAVA_BYTE, 0, length);
        return advanced(from, Libc.pwrite(fd, bounce, length, offset));
    }

    private static long advanced(ByteBuffer buffer, long moved) {
        if (moved > 0) {
            buffer.position(buffer.position() + (int) moved);
        }
        return moved;
    }

    @Override
    public void zero(long offset, long length) throws IOException {
        if (length > 0 && !punch(offset, length)) {
            writeZeros(offset, length);
        }
    }

    /** @return false if the file system makes no holes */
    private boolean punch(long offset, long length) throws IOException {
        return allocate("make zeros of " + length + " bytes in", Libc.PUNCH_HOLE_KEEP_SIZE, offset, length);
    }

    /** @return false if the file system cannot do that */
    private boolean allocate(String what, int mode, long offset, long length) throws IOException {
        return descriptor.request(what, offset, fd -> {
            int result = Libc.fallocate(fd, mode, offset, length);
            return result == -Libc.EOPNOTSUPP || result == -Libc.ENOSYS ? 1 : result;
        }) == 0;
    }

    @Override
    public void reserve(long offset, long length) throws IOException {
        if (length > 0 && !allocate("reserve " + length + " bytes in", Libc.ALLOCATE, offset, length)) {
            rewrite(offset, length);
        }
    }

    /** For file systems that set no space aside: writes what is there once more. */
    void rewrite(long offset, long length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(length, ZEROS_AT_ONCE));
        for (long at = offset, end = offset + length; at < end; at += bytes.limit()) {
            Arrays.fill(bytes.array(), (byte) 0);
            read(at, bytes.clear().limit((int) Math.clamp(length() - at, 0, Math.min(bytes.capacity(), end - at))));
            write(at, bytes.clear().limit((int) Math.min(bytes.capacity(), end - at)));
        }
    }

    /** Leaves holes that are there: each write ends at a multiple of its unit, lest its last page be found as data next. */
    void writeZeros(long offset, long length) throws IOException {
        ByteBuffer zeros = ByteBuffer.allocate(ZEROS_AT_ONCE);
        long end = Math.min(offset + length, length());
        for (long at = nextData(offset); at < end; at = nextData(at + zeros.limit())) {
            write(at, zeros.clear().limit((int) Math.min(ZEROS_AT_ONCE - at % ZEROS_AT_ONCE, end - at)));
        }
    }

    @Override
    public void resize(long length) throws IOException {
        descriptor.request("give " + length + " bytes to", length, fd -> Libc.ftruncate(fd, length));
    }

    @Override
    public long nextData(long offset) throws IOException {
        long end = length();
        long data = offset >= end ? end : descriptor.request("find data in", offset, fd -> {
            long found = Libc.lseek(fd, offset, Libc.SEEK_DATA);
            return found == -Libc.EINVAL ? offset : found == -Libc.ENXIO ? end : found;
        });
        return Math.min(data, end);
    }

    @Override
    public void sync() throws IOException {
        if (syncFailed) {
            throw new IOException("Cannot make disk file " + path + " durable: it failed before, what it holds on disk is unknown; "
                    + "go on from a checkpoint or a copy");
        }
        try {
            descriptor.request("make durable", 0, Libc::fdatasync);
            syncFolder();
        } catch (IOException e) {
            syncFailed = true;
            throw e instanceof NoSpaceException ? new IOException(e.getMessage(), e) : e; // not to be tried again
        }
    }

    /** The name of a new file is durable when its folder is. */
    private synchronized void syncFolder() throws IOException {
        if (!folderSynced) {
            int folder = Libc.open(path.toAbsolutePath().getParent().toString(), Libc.O_RDONLY);
            int result = folder < 0 ? folder : Libc.fsync(folder);
            if (folder >= 0) {
                Libc.close(folder);
            }
            if (result != -Libc.EINVAL && result != -Libc.EACCES) { // the file system has no such thing, or the user may not
                Errno.checked(result, "make durable the name of", path, 0);
            }
            folderSynced = true;
        }
    }

    /** Once: while locks are changed, readers would take the file for one that is written. */
    @Override
    public synchronized void share() throws IOException {
        if (!shared) {
            descriptor.request("unlock", 0, fd -> {
                FileLock.share(fd, path);
                return 0;
            });
            shared = true;
        }
    }

    @Override
    public void close() {
        descriptor.close();
    }

    @Override
    public String toString() {
        return path.toString();
    }

    /** Writes the first content of a file. */
    @FunctionalInterface
    public interface Filling {
        void into(Storage file) throws IOException;
    }
}
