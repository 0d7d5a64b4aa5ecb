package tidemark.memory.flat;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import javax.management.JMException;
import javax.management.ObjectName;
import tidemark.api.memory.HostMemory;
import tidemark.api.memory.PhysicalMemory;
import tidemark.memory.flat.MappedRuns.Run;

/**
 * A private anonymous mapping, mmap(2), parts of which may be mapped to a file. In huge pages, madvise(2): reading what was never written then maps the kernel's one huge page of
 * zeros, which costs a twelfth of the time that small pages take, and commits nothing. The mapping goes when this object is garbage, not
 * before: an address that is used after {@link #discard} reads zeros instead of crashing the process.
 */
@SuppressWarnings("restricted") // calls libc
final class HostBlock {
    // asm-generic/mman.h and mman-common.h; the same on x86-64, AArch64 and RISC-V
    private static final int PROT_READ_WRITE = 0x1 | 0x2;
    private static final int MAP_PRIVATE_ANONYMOUS_NORESERVE = 0x2 | 0x20 | 0x4000;
    private static final int MAP_PRIVATE_FIXED_NORESERVE = 0x2 | 0x10 | 0x4000;
    private static final int MAP_ANONYMOUS = 0x20;
    private static final int O_RDONLY_CLOEXEC = 0x80000;
    private static final int MADV_DONTNEED = 4;
    private static final int MADV_HUGEPAGE = 14;
    private static final long HUGE_PAGE = 2L << 20;
    private static final long PAGE = PhysicalMemory.PAGE_SIZE;

    private final MemorySegment mapping;
    private final long address;
    private final long size;
    /** Whether pages are of a file. */
    private boolean mapped;

    private HostBlock(MemorySegment mapping, long address, long size) {
        this.mapping = mapping;
        this.address = address;
        this.size = size;
    }

    /** A block of zeros, aligned to a huge page. */
    static HostBlock reserve(long size) {
        if (!System.getProperty("os.name").equals("Linux")) {
            throw new UnsupportedOperationException("memory=flat needs a Linux host, this is " + System.getProperty("os.name")
                    + "; choose another memory part");
        }
        long host = hostMemory();
        if (size > host) {
            throw new OutOfMemoryError(refusal(size, "the host has " + (host >> 20) + " MiB in all"));
        }
        long length = size + HUGE_PAGE;
        long start = map(0, length, MAP_PRIVATE_ANONYMOUS_NORESERVE, -1, 0);
        if (start == -1) {
            throw new OutOfMemoryError(refusal(size, "mmap failed, see ulimit -v and vm.overcommit_memory"));
        }
        MemorySegment mapping = MemorySegment.ofAddress(start)
                .reinterpret(length, Arena.ofAuto(), s -> Libc.call(Libc.MUNMAP, s.address(), s.byteSize()));
        HostBlock block = new HostBlock(mapping, start + HUGE_PAGE - 1 & -HUGE_PAGE, size);
        block.advise(MADV_HUGEPAGE); // refused by kernels without them: slower, not wrong
        return block;
    }

    long address() {
        return address;
    }

    long size() {
        return size;
    }

    /**
     * Maps pages of a file copy-on-write, the page with number p from byte {@code offset} + p * page size. The kernel reads them when they are touched.
     * Gaps between them are made zero.
     *
     * @throws IOException with all bytes zero
     */
    void map(Path file, long offset, MappedRuns pages) throws IOException {
        int fd = open(file);
        try {
            mapped = true;
            for (Run run : pages.runs()) {
                long at = run.first() * PAGE;
                if (map(address + at, run.count() * PAGE, MAP_PRIVATE_FIXED_NORESERVE, fd, offset + at) == -1) {
                    throw new IOException("mmap of " + run.count() + " pages of " + file + " failed, see vm.max_map_count and ulimit -v");
                }
            }
            for (Run gap : pages.gaps()) {
                clear(gap);
            }
        } catch (IOException | RuntimeException e) {
            discard();
            throw e;
        } finally {
            Libc.call(Libc.CLOSE, fd);
        }
    }

    /** Reads before it writes: a file has holes there, which cost no memory until they are written. */
    private void clear(Run pages) {
        for (long at = address + pages.first() * PAGE, end = address + pages.end() * PAGE; at < end; at += Long.BYTES) {
            if (HostMemory.getLong(at) != 0) {
                HostMemory.putLong(at, 0);
            }
        }
    }

    private static int open(Path file) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            long fd = Libc.call(Libc.OPEN, arena.allocateFrom(file.toAbsolutePath().toString()), O_RDONLY_CLOEXEC);
            if (fd < 0) {
                throw new IOException("open(2) of " + file + " failed");
            }
            return (int) fd;
        }
    }

    /** mmap(2), readable and writable. @return -1 if it failed */
    private static long map(long address, long length, int flags, int fd, long offset) {
        try {
            return (long) Libc.MMAP.invokeExact(address, length, PROT_READ_WRITE, flags, fd, offset);
        } catch (Throwable e) {
            throw new IllegalStateException("Cannot call libc", e);
        }
    }

    /** Gives the memory back to the host at once; all bytes are zero afterwards. */
    void discard() {
        if (mapped) {
            if (map(address, size, MAP_PRIVATE_FIXED_NORESERVE | MAP_ANONYMOUS, -1, 0) == -1) {
                throw new IllegalStateException("mmap failed on " + mapping);
            }
            mapped = false;
            advise(MADV_HUGEPAGE);
        } else if (!advise(MADV_DONTNEED)) {
            throw new IllegalStateException("madvise(MADV_DONTNEED) failed on " + mapping);
        }
    }

    private boolean advise(int advice) {
        return Libc.call(Libc.MADVISE, address, size, advice) == 0;
    }

    private static String refusal(long size, String why) {
        return "The host cannot give " + (size >> 20) + " MiB for guest RAM: " + why + "; give the machine less ram";
    }

    /** What this host, or the container, has. As an attribute, since not every framework exports com.sun.management. */
    private static long hostMemory() {
        try {
            ObjectName system = new ObjectName(ManagementFactory.OPERATING_SYSTEM_MXBEAN_NAME);
            return (Long) ManagementFactory.getPlatformMBeanServer().getAttribute(system, "TotalMemorySize");
        } catch (JMException e) {
            throw new IllegalStateException("This JVM does not tell how much memory the host has", e);
        }
    }

    private static final class Libc {
        static final MethodHandle MMAP = function("mmap",
                FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
        static final MethodHandle OPEN = function("open", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
        static final MethodHandle CLOSE = function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
        static final MethodHandle MUNMAP = function("munmap", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));
        static final MethodHandle MADVISE = function("madvise", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT));

        private static MethodHandle function(String name, FunctionDescriptor type) {
            Linker linker = Linker.nativeLinker();
            return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type);
        }

        static long call(MethodHandle function, Object... arguments) {
            try {
                return ((Number) function.invokeWithArguments(arguments)).longValue();
            } catch (Throwable e) {
                throw new IllegalStateException("Cannot call libc", e);
            }
        }
    }
}
