package tidemark.cpu.nativecode.cache;

import tidemark.api.memory.HostMemory;

/**
 * Private memory that is only ever executable, in huge pages; it is written through {@code /proc/self/mem}, proc(5), as debuggers write breakpoints. Code of real programs
 * fills hundreds of small pages: which of them fall together in the host's caches would be luck.
 */
final class HugeCodePages implements CodePages {
    private static final long HUGE = 2L << 20;
    private static final int PROBE = 0x50A0_0C0D;
    private static final int BUFFER_BYTES = 1 << 16;

    private final long mapped;
    private final long size;
    private final long address;
    private final int memory;
    private final long buffer;

    private HugeCodePages(long mapped, long size, int memory) {
        this.mapped = mapped;
        this.size = size;
        this.memory = memory;
        address = mapped + HUGE - 1 & -HUGE;
        buffer = HostPages.anonymous(BUFFER_BYTES, HostPages.READ | HostPages.WRITE);
    }

    /** Null if this host's kernel does not let memory be written so. */
    static CodePages of(int bytes) {
        int memory = HostPages.open("/proc/self/mem");
        if (memory < 0) {
            return null;
        }
        long size = bytes + HUGE;
        long mapped = HostPages.anonymous(size, HostPages.READ | HostPages.EXECUTE);
        if (mapped < 0) {
            HostPages.close(memory);
            return null;
        }
        HugeCodePages pages = new HugeCodePages(mapped, size, memory);
        HostPages.adviseHuge(pages.address, bytes);
        if (pages.buffer < 0 || !pages.tries()) {
            pages.close();
            return null;
        }
        return pages;
    }

    private boolean tries() {
        HostMemory.putInt(buffer, PROBE);
        return HostPages.write(memory, buffer, Integer.BYTES, address) == Integer.BYTES && HostMemory.getInt(address) == PROBE;
    }

    @Override
    public long address() {
        return address;
    }

    @Override
    public void write(int at, byte[] code, int length) {
        for (int done = 0; done < length; done += BUFFER_BYTES) {
            int next = Math.min(length - done, BUFFER_BYTES);
            HostMemory.copy(code, done, buffer, next);
            writeBuffer(at + done, next);
        }
    }

    @Override
    public void write(int at, int value) {
        HostMemory.putInt(buffer, value);
        writeBuffer(at, Integer.BYTES);
    }

    private void writeBuffer(int at, int length) {
        long written = HostPages.write(memory, buffer, length, address + at);
        if (written != length) {
            throw new IllegalStateException("The host does not write machine code any more (pwrite to /proc/self/mem gave " + written + ")");
        }
    }

    @Override
    public void close() {
        HostPages.close(memory);
        HostPages.unmap(mapped, size);
        if (buffer >= 0) {
            HostPages.unmap(buffer, BUFFER_BYTES);
        }
    }
}
