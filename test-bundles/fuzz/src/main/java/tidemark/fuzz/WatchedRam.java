package tidemark.fuzz;

import java.math.BigInteger;
import tidemark.api.memory.BusFault;
import tidemark.api.memory.DirtyLog;
import tidemark.api.memory.PhysicalMemory;
import tidemark.api.memory.WriteGuard;
import tidemark.testkit.TestMemory;

/** RAM as devices see it: the block transfers alone, each range judged a second time in arithmetic that does not overflow. */
final class WatchedRam implements PhysicalMemory {
    private final TestMemory ram;

    WatchedRam(TestMemory ram) {
        this.ram = ram;
    }

    @Override
    public long base() {
        return ram.base();
    }

    @Override
    public long size() {
        return ram.size();
    }

    @Override
    public void read(long physical, byte[] into, int offset, int length) throws BusFault {
        ram.read(physical, into, offset, length);
        check(physical, length);
    }

    @Override
    public void write(long physical, byte[] from, int offset, int length) throws BusFault {
        ram.write(physical, from, offset, length);
        check(physical, length);
    }

    private void check(long physical, int length) {
        BigInteger first = new BigInteger(Long.toUnsignedString(physical));
        BigInteger end = BigInteger.valueOf(base() + size());
        if (first.compareTo(BigInteger.valueOf(base())) < 0 || first.add(BigInteger.valueOf(length)).compareTo(end) > 0) {
            throw new AssertionError("%d bytes at 0x%x are outside of RAM".formatted(length, physical));
        }
    }

    @Override
    public long hostAddress() {
        throw notForDevices();
    }

    @Override
    public long readable(long physical) {
        throw notForDevices();
    }

    @Override
    public long writable(long physical) {
        throw notForDevices();
    }

    private static AssertionError notForDevices() {
        return new AssertionError("A device asks for host addresses of RAM");
    }

    @Override
    public DirtyLog dirtyLog() {
        return ram.dirtyLog();
    }

    @Override
    public void dirtyLog(DirtyLog log) {
        ram.dirtyLog(log);
    }

    @Override
    public WriteGuard writeGuard() {
        return ram.writeGuard();
    }

    @Override
    public void writeGuard(WriteGuard guard) {
        ram.writeGuard(guard);
    }

    @Override
    public void clear() {
        ram.clear();
    }

    @Override
    public void close() {
        ram.close();
    }
}
