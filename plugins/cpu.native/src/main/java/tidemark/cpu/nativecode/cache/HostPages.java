package tidemark.cpu.nativecode.cache;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;

/** The calls of the C library by which Linux gives memory for machine code. */
final class HostPages {
    static final int READ = 1;
    static final int WRITE = 2;
    static final int EXECUTE = 4;
    private static final int SHARED = 1;
    private static final int PRIVATE = 2;
    private static final int ANONYMOUS = 0x20;
    private static final int MADV_HUGEPAGE = 14;
    private static final int READ_WRITE_CLOSE_ON_EXEC = 0x8_0002;
    private static final int CLOSE_ON_EXEC = 1;

    private static final MethodHandle MEMFD_CREATE = function("memfd_create", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle FTRUNCATE = function("ftruncate", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG));
    private static final MethodHandle MMAP = function("mmap",
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
    private static final MethodHandle MADVISE = function("madvise", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT));
    private static final MethodHandle OPEN = function("open", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle PWRITE = function("pwrite", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle MUNMAP = function("munmap", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle CLOSE = function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

    private HostPages() {}

    @SuppressWarnings("restricted")
    private static MethodHandle function(String name, FunctionDescriptor type) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type);
    }

    /** A file in memory, of so many zero bytes; negative if there is none. */
    static int file(String name, long bytes) {
        try (Arena arena = Arena.ofConfined()) {
            int fd = (int) MEMFD_CREATE.invokeExact(arena.allocateFrom(name), CLOSE_ON_EXEC);
            return fd >= 0 && (int) FTRUNCATE.invokeExact(fd, bytes) != 0 ? -1 : fd;
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    /** Maps the file. @return its address; negative if that failed */
    static long map(int fd, long bytes, int rights) {
        try {
            return (long) MMAP.invokeExact(0L, bytes, rights, SHARED, fd, 0L);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    /** Private memory of zeros. @return its address; negative if that failed */
    static long anonymous(long bytes, int rights) {
        try {
            return (long) MMAP.invokeExact(0L, bytes, rights, PRIVATE | ANONYMOUS, -1, 0L);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    /** A wish, which the host need not fulfil. */
    static void adviseHuge(long address, long bytes) {
        try {
            int ignored = (int) MADVISE.invokeExact(address, bytes, MADV_HUGEPAGE);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    /** Opens a file for reading and writing. @return negative if that failed */
    static int open(String file) {
        try (Arena arena = Arena.ofConfined()) {
            return (int) OPEN.invokeExact(arena.allocateFrom(file), READ_WRITE_CLOSE_ON_EXEC);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    /** @param from host address @return how many bytes were written; negative if that failed */
    static long write(int fd, long from, long bytes, long offset) {
        try {
            return (long) PWRITE.invokeExact(fd, from, bytes, offset);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static void unmap(long address, long bytes) {
        try {
            int done = (int) MUNMAP.invokeExact(address, bytes);
            assert done == 0;
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static void close(int fd) {
        try {
            int done = (int) CLOSE.invokeExact(fd);
            assert done == 0;
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    private static IllegalStateException broken(Throwable e) {
        return new IllegalStateException("Cannot call the C library", e);
    }
}
