package tidemark.disk;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/**
 * One writer and nobody else, or any number of readers: open file description locks (fcntl(2)), which also hold between two users within a process, and go
 * with the descriptor they were taken by. They are on the bytes that QEMU locks for the same purpose (block/file-posix.c), so that QEMU and this
 * platform keep out of each other's files.
 */
final class FileLock {
    // a QEMU process has a shared lock on USES + i if it uses permission i, on DENIES + i if nobody else may use it
    private static final long USES = 100;
    private static final long DENIES = 200;
    private static final long ALL = 200;
    private static final long CONSISTENT_READ = 0;
    private static final long WRITE = 1;
    private static final long RESIZE = 3;

    // struct flock of 64-bit Linux
    private static final long STRUCT_FLOCK = 32;
    private static final long L_TYPE = 0;
    private static final long L_START = 8;
    private static final long L_LEN = 16;

    private FileLock() {}

    /** @throws IOException if the file is in use; the descriptor is to be closed then */
    static void take(int fd, Path file, boolean writable) throws IOException {
        if (writable) {
            forWriting(fd, file);
        } else {
            forReading(fd, file);
        }
    }

    private static void forWriting(int fd, Path file) throws IOException {
        if (!set(fd, file, Libc.F_WRLCK, USES, ALL)) {
            boolean written = held(fd, Libc.F_RDLCK, USES, ALL) || held(fd, Libc.F_WRLCK, USES + WRITE, 1);
            throw new IOException("Cannot open disk file " + file + " for writing: another machine or program "
                    + (written ? "writes it" : "reads it, perhaps as the layer below another disk")
                    + "; stop that one, or open a new overlay of a file that nobody writes");
        }
    }

    private static void forReading(int fd, Path file) throws IOException {
        boolean locked = set(fd, file, Libc.F_RDLCK, USES + CONSISTENT_READ, 1) && set(fd, file, Libc.F_RDLCK, DENIES + WRITE, 1)
                && set(fd, file, Libc.F_RDLCK, DENIES + RESIZE, 1);
        if (!locked || held(fd, Libc.F_WRLCK, USES + WRITE, 1)) {
            throw new IOException("Cannot open disk file " + file + " for reading: another machine or program writes it; stop that one, "
                    + "or wait until the file is frozen below an overlay");
        }
    }

    /** From writing to reading, with no instant between at which another could write. */
    static void share(int fd, Path file) throws IOException {
        set(fd, file, Libc.F_RDLCK, USES, ALL);
        set(fd, file, Libc.F_UNLCK, USES + CONSISTENT_READ + 1, DENIES + WRITE - USES - 1);
        set(fd, file, Libc.F_UNLCK, DENIES + WRITE + 1, 1);
        set(fd, file, Libc.F_UNLCK, DENIES + RESIZE + 1, ALL);
    }

    private static boolean set(int fd, Path file, short type, long start, long length) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            int result = Libc.fcntl(fd, Libc.F_OFD_SETLK, flock(arena, type, start, length));
            if (result < 0 && result != -Libc.EAGAIN && result != -Libc.EACCES) {
                throw new IOException("Cannot lock disk file " + file + ": " + Libc.strerror(-result) + "; put it on a file system that has locks");
            }
            return result == 0;
        }
    }

    /** Whether somebody else has a lock there that a lock of this type would have to wait for. */
    private static boolean held(int fd, short type, long start, long length) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment flock = flock(arena, type, start, length);
            return Libc.fcntl(fd, Libc.F_OFD_GETLK, flock) == 0 && flock.get(JAVA_SHORT, L_TYPE) != Libc.F_UNLCK;
        }
    }

    private static MemorySegment flock(Arena arena, short type, long start, long length) {
        MemorySegment flock = arena.allocate(STRUCT_FLOCK, Long.BYTES);
        flock.set(JAVA_SHORT, L_TYPE, type);
        flock.set(JAVA_LONG, L_START, start);
        flock.set(JAVA_LONG, L_LEN, length);
        return flock;
    }
}
