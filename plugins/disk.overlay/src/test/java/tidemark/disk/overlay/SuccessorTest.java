package tidemark.disk.overlay;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tidemark.disk.overlay.Layers.BLOCK;
import static tidemark.disk.overlay.Layers.bytes;
import static tidemark.disk.overlay.Layers.read;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidemark.api.device.DiskPart.Backing;
import tidemark.testkit.TestStorage;

/** A layer that is laid over another file of the same content. */
class SuccessorTest {
    private static final int BLOCKS = 100;
    private static final byte[] CONTENT = bytes(1, BLOCKS * BLOCK);

    @TempDir
    private Path folder;

    private Backing named(String name) {
        return new Backing(folder.resolve(name), "overlay");
    }

    private Path path() throws IOException {
        Path path = folder.resolve("top");
        return Files.exists(path) ? path : Files.createFile(path);
    }

    private OverlayDisk open(TestStorage file, Set<String> asked) throws IOException {
        return OverlayDisk.open(path(), file, true, backing -> {
            asked.add(backing.file().getFileName().toString());
            return new Layers.Fixed(CONTENT);
        });
    }

    private TestStorage rebased() throws IOException {
        TestStorage file = Layers.create(BLOCKS * BLOCK, Optional.of(named("former")));
        OverlayDisk disk = open(file, new HashSet<>());
        disk.write(0, ByteBuffer.wrap(bytes(2, BLOCK)));
        disk.rebase(named("next"), new Layers.Fixed(CONTENT));
        disk.flush();
        return file;
    }

    @Test
    void rebasedLayerHasTheSameContentAndLiesOverTheOther() throws IOException {
        TestStorage file = rebased().afterKill();
        Set<String> asked = new HashSet<>();
        OverlayDisk disk = open(file, asked);
        assertEquals(Set.of("next"), asked);
        assertArrayEquals(bytes(2, BLOCK), read(disk, 0, BLOCK));
        assertArrayEquals(Arrays.copyOfRange(CONTENT, BLOCK, 3 * BLOCK), read(disk, BLOCK, 2 * BLOCK));
        disk.rebase(named("third"), new Layers.Fixed(CONTENT));
        disk.flush();
        asked.clear();
        open(file, asked);
        assertEquals(Set.of("third"), asked);
    }

    @Test
    void whereverItCrashesTheLayerLiesOverTheFormerOrTheNextAndAfterAFlushOverTheNext() throws IOException {
        Random random = new Random(9);
        Set<String> found = new HashSet<>();
        for (int round = 0; round < 200; round++) {
            TestStorage file = Layers.create(BLOCKS * BLOCK, Optional.of(named("former")));
            file.sync();
            OverlayDisk disk = open(file, new HashSet<>());
            file.failAfter(round % 6);
            boolean flushed = false;
            try {
                disk.write(0, ByteBuffer.wrap(bytes(2, BLOCK)));
                disk.rebase(named("next"), new Layers.Fixed(CONTENT));
                disk.flush();
                flushed = true;
            } catch (IOException e) {
                assertTrue(e.getMessage().contains("it has failed"), e.getMessage());
            }
            for (TestStorage left : List.of(file.afterKill(), file.afterPowerLoss(random))) {
                Set<String> asked = new HashSet<>();
                open(left, asked);
                assertTrue(flushed ? asked.equals(Set.of("next")) : Set.of("former", "next").containsAll(asked), asked.toString());
                found.addAll(asked);
            }
        }
        assertEquals(Set.of("former", "next"), found);
    }

    @Test
    void successorWithWrongFieldsIsRefusedWhateverItsChecksum() throws IOException {
        refused("wrong checksum of the successor", 0, 4, false);
        refused("wrong checksum of the successor", 16, 4, false);
        for (int length : new int[] {0, -1, 1 << 20, Integer.MAX_VALUE}) {
            refused("names of " + length, 8, length, true);
        }
        refused("names of 4 and -1", 12, -1, true);
        refused("names of 4 and 2147483647", 12, Integer.MAX_VALUE, true);
        refused("not of a file beside it", 16, 0x2F612F62, true);
        refused("not of a file beside it", 16, 0x2E2E2F62, true);
        refused("no name of a file", 16, 0x61006262, true);
    }

    private void refused(String why, int at, int value, boolean sealed) throws IOException {
        byte[] content = rebased().content();
        ByteBuffer bytes = ByteBuffer.wrap(content);
        bytes.putInt(Successor.OFFSET + at, value);
        if (sealed) {
            bytes.putInt(Successor.OFFSET + 508, Damage.checksum(bytes.slice(Successor.OFFSET, 508), bytes.getLong(24)));
        }
        String message = assertThrows(IOException.class, () -> open(TestStorage.of(content), new HashSet<>())).getMessage();
        assertTrue(message.contains(why), message);
    }

    @Test
    void fileElsewhereIsNoSuccessor() throws IOException {
        OverlayDisk disk = open(Layers.create(BLOCKS * BLOCK, Optional.of(named("former"))), new HashSet<>());
        Backing elsewhere = new Backing(folder.getParent().resolve("next"), "overlay");
        assertTrue(assertThrows(IOException.class, () -> disk.rebase(elsewhere, new Layers.Fixed(CONTENT))).getMessage().contains("give a file beside it"));
    }

    @Test
    void layerTellsWhichBytesItHolds() throws IOException {
        OverlayDisk disk = open(Layers.create(BLOCKS * BLOCK - 512, Optional.of(named("former"))), new HashSet<>());
        long size = disk.size();
        assertEquals(size, disk.nextOwn(0));
        disk.write(3 * BLOCK, ByteBuffer.wrap(bytes(2, 2 * BLOCK)));
        disk.write(99 * BLOCK, ByteBuffer.wrap(bytes(2, 512)));
        assertEquals(List.of(3L * BLOCK, 3L * BLOCK + 7, 99L * BLOCK, size, size), List.of(disk.nextOwn(0), disk.nextOwn(3 * BLOCK + 7), disk.nextOwn(5 * BLOCK),
                disk.nextOwn(size), disk.nextOwn(size + BLOCK)));
        assertEquals(List.of(0L, 5L * BLOCK, size, size), List.of(disk.ownEnd(0), disk.ownEnd(3 * BLOCK), disk.ownEnd(99 * BLOCK), disk.ownEnd(size)));
    }
}
