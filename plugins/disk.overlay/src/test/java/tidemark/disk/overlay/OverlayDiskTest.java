package tidemark.disk.overlay;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tidemark.disk.overlay.Layers.BLOCK;
import static tidemark.disk.overlay.Layers.bytes;
import static tidemark.disk.overlay.Layers.over;
import static tidemark.disk.overlay.Layers.read;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tidemark.api.device.Disk;
import tidemark.api.device.DiskPart.Backing;
import tidemark.testkit.HostTool;
import tidemark.testkit.TestStorage;

/** Beside what every disk part promises (DiskContract). */
@Timeout(60)
class OverlayDiskTest {
    private static final long GIB = 1L << 30;

    @TempDir
    Path folder;

    private final OverlayPart part = new OverlayPart();

    private Path file() {
        return folder.resolve("layer");
    }

    private Backing backing() {
        return new Backing(folder.resolve("below"), "raw");
    }

    private long kibibytesOnHost() throws Exception {
        return Long.parseLong(HostTool.run(10, "du", "-k", file().toString()).output().split("\\s")[0]);
    }

    @Test
    void theFileIsLaidOutAsTheReadmeSays() throws IOException {
        part.create(file(), 40L << 20, Optional.of(backing()));
        byte[] written = bytes(1, BLOCK);
        try (Disk disk = part.open(file(), true, over(new Layers.Zeros(40 << 20)))) {
            disk.write(5000L * BLOCK, ByteBuffer.wrap(written));
        }
        ByteBuffer content = ByteBuffer.wrap(Files.readAllBytes(file()));
        String path = backing().file().toString();
        assertEquals(0x89544D4F0D0A1A0AL, content.getLong(0));
        assertEquals(1, content.getInt(8));
        assertEquals(4096, content.getInt(12));
        assertEquals(40L << 20, content.getLong(16));
        assertEquals(path.length(), content.getInt(32));
        assertEquals(3, content.getInt(36));
        assertEquals(path + "raw", new String(content.array(), 40, path.length() + 3));
        int sectors = 3; // 10240 blocks in 160 words, 63 of them in each sector
        int dataOffset = 8192 + 4096;
        assertEquals(dataOffset + (40 << 20), content.limit());
        int word = 5000 / 64;
        assertEquals(1L << 5000 % 64, content.getLong(8192 + word / 63 * 512 + word % 63 * 8));
        assertEquals(word / 63, content.getInt(8192 + word / 63 * 512 + 504));
        assertArrayEquals(new byte[512], Arrays.copyOfRange(content.array(), 8192 + 512 * (sectors - 1), 8192 + 512 * sectors));
        assertArrayEquals(written, Arrays.copyOfRange(content.array(), dataOffset + 5000 * BLOCK, dataOffset + 5001 * BLOCK));
    }

    @Test
    void theRehearsalOfTheFirstLayerLeavesNothingBehind() throws IOException {
        OverlayPart.rehearse(folder);
        try (Stream<Path> left = Files.list(folder)) {
            assertEquals(List.of(), left.toList());
        }
    }

    @Test
    void rehearsalDoesNotOutliveItsBundle() throws Exception {
        OverlayPart activated = new OverlayPart();
        activated.activate();
        activated.deactivate();
        assertTrue(Thread.getAllStackTraces().keySet().stream().noneMatch(thread -> thread.getName().equals("tidemark-overlay")));
    }

    @Test
    void aLayerTakesOnlyTheSpaceOfWhatWasWrittenAndZerosGiveItBack() throws Exception {
        part.create(file(), 64 * GIB, Optional.of(backing()));
        try (Disk disk = part.open(file(), true, over(new Layers.Zeros(64 * GIB)))) {
            disk.flush();
            assertTrue(kibibytesOnHost() <= 8, "KiB taken: " + kibibytesOnHost());
            disk.write(40 * GIB, ByteBuffer.wrap(bytes(1, 4 << 20)));
            disk.flush();
            assertTrue(kibibytesOnHost() >= 4 << 10 && kibibytesOnHost() < 5 << 10, "KiB taken: " + kibibytesOnHost());
            disk.zero(40 * GIB, 4 << 20);
            disk.flush();
            assertTrue(kibibytesOnHost() <= 32, "KiB taken: " + kibibytesOnHost());
        }
    }

    @Test
    void zerosOverNothingCostNothing() throws Exception {
        part.create(file(), GIB, Optional.empty());
        try (Disk disk = part.open(file(), true, over(null))) {
            disk.zero(0, GIB);
            disk.flush();
        }
        assertTrue(kibibytesOnHost() <= 4, "KiB taken: " + kibibytesOnHost());
    }

    /** A write of part of a block is bringing the rest from below when another writes the whole block. */
    @Test
    void whatIsBroughtFromBelowNeverCoversWhatAnotherThreadWrote() throws Exception {
        TestStorage file = Layers.create(GIB, Optional.of(backing()));
        Layers.SlowDisk below = new Layers.SlowDisk(GIB);
        Disk disk = OverlayDisk.open(folder, file, true, over(below));
        byte[] whole = bytes(2, BLOCK);
        Thread part = Thread.ofPlatform().start(() -> write(disk, 100, new byte[50]));
        below.entered.await();
        CountDownLatch started = new CountDownLatch(1);
        Thread all = Thread.ofPlatform().start(() -> {
            started.countDown();
            write(disk, 0, whole);
        });
        started.await();
        while (all.isAlive() && all.getState() != Thread.State.BLOCKED) {
            Thread.onSpinWait();
        }
        below.go.countDown();
        part.join();
        all.join();
        byte[] now = read(disk, 0, BLOCK);
        Arrays.fill(whole, 100, 150, (byte) 0);
        Arrays.fill(now, 100, 150, (byte) 0);
        assertArrayEquals(whole, now);
    }

    private static void write(Disk disk, long offset, byte[] bytes) {
        try {
            disk.write(offset, ByteBuffer.wrap(bytes));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aBlockWhoseWriteFailedIsStillThatFromBelow() throws IOException {
        byte[] old = bytes(3, 16 * BLOCK);
        TestStorage file = Layers.create(16 * BLOCK, Optional.of(backing()));
        Disk disk = OverlayDisk.open(folder, file, true, over(new Layers.Fixed(old)));
        file.full(file.length() - 8 * BLOCK);
        assertThrows(IOException.class, () -> disk.write(10 * BLOCK + 7, ByteBuffer.wrap(bytes(4, 100))));
        assertThrows(IOException.class, () -> disk.write(10 * BLOCK, ByteBuffer.wrap(bytes(4, 2 * BLOCK))));
        assertArrayEquals(old, read(disk, 0, old.length));
        file.full(Long.MAX_VALUE);
        disk.write(10 * BLOCK + 7, ByteBuffer.wrap(bytes(4, 100)));
        System.arraycopy(bytes(4, 100), 0, old, 10 * BLOCK + 7, 100);
        assertArrayEquals(old, read(disk, 0, old.length));
    }

    @Test
    void aFlushThatFailedIsDoneByTheNext() throws IOException {
        TestStorage file = Layers.create(16 * BLOCK, Optional.empty());
        Disk disk = OverlayDisk.open(folder, file, true, over(null));
        byte[] bytes = bytes(5, BLOCK);
        disk.write(0, ByteBuffer.wrap(bytes));
        for (int succeeding = 0; succeeding < 3; succeeding++) {
            file.failAfter(succeeding);
            assertThrows(IOException.class, disk::flush);
        }
        file.failAfter(Long.MAX_VALUE);
        disk.flush();
        assertArrayEquals(bytes, read(OverlayDisk.open(folder, file.afterKill(), false, over(null)), 0, BLOCK));
    }

    @Test
    void aFlushWithNothingNewIsOneSyncAndClosingChangesNothingMore() throws IOException {
        TestStorage file = Layers.create(16 * BLOCK, Optional.empty());
        Disk disk = OverlayDisk.open(folder, file, true, over(null));
        disk.write(0, ByteBuffer.wrap(bytes(5, BLOCK)));
        disk.flush();
        long changes = file.changes();
        disk.write(10, ByteBuffer.wrap(bytes(6, 5)));
        disk.flush();
        assertEquals(changes + 2, file.changes());
        disk.close();
        assertEquals(changes + 2, file.changes());
    }

    @Test
    void othersMayReadASealedLayerNotBeforeItIsFlushed() throws IOException {
        TestStorage file = Layers.create(16 * BLOCK, Optional.empty());
        Disk disk = OverlayDisk.open(folder, file, true, over(null));
        disk.write(0, ByteBuffer.wrap(bytes(5, BLOCK)));
        disk.seal();
        assertFalse(file.shared());
        disk.flush();
        assertTrue(file.shared());
        assertArrayEquals(bytes(5, BLOCK), read(OverlayDisk.open(folder, file.afterKill(), false, over(null)), 0, BLOCK));
    }
}
