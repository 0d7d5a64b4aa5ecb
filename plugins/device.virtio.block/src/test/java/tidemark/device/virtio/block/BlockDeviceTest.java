package tidemark.device.virtio.block;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tidemark.testkit.DriverQueue.in;
import static tidemark.testkit.DriverQueue.out;
import static tidemark.testkit.VirtioDriver.*;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tidemark.api.device.Device;
import tidemark.testkit.DriverQueue.Piece;
import tidemark.testkit.DriverQueue.Used;
import tidemark.testkit.TestDeviceContext;
import tidemark.testkit.TestDisk;
import tidemark.testkit.TestMemory;
import tidemark.testkit.VirtioDriver;

class BlockDeviceTest {
    private static final int DISK = 4 << 20;
    private static final long FEATURES = VERSION_1 | INDIRECT_DESC | EVENT_IDX | Config.FLUSH | Config.DISCARD | Config.WRITE_ZEROES | Config.SEG_MAX;
    private static final int UNTOUCHED = 0x55;

    private final TestMemory ram = new TestMemory(64 << 20);
    private final byte[] content = new byte[DISK];
    private TestDisk disk;
    private TestDeviceContext context;
    private Device device;
    private VirtioDriver driver;

    BlockDeviceTest() {
        new Random(1).nextBytes(content);
        plug(true);
    }

    private void plug(boolean writable) {
        disk = new TestDisk(content, writable);
        context = new TestDeviceContext("vda", 1).memory(ram).disk(disk);
        device = new BlockPart().create(context);
        driver = new VirtioDriver(device, ram);
    }

    @AfterEach
    void close() {
        ram.close();
    }

    private void start() {
        driver.start(FEATURES, Config.QUEUE_SIZE);
    }

    private long header(int type, long sector) {
        long address = driver.allocate(16);
        ram.put(address, ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putInt(type).putInt(0).putLong(sector).array());
        return address;
    }

    private long data(byte[] bytes) {
        long address = driver.allocate(Math.max(1, bytes.length));
        ram.put(address, bytes);
        return address;
    }

    private long room(int length) {
        byte[] untouched = new byte[length];
        Arrays.fill(untouched, (byte) UNTOUCHED);
        return data(untouched);
    }

    /** Sends a request and has it done. @return its status */
    private int request(int type, long sector, Piece... data) {
        long status = room(1);
        List<Piece> pieces = new ArrayList<>(List.of(data));
        pieces.addFirst(out(header(type, sector), 16));
        pieces.addLast(in(status, 1));
        driver.send(0, pieces.toArray(Piece[]::new));
        context.boundary();
        return ram.get(status, 1)[0];
    }

    private Used used() {
        List<Used> used = driver.queue(0).used();
        assertEquals(1, used.size());
        return used.getFirst();
    }

    private byte[] disk(int from, int length) {
        return Arrays.copyOfRange(content, from, from + length);
    }

    @Test
    void theDriverFindsSizeAndLimits() throws Exception {
        assertEquals(2, driver.load(DEVICE_ID));
        assertEquals(DISK / 512, driver.load(CONFIG));
        assertEquals(0, driver.load(CONFIG + 4));
        assertEquals(Config.MAX_SEGMENTS, driver.load(CONFIG + 12));
        assertEquals(512, driver.load(CONFIG + 20));
        assertEquals(Config.MAX_RANGES, driver.load(CONFIG + 40));
        assertEquals(1, device.load(CONFIG + 56, 1));
        assertEquals(FEATURES | Config.BLK_SIZE, driver.offered());
    }

    @Test
    void sectorsAreReadAndWritten() {
        start();
        long room = room(1024);
        assertEquals(Request.S_OK, request(Request.T_IN, 7, in(room, 1024)));
        assertArrayEquals(disk(7 * 512, 1024), ram.get(room, 1024));
        assertEquals(1025, used().written());
        byte[] fresh = new byte[512];
        Arrays.fill(fresh, (byte) 9);
        assertEquals(Request.S_OK, request(Request.T_OUT, 8191, out(data(fresh), 512)));
        assertArrayEquals(fresh, disk(DISK - 512, 512));
        assertEquals(1, used().written());
        assertEquals(1, driver.interrupt());
    }

    /** Headers, data and statuses in pieces of any size at any address, direct and indirect, against a model. */
    @Test
    void dataIsWholeHoweverItIsScattered() {
        start();
        Random random = new Random(20);
        byte[] model = content.clone();
        long arena = driver.allocate(16 << 20);
        for (int i = 0; i < 300; i++) {
            boolean write = random.nextBoolean();
            int length = 512 * (1 + random.nextInt(600));
            int sector = random.nextInt((DISK - length) / 512 + 1);
            byte[] fresh = new byte[length];
            random.nextBytes(fresh);
            Layer layer = new Layer(random, arena);
            layer.put(ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putInt(write ? Request.T_OUT : Request.T_IN).putInt(0).putLong(sector).array(), 0);
            List<Piece> target = layer.put(write ? fresh : new byte[length], write ? 0 : 2);
            Piece status = layer.put(new byte[] {UNTOUCHED}, 2).getFirst();
            Piece[] pieces = layer.pieces.toArray(Piece[]::new);
            driver.send(0, i % 3 == 0 && pieces.length < 100 ? pieces : new Piece[] {driver.queue(0).indirect(layer.at + 64, pieces)});
            context.boundary();
            assertEquals(Request.S_OK, ram.get(status.address(), 1)[0]);
            assertEquals(write ? 1 : length + 1, used().written());
            if (write) {
                System.arraycopy(fresh, 0, model, sector * 512, length);
            } else {
                assertArrayEquals(Arrays.copyOfRange(model, sector * 512, sector * 512 + length), gathered(target, length));
            }
        }
        assertArrayEquals(model, content);
    }

    /** Lays bytes out in pieces with gaps between. */
    private final class Layer {
        private final Random random;
        private final List<Piece> pieces = new ArrayList<>();
        private long at;

        Layer(Random random, long at) {
            this.random = random;
            this.at = at;
        }

        List<Piece> put(byte[] bytes, int flags) {
            List<Piece> own = new ArrayList<>();
            for (int done = 0; done < bytes.length; ) {
                int size = Math.min(bytes.length - done, 1 + random.nextInt(random.nextBoolean() ? 16_000 : bytes.length));
                at += random.nextInt(70);
                ram.put(at, Arrays.copyOfRange(bytes, done, done + size));
                own.add(new Piece(at, size, flags));
                at += size;
                done += size;
            }
            pieces.addAll(own);
            return own;
        }
    }

    private byte[] gathered(List<Piece> pieces, int length) {
        ByteBuffer all = ByteBuffer.allocate(length);
        pieces.forEach(piece -> all.put(ram.get(piece.address(), (int) piece.length())));
        return all.array();
    }

    @Test
    void aLargeRequestMovesInPieces() {
        start();
        int length = 3 * Transfer.MAX_PIECE + 512;
        long room = room(length);
        assertEquals(Request.S_OK, request(Request.T_IN, 1, in(room, length)));
        assertArrayEquals(disk(512, length), ram.get(room, length));
        assertEquals(List.of("read 512 262144", "read 262656 262144", "read 524800 262144", "read 786944 512"), disk.accesses());
    }

    @Test
    void requestsThatFindNoHostMemoryWaitAndNoneIsForgotten() {
        start();
        long room = room(Transfer.MAX_PIECE);
        for (int i = 0; i < 60; i++) {
            driver.send(0, out(header(Request.T_IN, 0), 16), in(room, Transfer.MAX_PIECE), in(driver.allocate(1), 1));
        }
        assertEquals(BlockDevice.MAX_HELD / Transfer.MAX_PIECE, disk.accesses().size());
        context.boundary();
        assertEquals(60, driver.queue(0).used().size());
    }

    @Test
    void aFlushReachesTheDisk() {
        start();
        assertEquals(Request.S_OK, request(Request.T_FLUSH, 0));
        assertEquals(List.of("flush"), disk.accesses());
    }

    @Test
    void aDriverWithoutFlushIsToldOfWritesWhenTheyAreOnStableStorage() {
        driver.start(VERSION_1, Config.QUEUE_SIZE);
        assertEquals(Request.S_OK, request(Request.T_OUT, 0, out(data(new byte[2 * Transfer.MAX_PIECE]), 2 * Transfer.MAX_PIECE)));
        assertEquals(List.of("write 0 262144", "write 262144 262144", "flush"), disk.accesses());
    }

    @ParameterizedTest
    @CsvSource({"20, 21", "5, 6", "100, 20", "0, 1"})
    void theNameOfTheDeviceIsItsId(int length, int written) {
        start();
        long room = room(length);
        assertEquals(Request.S_OK, request(Request.T_GET_ID, 0, length == 0 ? new Piece[0] : new Piece[] {in(room, length)}));
        byte[] expected = Arrays.copyOf(new byte[] {'v', 'd', 'a'}, Math.min(length, 20));
        assertArrayEquals(expected, ram.get(room, expected.length));
        assertEquals(written, used().written());
    }

    @ParameterizedTest
    @ValueSource(longs = {8192, 8191, Long.MAX_VALUE, Long.MIN_VALUE, -1, 1L << 55})
    void whatIsNotOnTheDiskIsAnErrorInBothDirections(long sector) {
        start();
        byte[] before = content.clone();
        long room = room(1024);
        assertEquals(Request.S_IOERR, request(Request.T_IN, sector, in(room, 1024)));
        assertEquals(0, used().written(), "the data was not written, so the status does not count");
        assertEquals(UNTOUCHED, ram.get(room, 1)[0]);
        assertEquals(Request.S_IOERR, request(Request.T_OUT, sector, out(room, 1024)));
        assertArrayEquals(before, content);
        assertEquals(List.of(), disk.accesses());
    }

    @Test
    void partsOfSectorsAreAnError() {
        start();
        assertEquals(Request.S_IOERR, request(Request.T_IN, 0, in(room(513), 513)));
        assertEquals(Request.S_IOERR, request(Request.T_OUT, 0, out(room(511), 511)));
        assertEquals(List.of(), disk.accesses());
    }

    @Test
    void anEmptyTransferIsDone() {
        start();
        assertEquals(Request.S_OK, request(Request.T_IN, 8192));
        assertEquals(Request.S_OK, request(Request.T_OUT, 8192));
        assertEquals(List.of(), disk.accesses());
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 5, 10, 14, 99, -1})
    void unknownRequestsAreUnsupported(int type) {
        start();
        assertEquals(Request.S_UNSUPP, request(type, 0));
    }

    @Test
    void aRequestWithoutHeaderOrStatusLeavesNoWayOn() {
        for (Piece[] pieces : new Piece[][] {{out(header(Request.T_FLUSH, 0), 16)}, {out(header(0, 0), 15), in(room(1), 1)}, {in(room(17), 17)}}) {
            start();
            driver.send(0, pieces);
            assertEquals(DEVICE_NEEDS_RESET, driver.status() & DEVICE_NEEDS_RESET);
            driver.store(STATUS, 0);
            driver = new VirtioDriver(device, ram);
        }
    }

    // Discard and write zeroes

    private Piece ranges(long... sectorCountFlags) {
        ByteBuffer bytes = ByteBuffer.allocate(sectorCountFlags.length / 3 * 16).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < sectorCountFlags.length; i += 3) {
            bytes.putLong(sectorCountFlags[i]).putInt((int) sectorCountFlags[i + 1]).putInt((int) sectorCountFlags[i + 2]);
        }
        return out(data(bytes.array()), bytes.capacity());
    }

    @ParameterizedTest
    @ValueSource(ints = {Request.T_DISCARD, Request.T_WRITE_ZEROES})
    void rangesReadAsZerosAndTheirNeighboursAreUntouched(int type) {
        start();
        byte[] expected = content.clone();
        Arrays.fill(expected, 512, 3 * 512, (byte) 0);
        Arrays.fill(expected, DISK - 512, DISK, (byte) 0);
        assertEquals(Request.S_OK, request(type, 0, ranges(1, 2, 0, 8191, 1, 0)));
        assertArrayEquals(expected, content);
    }

    @Test
    void zeroesMayUnmapButDiscardsHaveNoFlag() {
        start();
        assertEquals(Request.S_OK, request(Request.T_WRITE_ZEROES, 0, ranges(1, 1, 1)));
        assertEquals(Request.S_UNSUPP, request(Request.T_WRITE_ZEROES, 0, ranges(1, 1, 2)));
        assertEquals(Request.S_UNSUPP, request(Request.T_DISCARD, 0, ranges(1, 1, 1)));
        assertEquals(List.of("zero 512 512"), disk.accesses());
    }

    @ParameterizedTest
    @CsvSource({"8192, 1", "0, 8193", "-1, 1", "9223372036854775807, 4294967295", "0, 4294967295", "0, 131073"})
    void rangesBeyondTheDiskOrTheLimitAreAnErrorAndNoneOfTheRequestIsDone(long sector, long count) {
        start();
        assertEquals(Request.S_IOERR, request(Request.T_DISCARD, 0, ranges(0, 1, 0, sector, count, 0)));
        assertEquals(List.of(), disk.accesses());
    }

    @Test
    void noRangesTooManyOrHalfOnesAreAnError() {
        start();
        assertEquals(Request.S_IOERR, request(Request.T_DISCARD, 0));
        assertEquals(Request.S_IOERR, request(Request.T_DISCARD, 0, ranges(new long[3 * (Config.MAX_RANGES + 1)])));
        assertEquals(Request.S_IOERR, request(Request.T_DISCARD, 0, out(room(15), 15)));
        assertEquals(List.of(), disk.accesses());
    }

    // Disks that do not do what is wanted

    @Test
    void aReadOnlyDiskIsNotWritten() {
        plug(false);
        assertTrue((driver.offered() & Config.RO) != 0);
        assertEquals(0, driver.offered() & (Config.DISCARD | Config.WRITE_ZEROES));
        driver.start(VERSION_1 | Config.RO, Config.QUEUE_SIZE);
        assertEquals(Request.S_IOERR, request(Request.T_OUT, 0, out(room(512), 512)));
        assertEquals(Request.S_IOERR, request(Request.T_WRITE_ZEROES, 0, ranges(0, 1, 0)));
        assertEquals(Request.S_OK, request(Request.T_IN, 0, in(room(512), 512)));
        assertEquals(List.of("read 0 512"), disk.accesses());
    }

    @Test
    void aDiskThatFailsIsAnErrorOfTheRequestAndTheNextOneIsServed() {
        start();
        disk.failure(new IOException("no space left on the host"));
        assertEquals(Request.S_IOERR, request(Request.T_OUT, 0, out(room(512), 512)));
        assertEquals(Request.S_IOERR, request(Request.T_IN, 0, in(room(512), 512)));
        assertEquals(Request.S_IOERR, request(Request.T_FLUSH, 0));
        disk.failure(null);
        assertEquals(Request.S_OK, request(Request.T_FLUSH, 0));
        assertEquals(4, driver.queue(0).used().size());
    }

    // Checkpoints and resets

    private TestDeviceContext restored(byte[] copyOfDisk) throws Exception {
        TestMemory copy = ram.copy();
        TestDeviceContext other = new TestDeviceContext("vda", 1).memory(copy).disk(new TestDisk(copyOfDisk, true));
        Device fresh = new BlockPart().create(other);
        fresh.load(device.save());
        driver = driver.at(fresh, copy);
        return other;
    }

    @Test
    void requestsUnderWayAreDoneByTheOriginalAndByTheRestoredMachine() throws Exception {
        start();
        int length = 3 * Transfer.MAX_PIECE;
        byte[] fresh = new byte[length];
        new Random(3).nextBytes(fresh);
        long written = data(fresh);
        long room = room(length);
        long statuses = room(2);
        driver.send(0, out(header(Request.T_OUT, 0), 16), out(written, length), in(statuses, 1));
        driver.send(0, out(header(Request.T_IN, 2000), 16), in(room, length), in(statuses + 1, 1));
        byte[] diskAtThatInstant = content.clone();
        VirtioDriver original = driver;
        TestDeviceContext other = restored(diskAtThatInstant);
        context.boundary();
        assertEquals(2, original.queue(0).used().size());
        assertArrayEquals(fresh, disk(0, length));
        other.boundary();
        assertArrayEquals(fresh, Arrays.copyOf(diskAtThatInstant, length));
        assertArrayEquals(Arrays.copyOfRange(diskAtThatInstant, 2000 * 512, 2000 * 512 + length), driver.ram().get(room, length));
        assertArrayEquals(new byte[2], driver.ram().get(statuses, 2));
        assertEquals(2, driver.queue(0).used().size());
        driver.ram().close();
    }

    @Test
    void requestsThatWaitedForMemoryAreNotForgottenByTheRestoredMachine() throws Exception {
        start();
        long room = room(Transfer.MAX_PIECE);
        for (int i = 0; i < 30; i++) {
            driver.send(0, out(header(Request.T_IN, 0), 16), in(room, Transfer.MAX_PIECE), in(driver.allocate(1), 1));
        }
        restored(content).boundary();
        assertEquals(30, driver.queue(0).used().size());
        driver.ram().close();
    }

    @Test
    void afterAResetTheDiskServesTheNextDriver() {
        start();
        driver.send(0, out(header(Request.T_OUT, 0), 16), out(room(512), 512), in(room(1), 1));
        driver.store(STATUS, 0);
        driver = new VirtioDriver(device, ram);
        ram.clear();
        start();
        long room = room(512);
        assertEquals(Request.S_OK, request(Request.T_IN, 0, in(room, 512)));
        assertEquals(UNTOUCHED, ram.get(room, 1)[0], "the write of before has ended");
        assertEquals(1, driver.queue(0).used().size());
    }
}
