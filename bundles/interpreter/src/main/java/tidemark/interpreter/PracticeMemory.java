package tidemark.interpreter;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import tidemark.api.memory.DirtyLog;
import tidemark.api.memory.HostMemory;
import tidemark.api.memory.PhysicalMemory;
import tidemark.api.memory.WriteGuard;

/** A little RAM that nobody tracks. */
final class PracticeMemory implements PhysicalMemory {
    private final MemorySegment segment;
    private final long base;

    PracticeMemory(long base, byte[] content) {
        this.base = base;
        segment = Arena.ofAuto().allocate(content.length, PAGE_SIZE);
        write(base, content, 0, content.length);
    }

    @Override
    public long base() {
        return base;
    }

    @Override
    public long size() {
        return segment.byteSize();
    }

    @Override
    public long hostAddress() {
        return segment.address();
    }

    @Override
    public long readable(long physical) {
        return segment.address() + (physical - base);
    }

    @Override
    public long writable(long physical) {
        return readable(physical);
    }

    @Override
    public void read(long physical, byte[] into, int offset, int length) {
        HostMemory.copy(readable(physical), into, offset, length);
    }

    @Override
    public void write(long physical, byte[] from, int offset, int length) {
        HostMemory.copy(from, offset, readable(physical), length);
    }

    @Override
    public DirtyLog dirtyLog() {
        return DirtyLog.NONE;
    }

    @Override
    public void dirtyLog(DirtyLog log) {
        throw new UnsupportedOperationException("Nobody tracks this RAM");
    }

    @Override
    public WriteGuard writeGuard() {
        return WriteGuard.NONE;
    }

    @Override
    public void writeGuard(WriteGuard guard) {
        throw new UnsupportedOperationException("Nobody protects this RAM");
    }

    @Override
    public void clear() {
        segment.fill((byte) 0);
    }

    @Override
    public void close() {
        // the garbage collector frees it
    }
}
