package tidemark.memory.flat;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * A private anonymous mapping, mmap(2). In huge pages, madvise(2): reading what was never written then maps the kernel's one huge page of
 * zeros, which costs a twelfth of the time that small pages take, and commits nothing. The mapping goes when this object is garbage, not
 * before: an address that is used after {@link #discard} reads zeros instead of crashing the process.
 */
@SuppressWarnings("restricted") // calls libc
final class HostBlock {
    // asm-generic/mman.h and mman-common.h; the same on x86-64, AArch64 and RISC-V
    private static final int PROT_READ_WRITE = 0x1 | 0x2;
    private static final int MAP_PRIVATE_ANONYMOUS_NORESERVE = 0x2 | 0x20 | 0x4000;
    private static final int MADV_DONTNEED = 4;
    private static final int MADV_HUGEPAGE = 14;
    private static final long HUGE_PAGE = 2L << 20;

    private final MemorySegment mapping;
    private final long address;
    private final long size;

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
        long start = Libc.call(Libc.MMAP, 0L, length, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS_NORESERVE, -1, 0L);
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

    /** Gives the memory back to the host at once; all bytes are zero afterwards. */
    void discard() {
        if (!advise(MADV_DONTNEED)) {
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
