package tidemark.testkit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import tidemark.api.device.NoSpaceException;
import tidemark.disk.Storage;

/** A file in memory on a host that may fail at any request, run full or lose its power. Sparse: terabytes may be claimed. Any thread. */
public final class TestStorage implements Storage {
    private static final int SECTOR = 512;

    private final TreeMap<Long, byte[]> sectors = new TreeMap<>();
    private final Map<Long, byte[]> durable = new HashMap<>();
    /** What sectors have been since the last sync, oldest first. */
    private final Map<Long, List<byte[]>> unsynced = new HashMap<>();
    private long length;
    private long durableLength;
    private long limit = Long.MAX_VALUE;
    /** How many sectors more have room on the host. */
    private long room = Long.MAX_VALUE;
    private long requestsLeft = Long.MAX_VALUE;
    private long requests;
    private boolean shared;
    private Runnable onSync = () -> {};

    public static TestStorage of(byte[] content) {
        TestStorage storage = new TestStorage();
        storage.put(0, ByteBuffer.wrap(content));
        storage.settle();
        return storage;
    }

    /** From now on only so many requests that change something succeed, as if the process died then. */
    public synchronized void failAfter(long changes) {
        requestsLeft = changes;
    }

    /** Has writes fail that would make the file longer. */
    public synchronized void full(long longest) {
        limit = longest;
    }

    /** Has writes and reservations fail once so many bytes more than today are allocated: holes have no space of their own, as on any host. */
    public synchronized void room(long bytes) {
        room = bytes / SECTOR;
    }

    /** Has something done once, right after the next sync. */
    public synchronized void onSync(Runnable action) {
        onSync = action;
    }

    /** How many requests changed something, syncs included. */
    public synchronized long changes() {
        return requests;
    }

    public synchronized boolean shared() {
        return shared;
    }

    /** What the death of the process leaves. */
    public synchronized TestStorage afterKill() {
        TestStorage left = new TestStorage();
        sectors.forEach((number, bytes) -> left.sectors.put(number, bytes.clone()));
        left.length = length;
        left.settle();
        return left;
    }

    /** What a loss of power might leave: of each sector any of its contents since the last sync. */
    public synchronized TestStorage afterPowerLoss(Random random) {
        TestStorage left = new TestStorage();
        left.length = random.nextBoolean() ? length : durableLength;
        durable.forEach((number, bytes) -> left.sectors.put(number, bytes.clone()));
        unsynced.forEach((number, versions) -> {
            int version = random.nextInt(versions.size() + 1);
            if (version > 0) {
                left.sectors.put(number, versions.get(version - 1).clone());
                left.length = Math.max(left.length, Math.min(length, (number + 1) * SECTOR));
            }
        });
        left.settle();
        return left;
    }

    public synchronized byte[] content() {
        byte[] content = new byte[Math.toIntExact(length)];
        get(0, ByteBuffer.wrap(content));
        return content;
    }

    private void settle() {
        durable.clear();
        sectors.forEach((number, bytes) -> durable.put(number, bytes.clone()));
        unsynced.clear();
        durableLength = length;
    }

    private void change(String what, long end) throws IOException {
        requests++;
        if (requestsLeft <= 0) {
            throw new IOException("Cannot " + what + " test storage: it has failed");
        }
        if (end > limit) {
            throw noSpace(what);
        }
        requestsLeft--;
    }

    @Override
    public synchronized long length() {
        return length;
    }

    @Override
    public synchronized void read(long offset, ByteBuffer into) throws IOException {
        if (offset + into.remaining() > length) {
            throw new IOException("Cannot read test storage at offset " + length + ": the file ends there");
        }
        get(offset, into);
    }

    private void get(long offset, ByteBuffer into) {
        for (long at = offset; into.hasRemaining();) {
            int from = (int) (at % SECTOR);
            int count = Math.min(SECTOR - from, into.remaining());
            into.put(sectors.getOrDefault(at / SECTOR, new byte[SECTOR]), from, count);
            at += count;
        }
    }

    @Override
    public synchronized void write(long offset, ByteBuffer from) throws IOException {
        change("write", offset + from.remaining());
        takeRoom("write", offset, from.remaining());
        put(offset, from);
    }

    private void put(long offset, ByteBuffer from) {
        length = Math.max(length, offset + from.remaining());
        for (long at = offset; from.hasRemaining();) {
            byte[] sector = sectors.computeIfAbsent(at / SECTOR, number -> new byte[SECTOR]);
            int to = (int) (at % SECTOR);
            int count = Math.min(SECTOR - to, from.remaining());
            from.get(sector, to, count);
            unsynced.computeIfAbsent(at / SECTOR, number -> new ArrayList<>()).add(sector.clone());
            at += count;
        }
    }

    @Override
    public synchronized void zero(long offset, long count) throws IOException {
        change("zero", 0);
        long end = Math.min(offset + count, length);
        for (long at = offset; at < end;) {
            int part = (int) Math.min(SECTOR - at % SECTOR, end - at);
            if (sectors.containsKey(at / SECTOR)) {
                put(at, ByteBuffer.allocate(part));
            }
            at += part;
        }
    }

    @Override
    public synchronized void resize(long newLength) throws IOException {
        change("resize", newLength);
        sectors.tailMap((newLength + SECTOR - 1) / SECTOR).clear();
        length = newLength;
    }

    private void takeRoom(String what, long offset, long count) throws IOException {
        long needed = holes(offset, count).count();
        if (needed > room) {
            throw noSpace(what);
        }
        room -= needed;
    }

    private LongStream holes(long offset, long count) {
        return LongStream.range(offset / SECTOR, (offset + count + SECTOR - 1) / SECTOR).filter(sector -> !sectors.containsKey(sector));
    }

    private static NoSpaceException noSpace(String what) {
        return new NoSpaceException("Cannot " + what + " test storage: no space left; make room there");
    }

    @Override
    public synchronized void reserve(long offset, long count) throws IOException {
        change("reserve", offset + count);
        takeRoom("reserve", offset, count);
        for (long sector : holes(offset, count).toArray()) {
            put(sector * SECTOR, ByteBuffer.allocate(SECTOR));
        }
    }

    @Override
    public synchronized long nextData(long offset) {
        Long sector = sectors.ceilingKey(offset / SECTOR);
        return sector == null ? length : Math.min(Math.max(offset, sector * SECTOR), length);
    }

    @Override
    public synchronized void sync() throws IOException {
        change("sync", 0);
        settle();
        Runnable action = onSync;
        onSync = () -> {};
        action.run();
    }

    @Override
    public synchronized void share() {
        shared = true;
    }

    @Override
    public synchronized void close() {
        requestsLeft = 0;
    }

    @Override
    public String toString() {
        return "test storage";
    }
}
