package tidemark.disk;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.Charset;
import java.util.Arrays;

/** Functions of the C library, Linux on 64 bits; each returns what C does, or {@code -errno}. Any thread; interrupts do not reach them. */
@SuppressWarnings("restricted")
final class Libc {
    // asm-generic/fcntl.h and falloc.h; the same on x86-64, AArch64 and RISC-V
    static final int O_RDONLY = 0;
    static final int O_RDWR = 2;
    static final int O_NONBLOCK = 04000;
    static final int O_CLOEXEC = 02000000;
    static final int SEEK_END = 2;
    static final int SEEK_DATA = 3;
    static final int ALLOCATE = 0;
    static final int PUNCH_HOLE_KEEP_SIZE = 0x02 | 0x01;
    static final int F_OFD_GETLK = 36;
    static final int F_OFD_SETLK = 37;
    static final short F_RDLCK = 0;
    static final short F_WRLCK = 1;
    static final short F_UNLCK = 2;

    // asm-generic/errno-base.h and errno.h
    static final int ENOENT = 2;
    static final int EINTR = 4;
    static final int EIO = 5;
    static final int ENXIO = 6;
    static final int EAGAIN = 11;
    static final int EACCES = 13;
    static final int EEXIST = 17;
    static final int EINVAL = 22;
    static final int EFBIG = 27;
    static final int ENOSPC = 28;
    static final int EROFS = 30;
    static final int ENOSYS = 38;
    static final int EOPNOTSUPP = 95;
    static final int EDQUOT = 122;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
    private static final Charset PATHS = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));
    private static final int MODE = 0600;

    private static final MethodHandle OPEN = function("open", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT),
            Linker.Option.firstVariadicArg(2));
    private static final MethodHandle CLOSE = function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle PREAD = function("pread", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle PWRITE = function("pwrite", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle LSEEK = function("lseek", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT));
    private static final MethodHandle FTRUNCATE = function("ftruncate", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG));
    private static final MethodHandle FALLOCATE = function("fallocate", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle FSYNC = function("fsync", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle FDATASYNC = function("fdatasync", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle FCNTL = function("fcntl", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS),
            Linker.Option.firstVariadicArg(2));
    private static final MethodHandle STRERROR = LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow("strerror"),
            FunctionDescriptor.of(ADDRESS.withTargetLayout(MemoryLayout.sequenceLayout(Long.MAX_VALUE, ValueLayout.JAVA_BYTE)), JAVA_INT));

    /** Of each thread: where errno goes, and behind it {@link #bounce}. */
    private static final ThreadLocal<MemorySegment> SCRATCH = ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(2L << 16, 1 << 16));

    private Libc() {}

    private static MethodHandle function(String name, FunctionDescriptor type, Linker.Option... options) {
        Linker.Option[] all = Arrays.copyOf(options, options.length + 1);
        all[options.length] = ERRNO;
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), type, all);
    }

    /** 64 KiB of this thread's own, for what is not in the native heap. */
    static MemorySegment bounce() {
        return SCRATCH.get().asSlice(1 << 16);
    }

    static int open(String path, int flags) {
        MemorySegment errno = SCRATCH.get();
        try (Arena arena = Arena.ofConfined()) {
            return result(errno, (int) OPEN.invokeExact(errno, arena.allocateFrom(path, PATHS), flags | O_CLOEXEC, MODE));
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static int close(int fd) {
        MemorySegment errno = SCRATCH.get();
        try {
            return result(errno, (int) CLOSE.invokeExact(errno, fd));
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    /** @param bytes native */
    static long pread(int fd, MemorySegment bytes, long length, long offset) {
        MemorySegment errno = SCRATCH.get();
        try {
            return result(errno, (long) PREAD.invokeExact(errno, fd, bytes, length, offset));
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    /** @param bytes native */
    static long pwrite(int fd, MemorySegment bytes, long length, long offset) {
        MemorySegment errno = SCRATCH.get();
        try {
            return result(errno, (long) PWRITE.invokeExact(errno, fd, bytes, length, offset));
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static long lseek(int fd, long offset, int whence) {
        MemorySegment errno = SCRATCH.get();
        try {
            return result(errno, (long) LSEEK.invokeExact(errno, fd, offset, whence));
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static int ftruncate(int fd, long length) {
        MemorySegment errno = SCRATCH.get();
        try {
            return result(errno, (int) FTRUNCATE.invokeExact(errno, fd, length));
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static int fallocate(int fd, int mode, long offset, long length) {
        MemorySegment errno = SCRATCH.get();
        try {
            return result(errno, (int) FALLOCATE.invokeExact(errno, fd, mode, offset, length));
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static int fsync(int fd) {
        MemorySegment errno = SCRATCH.get();
        try {
            return result(errno, (int) FSYNC.invokeExact(errno, fd));
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static int fdatasync(int fd) {
        MemorySegment errno = SCRATCH.get();
        try {
            return result(errno, (int) FDATASYNC.invokeExact(errno, fd));
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static int fcntl(int fd, int command, MemorySegment argument) {
        MemorySegment errno = SCRATCH.get();
        try {
            return result(errno, (int) FCNTL.invokeExact(errno, fd, command, argument));
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static String strerror(int errno) {
        try {
            return ((MemorySegment) STRERROR.invokeExact(errno)).getString(0);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    private static int result(MemorySegment errno, int value) {
        return value < 0 ? -errno.get(JAVA_INT, 0) : value;
    }

    private static long result(MemorySegment errno, long value) {
        return value < 0 ? -errno.get(JAVA_INT, 0) : value;
    }

    /** Functions of C throw nothing: this is a fault of the caller, for example a buffer of another thread. */
    private static RuntimeException broken(Throwable cause) {
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof RuntimeException e ? e : new IllegalStateException("Cannot call the C library", cause);
    }
}
