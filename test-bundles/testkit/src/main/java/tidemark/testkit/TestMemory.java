package tidemark.testkit;

import java.lang.foreign.Arena;
import java.lang.invoke.VarHandle;
import tidemark.api.memory.BusFault;
import tidemark.api.memory.DirtyLog;
import tidemark.api.memory.HostMemory;
import tidemark.api.memory.PhysicalMemory;
import tidemark.api.memory.WriteGuard;

/** The simplest RAM that keeps the contract of {@link PhysicalMemory}. On both of its sides lie bytes that nobody may write. */
public final class TestMemory implements PhysicalMemory {
    private static final int GUARD = 16 * PAGE_SIZE;
    private static final byte GUARD_BYTE = 0x6B;

    private final Arena arena = Arena.ofShared();
    private final long base;
    private final long size;
    private final long hostAddress;
    private volatile DirtyLog dirtyLog = DirtyLog.NONE;
    private volatile WriteGuard guard = WriteGuard.NONE;

    /** RAM at 0x80000000. */
    public TestMemory(long size) {
        this(0x8000_0000L, size);
    }

    public TestMemory(long base, long size) {
        if (base % PAGE_SIZE != 0 || size % PAGE_SIZE != 0 || size <= 0) {
            throw new IllegalArgumentException("RAM of 0x%x bytes at 0x%x is not a number of whole pages".formatted(size, base));
        }
        this.base = base;
        this.size = size;
        hostAddress = arena.allocate(size + 2 * GUARD, PAGE_SIZE).address() + GUARD;
        HostMemory.fill(hostAddress - GUARD, GUARD, GUARD_BYTE);
        HostMemory.fill(hostAddress + size, GUARD, GUARD_BYTE);
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
        return hostAddress;
    }

    @Override
    public long readable(long physical) {
        return host(physical);
    }

    @Override
    public long writable(long physical) {
        long address = host(physical);
        guard.beforeWrite(pageOf(physical));
        dirtyLog.mark(pageOf(physical));
        return address;
    }

    @Override
    public void read(long physical, byte[] into, int offset, int length) throws BusFault {
        checkRange(physical, length);
        HostMemory.copy(hostAddress + (physical - base), into, offset, length);
    }

    @Override
    public void write(long physical, byte[] from, int offset, int length) throws BusFault {
        checkRange(physical, length);
        if (length == 0) {
            return;
        }
        for (long page = pageOf(physical); page <= pageOf(physical + length - 1); page++) {
            guard.beforeWrite(page);
        }
        HostMemory.copy(from, offset, hostAddress + (physical - base), length);
        VarHandle.releaseFence();
        for (long page = pageOf(physical); page <= pageOf(physical + length - 1); page++) {
            dirtyLog.mark(page);
        }
    }

    /** Eight bytes, wherever a test looks. */
    public long getLong(long physical) {
        return HostMemory.getLong(host(physical, Long.BYTES));
    }

    /** Four bytes. */
    public int getInt(long physical) {
        return HostMemory.getInt(host(physical, Integer.BYTES));
    }

    /** Whether nobody has written beside this RAM. */
    public boolean guardsIntact() {
        for (int i = 0; i < GUARD; i++) {
            if (HostMemory.getByte(hostAddress - GUARD + i) != GUARD_BYTE || HostMemory.getByte(hostAddress + size + i) != GUARD_BYTE) {
                return false;
            }
        }
        return true;
    }

    /** A copy of {@code length} bytes. */
    public byte[] get(long physical, int length) {
        byte[] bytes = new byte[length];
        HostMemory.copy(host(physical, length), bytes, 0, length);
        return bytes;
    }

    /** Another RAM with the same content. */
    public TestMemory copy() {
        TestMemory copy = new TestMemory(base, size);
        HostMemory.copy(hostAddress, copy.hostAddress, size);
        return copy;
    }

    /** Puts a whole array in place, as {@link #write} does; for tests, to which a range outside RAM is their own mistake. */
    public TestMemory put(long physical, byte[] bytes) {
        host(physical, bytes.length);
        try {
            write(physical, bytes, 0, bytes.length);
        } catch (BusFault e) {
            throw new IllegalArgumentException(e);
        }
        return this;
    }

    public TestMemory putLong(long physical, long value) {
        return put(physical, new Assembler(0).dword(value).bytes());
    }

    @Override
    public DirtyLog dirtyLog() {
        return dirtyLog;
    }

    @Override
    public void dirtyLog(DirtyLog log) {
        dirtyLog = log;
    }

    @Override
    public WriteGuard writeGuard() {
        return guard;
    }

    @Override
    public void writeGuard(WriteGuard newGuard) {
        guard = newGuard;
    }

    @Override
    public void clear() {
        for (long page = 0; page < pages(); page++) {
            guard.beforeWrite(page);
        }
        HostMemory.fill(hostAddress, size, (byte) 0);
    }

    @Override
    public void close() {
        arena.close();
    }

    private long host(long physical) {
        return host(physical, 1);
    }

    private long host(long physical, int length) {
        if (!contains(physical, length)) {
            throw new IllegalArgumentException("0x%x to 0x%x is not in RAM".formatted(physical, physical + length));
        }
        return hostAddress + (physical - base);
    }

    private void checkRange(long physical, int length) throws BusFault {
        if (!contains(physical, length)) {
            throw new BusFault(physical);
        }
    }
}
