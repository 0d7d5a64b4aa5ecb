package tidemark.cpu.nativecode.cache;

import tidemark.api.memory.HostMemory;

/**
 * Memory for machine code, in two views: what is written by one is executed by the other, so no page is ever both. Filled from its begin;
 * emptied as a whole. One thread's.
 */
public final class CodeMemory implements AutoCloseable {
    private static final int ALIGNMENT = 16;

    private final long size;
    private final long writable;
    private final long executable;
    private int used;

    /**
     * @param bytes a multiple of the host's pages; taken from the host only as they are written
     * @throws IllegalStateException if the host does not give it
     */
    public CodeMemory(int bytes) {
        size = bytes;
        int fd = HostPages.file("tidemark-code", bytes);
        require(fd, "memfd_create");
        try {
            writable = HostPages.map(fd, bytes, HostPages.READ | HostPages.WRITE);
            require(writable, "mmap for writing");
            executable = HostPages.map(fd, bytes, HostPages.READ | HostPages.EXECUTE);
            if (executable < 0) {
                HostPages.unmap(writable, bytes);
            }
            require(executable, "mmap for executing");
        } finally {
            HostPages.close(fd);
        }
    }

    private static void require(long result, String call) {
        if (result < 0) {
            throw new IllegalStateException("This host gives no memory for machine code (" + call
                    + " failed): use cpu=translator or cpu=interpreter");
        }
    }

    /** Where the next code will lie. */
    public int next() {
        return used;
    }

    /** Whether so many more bytes fit. */
    public boolean hasRoom(int bytes) {
        return used + bytes <= size;
    }

    /** Adds code at {@link #next}, for which there is room. @return where it lies */
    public int add(byte[] code, int length) {
        if (!hasRoom(length)) {
            throw new IllegalArgumentException("No room for " + length + " bytes of code");
        }
        int at = used;
        HostMemory.copy(code, 0, writable + at, length);
        used = (int) Math.min(size, used + length + ALIGNMENT - 1 & -ALIGNMENT);
        return at;
    }

    /** Forgets all code. */
    public void clear() {
        used = 0;
    }

    /** Writes 32 bits over code. */
    public void patch(int at, int value) {
        HostMemory.putInt(writable + at, value);
    }

    /** Where code at a place is executed. */
    public long address(int at) {
        return executable + at;
    }

    @Override
    public void close() {
        HostPages.unmap(writable, size);
        HostPages.unmap(executable, size);
    }
}
