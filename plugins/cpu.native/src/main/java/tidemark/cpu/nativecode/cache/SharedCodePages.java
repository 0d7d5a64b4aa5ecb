package tidemark.cpu.nativecode.cache;

import tidemark.api.memory.HostMemory;

/** A file in memory in two views: what is written by one is executed by the other. Linux seldom gives such a file huge pages. */
final class SharedCodePages implements CodePages {
    private final long size;
    private final long writable;
    private final long executable;

    SharedCodePages(int bytes) {
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

    @Override
    public long address() {
        return executable;
    }

    @Override
    public void write(int at, byte[] code, int length) {
        HostMemory.copy(code, 0, writable + at, length);
    }

    @Override
    public void write(int at, int value) {
        HostMemory.putInt(writable + at, value);
    }

    @Override
    public void close() {
        HostPages.unmap(writable, size);
        HostPages.unmap(executable, size);
    }
}
