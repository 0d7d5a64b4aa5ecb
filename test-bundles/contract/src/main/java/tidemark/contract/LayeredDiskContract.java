package tidemark.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tidemark.api.device.Disk;
import tidemark.api.device.DiskPart;
import tidemark.api.device.DiskPart.Backing;

/** What every {@link DiskPart} promises whose files can lie over others. */
public abstract class LayeredDiskContract extends DiskContract {
    private byte[] below;
    private MemoryDisk belowDisk;
    private Backing backing;

    @BeforeEach
    final void layBelow() {
        below(random(21, SIZE));
        backing = new Backing(folder.resolve("below"), "raw");
    }

    private void below(byte[] bytes) {
        below = bytes;
        belowDisk = new MemoryDisk(bytes.clone(), false);
    }

    private Disk openOver() throws IOException {
        return keep(part().open(file(), true, asked -> {
            assertEquals(backing, asked);
            return belowDisk;
        }));
    }

    private Disk created() throws IOException {
        part().create(file(), SIZE, Optional.of(backing));
        return openOver();
    }

    private void assertBelowUnchanged() throws IOException {
        assertHolds(below, belowDisk);
    }

    @Test
    void aNewLayerReadsAsWhatIsBelowIt() throws IOException {
        assertHolds(below, created());
    }

    @Test
    void aWriteOfPartOfABlockKeepsTheRestFromBelow() throws IOException {
        Disk disk = created();
        byte[] model = below.clone();
        for (int offset : new int[] {0, 100, 4000, 65_000, 262_100, 1 << 20, SIZE - 700}) {
            byte[] bytes = random(offset, 700);
            disk.write(offset, ByteBuffer.wrap(bytes));
            System.arraycopy(bytes, 0, model, offset, bytes.length);
        }
        assertHolds(model, disk);
        assertBelowUnchanged();
    }

    @Test
    void zerosHideWhatIsBelow() throws IOException {
        Disk disk = created();
        byte[] model = below.clone();
        for (int[] range : new int[][] {{10, 20}, {4096, 4096}, {65_000, 200_000}, {1 << 20, 1 << 20}, {SIZE - 600, 600}}) {
            disk.zero(range[0], range[1]);
            Arrays.fill(model, range[0], range[0] + range[1], (byte) 0);
        }
        assertHolds(model, disk);
        disk.close();
        belowDisk = new MemoryDisk(below.clone(), false);
        assertHolds(model, openOver());
        assertBelowUnchanged();
    }

    @Test
    void aLayerThatIsLongerReadsZerosBehindTheEndOfWhatIsBelow() throws IOException {
        below(random(22, (1 << 20) + 3 * Disk.SECTOR));
        Disk disk = created();
        byte[] model = Arrays.copyOf(below, SIZE);
        assertHolds(model, disk);
        byte[] bytes = random(23, 1000);
        for (int offset : new int[] {below.length - 500, below.length + 100, 2 << 20, SIZE - 1000}) {
            disk.write(offset, ByteBuffer.wrap(bytes));
            System.arraycopy(bytes, 0, model, offset, bytes.length);
        }
        assertHolds(model, disk);
    }

    @Test
    void randomRequestsOverALayerLeaveWhatTheyLeaveInMemoryAcrossReopening() throws IOException {
        part().create(file(), SIZE, Optional.of(backing));
        byte[] model = below.clone();
        Random random = new Random(18);
        for (int session = 0; session < 5; session++) {
            belowDisk = new MemoryDisk(below.clone(), false);
            try (Disk disk = openOver()) {
                for (int step = 0; step < 150; step++) {
                    int length = 1 + random.nextInt(random.nextInt(20) == 0 ? SIZE / 3 : 9_000);
                    change(disk, model, random, random.nextInt(SIZE - length + 1), length);
                }
                disk.flush();
                assertHolds(model, disk);
                assertBelowUnchanged();
            }
        }
    }

    @Test
    void whatItOpenedBelowIsClosedWithIt() throws IOException {
        Disk disk = created();
        assertFalse(belowDisk.closed());
        disk.close();
        assertTrue(belowDisk.closed());
    }

    @Test
    void itIsNotOpenedWithoutWhatIsBelowAndLeavesItsFileFree() throws IOException {
        part().create(file(), SIZE, Optional.of(backing));
        IOException missing = new IOException("There is no disk file below");
        IOException e = assertThrows(IOException.class, () -> part().open(file(), true, asked -> {
            throw missing;
        }));
        assertNamesFile(e);
        assertEquals(missing, e.getCause());
        assertHolds(below, openOver());
    }

    @Test
    void layersThatLieOverThemselvesAreRefused() throws IOException {
        Path other = folder.resolve("other");
        part().create(file(), SIZE, Optional.of(new Backing(other, "this")));
        part().create(other, SIZE, Optional.of(new Backing(file(), "this")));
        assertTrue(assertThrows(IOException.class, () -> part().open(file(), false, this::openAgain)).getMessage().contains("itself"));
        assertTrue(assertThrows(IOException.class, () -> part().open(other, false, this::openAgain)).getMessage().contains("itself"));
        Path own = folder.resolve("own");
        part().create(own, SIZE, Optional.of(new Backing(own, "this")));
        assertTrue(assertThrows(IOException.class, () -> part().open(own, false, this::openAgain)).getMessage().contains("itself"));
    }

    private Disk openAgain(Backing asked) throws IOException {
        return keep(part().open(asked.file(), false, this::openAgain));
    }

    @Test
    void aHighStackOfLayersReadsThroughOnAnyThreadAndOneWithoutEndIsRefused() throws Exception {
        Path lowest = folder.resolve("layer0");
        part().create(lowest, SIZE, Optional.empty());
        for (int layer = 1; layer < 600; layer++) {
            part().create(folder.resolve("layer" + layer), SIZE, Optional.of(new Backing(folder.resolve("layer" + (layer - 1)), "this")));
        }
        byte[] bytes = random(31, 5000);
        try (Disk disk = part().open(lowest, true, NOTHING_BELOW)) {
            disk.write(777, ByteBuffer.wrap(bytes));
        }
        CompletableFuture<byte[]> read = new CompletableFuture<>();
        new Thread(null, () -> {
            try (Disk disk = part().open(folder.resolve("layer250"), true, this::openAgain)) {
                read.complete(read(disk, 777, bytes.length));
            } catch (IOException | StackOverflowError e) {
                read.completeExceptionally(e);
            }
        }, "usual stack", 1 << 20).start();
        assertArrayEquals(bytes, read.get());
        IOException e = assertThrows(IOException.class, () -> part().open(folder.resolve("layer599"), false, this::openAgain));
        assertTrue(e.getMessage().contains("layers"), e.getMessage());
    }
}
