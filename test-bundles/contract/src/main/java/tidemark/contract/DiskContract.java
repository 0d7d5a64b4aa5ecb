package tidemark.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tidemark.api.device.Disk;
import tidemark.api.device.DiskPart;

/** What every {@link DiskPart} promises. Extend it in a test class and say which part. One with layers extends {@link LayeredDiskContract}. */
@Timeout(60)
public abstract class DiskContract {
    /** Ends within a block, a cluster, whatever the unit is. */
    protected static final int SIZE = (3 << 20) + 5 * Disk.SECTOR;
    /** At which a format may change its ways: sectors, blocks, clusters of several sizes, the end. */
    private static final int[] EDGES = {0, 512, 4096, 65536, 262144, 1 << 20, 2 << 20, SIZE};
    protected static final DiskPart.Opener NOTHING_BELOW = file -> {
        throw new IOException("There is nothing below");
    };

    @TempDir
    protected Path folder;

    private final List<Disk> opened = new ArrayList<>();

    protected abstract DiskPart part();

    /** Whether its files can be told from others. */
    protected boolean hasSignature() {
        return true;
    }

    /** Of a process that uses the part's class and this one. @throws IOException if files cannot be made for it */
    protected String classPath() throws IOException {
        return System.getProperty("java.class.path");
    }

    @AfterEach
    final void closeAll() throws IOException {
        for (Disk disk : opened) {
            disk.close();
        }
    }

    protected final Path file() {
        return folder.resolve("disk");
    }

    protected final Disk open(boolean writable) throws IOException {
        return keep(part().open(file(), writable, NOTHING_BELOW));
    }

    protected final Disk keep(Disk disk) {
        opened.add(disk);
        return disk;
    }

    private Disk created() throws IOException {
        part().create(file(), SIZE, Optional.empty());
        return open(true);
    }

    protected static byte[] random(long seed, int length) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    protected static byte[] read(Disk disk, long offset, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        disk.read(offset, bytes);
        assertFalse(bytes.hasRemaining(), "filled");
        return bytes.array();
    }

    protected static void assertHolds(byte[] expected, Disk disk) throws IOException {
        assertEquals(expected.length, disk.size());
        assertArrayEquals(expected, read(disk, 0, expected.length));
    }

    @Test
    void aNewDiskIsZerosOfTheSizeAskedFor() throws IOException {
        Disk disk = created();
        assertTrue(disk.writable());
        assertHolds(new byte[SIZE], disk);
    }

    @Test
    void whatIsWrittenAcrossAnyEdgeIsReadBackAndNothingElseChanges() throws IOException {
        Disk disk = created();
        byte[] model = new byte[SIZE];
        for (int edge : EDGES) {
            for (int length : new int[] {1, 511, 512, 4096, 5000, 70_000}) {
                int offset = Math.clamp(edge - length / 2, 0, SIZE - length);
                byte[] bytes = random(edge + length, length);
                disk.write(offset, ByteBuffer.wrap(bytes));
                System.arraycopy(bytes, 0, model, offset, length);
                assertArrayEquals(bytes, read(disk, offset, length));
            }
        }
        assertHolds(model, disk);
    }

    @Test
    void onlyTheRemainingBytesOfABufferCountWhateverItsKind() throws IOException {
        Disk disk = created();
        byte[] bytes = random(1, 10_000);
        ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length).put(bytes);
        List<ByteBuffer> buffers = List.of(ByteBuffer.wrap(bytes), ByteBuffer.wrap(bytes).asReadOnlyBuffer(), direct, direct.asReadOnlyBuffer());
        for (ByteBuffer buffer : buffers) {
            disk.zero(0, 20_000);
            buffer.limit(9_000).position(1_000);
            disk.write(3_000, buffer);
            assertEquals(9_000, buffer.position());
            ByteBuffer back = (buffer.isDirect() ? ByteBuffer.allocateDirect(12_000) : ByteBuffer.allocate(12_000)).limit(11_000).position(500);
            disk.read(2_500, back);
            assertEquals(11_000, back.position());
            byte[] expected = new byte[12_000];
            System.arraycopy(bytes, 1_000, expected, 1_000, 8_000);
            assertEquals(ByteBuffer.wrap(expected), back.clear());
        }
    }

    @Test
    void whatIsZeroedReadsAsZerosAndNothingElseChanges() throws IOException {
        Disk disk = created();
        for (int edge : EDGES) {
            for (int length : new int[] {1, 512, 4096, 65536, 300_000, 2 << 20}) {
                byte[] model = random(edge, SIZE);
                disk.write(0, ByteBuffer.wrap(model));
                int offset = Math.clamp(edge - length / 3, 0, SIZE - length);
                disk.zero(offset, length);
                Arrays.fill(model, offset, offset + length, (byte) 0);
                assertHolds(model, disk);
            }
        }
    }

    @Test
    void requestsBeyondTheDiskAreRefusedWhateverTheNumbers() throws IOException {
        Disk disk = created();
        long[][] wrong = {{-1, 1}, {SIZE, 1}, {SIZE - 1, 2}, {SIZE + 1, 0}, {Long.MAX_VALUE, 512}, {Long.MIN_VALUE, 512}, {Long.MAX_VALUE - 511, 512}};
        for (long[] request : wrong) {
            ByteBuffer bytes = ByteBuffer.wrap(random(1, (int) request[1]));
            assertNamesFile(assertThrows(IOException.class, () -> disk.write(request[0], bytes)));
            assertNamesFile(assertThrows(IOException.class, () -> disk.read(request[0], bytes)));
            assertNamesFile(assertThrows(IOException.class, () -> disk.zero(request[0], request[1])));
        }
        for (long length : new long[] {-1, SIZE + 1L, Long.MAX_VALUE, Long.MIN_VALUE}) {
            assertNamesFile(assertThrows(IOException.class, () -> disk.zero(0, length)));
            assertNamesFile(assertThrows(IOException.class, () -> disk.zero(SIZE, length)));
        }
        assertDoesNotThrow(() -> disk.write(SIZE, ByteBuffer.allocate(0)));
        assertHolds(new byte[SIZE], disk);
    }

    protected final void assertNamesFile(Exception e) {
        assertTrue(e.getMessage().contains(file().toString()), e.getMessage());
    }

    @Test
    void writersOfDifferentSectorsDoNotDisturbEachOther() throws Exception {
        Disk disk = created();
        byte[] model = random(5, SIZE);
        int writers = 4;
        parallel(writers, writer -> {
            for (int sector = writer; sector < SIZE / Disk.SECTOR; sector += writers) {
                disk.write((long) sector * Disk.SECTOR, ByteBuffer.wrap(model, sector * Disk.SECTOR, Disk.SECTOR));
                if (sector % 1000 == writer) {
                    disk.flush();
                }
            }
        });
        assertHolds(model, disk);
    }

    @Test
    void writersReadersZeroesAndFlushesOfDifferentRegionsDoNotDisturbEachOther() throws Exception {
        Disk disk = created();
        int workers = 4;
        int stripe = 3 * Disk.SECTOR;
        byte[] model = new byte[SIZE];
        parallel(workers, worker -> {
            Random random = new Random(worker);
            for (int step = 0; step < 1_500; step++) {
                int offset = (random.nextInt(SIZE / stripe / workers) * workers + worker) * stripe;
                int length = 1 + random.nextInt(stripe);
                if (random.nextInt(50) == 0) {
                    disk.flush();
                }
                change(disk, model, random, offset, length);
                assertArrayEquals(Arrays.copyOfRange(model, offset, offset + stripe), read(disk, offset, stripe));
            }
        });
        assertHolds(model, disk);
    }

    /** Writes or zeroes, there and in the model. */
    protected static void change(Disk disk, byte[] model, Random random, int offset, int length) throws IOException {
        if (random.nextInt(4) == 0) {
            disk.zero(offset, length);
            Arrays.fill(model, offset, offset + length, (byte) 0);
        } else {
            byte[] bytes = random(random.nextLong(), length);
            disk.write(offset, ByteBuffer.wrap(bytes));
            System.arraycopy(bytes, 0, model, offset, length);
        }
    }

    private static void parallel(int threads, Work work) throws Exception {
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            List<Callable<Void>> all = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                int thread = i;
                all.add(() -> {
                    work.run(thread);
                    return null;
                });
            }
            for (Future<Void> done : pool.invokeAll(all)) {
                done.get();
            }
        }
    }

    @Test
    void anInterruptedThreadIsServedAndDoesNotHarmTheOthers() throws IOException {
        Disk disk = created();
        byte[] bytes = random(9, 10_000);
        Thread.currentThread().interrupt();
        disk.write(100, ByteBuffer.wrap(bytes));
        disk.flush();
        assertArrayEquals(bytes, read(disk, 100, bytes.length));
        assertTrue(Thread.interrupted(), "the interrupt is kept for who waits for it");
    }

    @Test
    void randomRequestsLeaveWhatTheyLeaveInMemoryAcrossFlushesAndReopening() throws IOException {
        part().create(file(), SIZE, Optional.empty());
        byte[] model = new byte[SIZE];
        Random random = new Random(17);
        for (int session = 0; session < 6; session++) {
            try (Disk disk = part().open(file(), true, NOTHING_BELOW)) {
                assertHolds(model, disk);
                for (int step = 0; step < 200; step++) {
                    int length = 1 + random.nextInt(random.nextInt(10) == 0 ? SIZE / 2 : 20_000);
                    change(disk, model, random, random.nextInt(SIZE - length + 1), length);
                    if (random.nextInt(20) == 0) {
                        disk.flush();
                    }
                }
                assertHolds(model, disk);
            }
        }
    }

    @Test
    void whatWasFlushedIsInTheFileWhileItIsStillOpen() throws IOException {
        Disk disk = created();
        byte[] model = random(3, SIZE);
        disk.write(0, ByteBuffer.wrap(model));
        disk.zero(4096, 100_000);
        Arrays.fill(model, 4096, 104_096, (byte) 0);
        disk.flush();
        Path copy = Files.copy(file(), folder.resolve("copy"));
        assertHolds(model, keep(part().open(copy, false, NOTHING_BELOW)));
    }

    @Test
    void aDiskThatIsOpenToBeReadIsNotWritten() throws IOException {
        created().close();
        Disk disk = open(false);
        assertFalse(disk.writable());
        assertNamesFile(assertThrows(IOException.class, () -> disk.write(0, ByteBuffer.allocate(1))));
        assertNamesFile(assertThrows(IOException.class, () -> disk.zero(0, 1)));
        disk.flush();
        assertHolds(new byte[SIZE], disk);
    }

    @Test
    void whoWritesIsAloneAndWhoReadIsNot() throws IOException {
        Disk writer = created();
        assertNamesFile(assertThrows(IOException.class, () -> open(true)));
        assertNamesFile(assertThrows(IOException.class, () -> open(false)));
        part().recognizes(file());
        assertNamesFile(assertThrows(IOException.class, () -> open(true)));
        writer.close();
        Disk reader = open(false);
        open(false).close();
        assertNamesFile(assertThrows(IOException.class, () -> open(true)));
        reader.close();
        open(true).close();
    }

    @Test
    void aSealedDiskIsWrittenNoMoreAndReadByOthersOnceItIsFlushed() throws IOException {
        Disk disk = created();
        byte[] model = random(41, SIZE);
        disk.write(0, ByteBuffer.wrap(model));
        disk.seal();
        assertFalse(disk.writable());
        assertNamesFile(assertThrows(IOException.class, () -> disk.write(0, ByteBuffer.allocate(1))));
        assertNamesFile(assertThrows(IOException.class, () -> disk.zero(0, 1)));
        disk.flush();
        assertHolds(model, open(false));
        assertNamesFile(assertThrows(IOException.class, () -> open(true)));
        byte[] file = Files.readAllBytes(file());
        assertHolds(model, disk);
        disk.close();
        assertArrayEquals(file, Files.readAllBytes(file()));
    }

    @Test
    void sealingADiskThatIsOnlyReadDoesNothing() throws IOException {
        created().close();
        Disk disk = open(false);
        disk.seal();
        disk.flush();
        assertHolds(new byte[SIZE], disk);
        assertNamesFile(assertThrows(IOException.class, () -> open(true)));
    }

    @Test
    void requestsToAClosedDiskFailAndClosingItAgainDoesNothing() throws IOException {
        Disk disk = created();
        disk.close();
        disk.close();
        assertThrows(IOException.class, () -> disk.read(0, ByteBuffer.allocate(1)));
        assertThrows(IOException.class, () -> disk.write(0, ByteBuffer.allocate(1)));
        assertThrows(IOException.class, () -> disk.zero(0, SIZE));
        assertThrows(IOException.class, disk::flush);
    }

    @Test
    void noFileIsReplacedByANewDisk() throws IOException {
        Files.writeString(file(), "precious");
        assertNamesFile(assertThrows(IOException.class, () -> part().create(file(), SIZE, Optional.empty())));
        assertEquals("precious", Files.readString(file()));
    }

    @Test
    void sizesThatNoDiskHasAreRefusedAndLeaveNoFile() {
        for (long size : new long[] {-512, -1, 1, 511, 513, Long.MIN_VALUE, Long.MAX_VALUE, Long.MAX_VALUE - 511}) {
            assertNamesFile(assertThrows(IOException.class, () -> part().create(file(), size, Optional.empty()), () -> size + " bytes"));
            assertFalse(Files.exists(file()), () -> size + " bytes");
        }
        Path nowhere = folder.resolve("none/disk");
        IOException e = assertThrows(IOException.class, () -> part().create(nowhere, SIZE, Optional.empty()));
        assertTrue(e.getMessage().contains(nowhere.toString()), e.getMessage());
    }

    @Test
    void whatIsNoDiskFileIsRefused() throws IOException {
        assertNamesFile(assertThrows(IOException.class, () -> open(false)));
        Files.createDirectory(file());
        assertFalse(part().recognizes(file()));
        assertNamesFile(assertThrows(IOException.class, () -> open(false)));
        Files.delete(file());
        for (byte[] foreign : List.of(new byte[0], new byte[100], "precious".getBytes(), random(1, 100_000))) {
            Files.write(file(), foreign);
            assertFalse(part().recognizes(file()));
            if (hasSignature()) {
                assertNamesFile(assertThrows(IOException.class, () -> open(true)));
                assertNamesFile(assertThrows(IOException.class, () -> open(false)));
                assertArrayEquals(foreign, Files.readAllBytes(file()));
            }
        }
    }

    @Test
    void itsOwnFilesAreRecognizedByTheirFirstBytesIfTheyHaveASignature() throws IOException {
        created().close();
        assertEquals(hasSignature(), part().recognizes(file()));
        assertFalse(part().recognizes(folder.resolve("none")));
    }

    @Test
    void aHostThatIsFullIsAnErrorAndSparesWhatWasWrittenBefore() throws Exception {
        part().create(file(), SIZE, Optional.empty());
        FullHost.Outcome outcome = FullHost.write(part(), file(), SIZE / 2, classPath());
        assertTrue(outcome.failures() > 0 && outcome.failures() < outcome.requests(), outcome::toString);
        outcome.check(open(true));
    }

    @FunctionalInterface
    private interface Work {
        void run(int thread) throws Exception;
    }
}
