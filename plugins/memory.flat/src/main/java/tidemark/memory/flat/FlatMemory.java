package tidemark.memory.flat;

import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;
import java.util.Objects;
import tidemark.api.memory.BusFault;
import tidemark.api.memory.DirtyLog;
import tidemark.api.memory.HostMemory;
import tidemark.api.memory.PageSet;
import tidemark.api.memory.PhysicalMemory;
import tidemark.api.memory.WriteGuard;

/** One block. */
final class FlatMemory implements PhysicalMemory {
    private final HostBlock block;
    private final long base;
    private final long size;
    private final long host;
    private volatile DirtyLog log = DirtyLog.NONE;
    private volatile WriteGuard guard = WriteGuard.NONE;
    private volatile boolean closed;

    FlatMemory(long base, HostBlock block) {
        this.base = base;
        this.block = block;
        this.size = block.size();
        this.host = block.address();
    }

    @Override
    public long base() {
        return base;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public long hostAddress() {
        checkOpen();
        return host;
    }

    @Override
    public long readable(long physical) {
        return host + (physical - base);
    }

    @Override
    public long writable(long physical) {
        long page = pageOf(physical);
        guard.beforeWrite(page);
        log.mark(page);
        return host + (physical - base);
    }

    @Override
    public void read(long physical, byte[] into, int offset, int length) throws BusFault {
        Objects.checkFromIndexSize(offset, length, into.length);
        HostMemory.copy(hostRange(physical, length), into, offset, length);
    }

    @Override
    public void write(long physical, byte[] from, int offset, int length) throws BusFault {
        Objects.checkFromIndexSize(offset, length, from.length);
        if (length == 0) {
            return;
        }
        long to = hostRange(physical, length);
        beforeWrite(pageOf(physical), pageOf(physical + length - 1));
        HostMemory.copy(from, offset, to, length);
        // Before the log is read: who installs a log now and then copies the page sees these bytes, or this thread sees that log.
        VarHandle.fullFence();
        mark(pageOf(physical), pageOf(physical + length - 1));
    }

    @Override
    public DirtyLog dirtyLog() {
        return log;
    }

    @Override
    public void dirtyLog(DirtyLog newLog) {
        checkOpen();
        log = Objects.requireNonNull(newLog, "log");
    }

    @Override
    public WriteGuard writeGuard() {
        return guard;
    }

    @Override
    public void writeGuard(WriteGuard newGuard) {
        checkOpen();
        guard = Objects.requireNonNull(newGuard, "guard");
    }

    @Override
    public boolean map(Path file, long offset, PageSet pages) throws IOException {
        checkOpen();
        block.map(file, offset, MappedRuns.of(pages));
        return true;
    }

    @Override
    public void clear() {
        checkOpen();
        beforeWrite(0, pages() - 1);
        block.discard();
        mark(0, pages() - 1);
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            block.discard();
        }
    }

    private void beforeWrite(long first, long last) {
        WriteGuard current = guard;
        for (long page = first; page <= last; page++) {
            current.beforeWrite(page);
        }
    }

    private void mark(long first, long last) {
        DirtyLog current = log;
        for (long page = first; page <= last; page++) {
            current.mark(page);
        }
    }

    private long hostRange(long physical, int length) throws BusFault {
        checkOpen();
        if (!contains(physical, length)) {
            throw new BusFault(physical);
        }
        return host + (physical - base);
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException(this + " is closed: its machine is gone");
        }
    }

    @Override
    public String toString() {
        return "RAM of " + (size >> 10) + " KiB at 0x" + Long.toHexString(base);
    }
}
