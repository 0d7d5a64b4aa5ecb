package tidemark.machine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tidemark.api.device.Disk;
import tidemark.api.device.DiskPart.Backing;
import tidemark.api.machine.DiskLayer;
import tidemark.api.machine.Machine;
import tidemark.disk.layers.LayerFiles;
import tidemark.disk.overlay.OverlayPart;
import tidemark.disk.raw.RawPart;

/** Chains of a disk's files stay short, however many checkpoints there are, and every checkpoint keeps its content. */
@Timeout(600)
class LayerMergeTest {
    private static final int BLOCK = 4096;
    private static final int BLOCKS = 512;
    private static final int CHECKPOINTS = Integer.getInteger("tidemark.layers.checkpoints", 150);
    private static final int MOST_FILES = 8 * LayerMerge.CHAIN;

    private final Rig rig = new Rig(context -> context.hart().x[5]++);
    private final Random random = new Random(3);
    private final byte[] content = new byte[BLOCKS * BLOCK];
    private final String home = System.getProperty("tidemark.home");
    @TempDir
    private Path folder;
    private Path file;

    @BeforeEach
    void deploy() throws IOException {
        System.setProperty("tidemark.home", folder.resolve("home").toString());
        random.nextBytes(content);
        file = Files.write(folder.resolve("root.img"), content);
        rig.parts.add("disk", "raw", new RawPart()).add("disk", "overlay", new OverlayPart()).add("device", "disk", TestParts.device(0x1000_1000L, 1,
                context -> {
            context.disk();
            return new PostingDevice(context);
        }));
    }

    @AfterEach
    void close() {
        rig.close();
        if (home == null) {
            System.clearProperty("tidemark.home");
        } else {
            System.setProperty("tidemark.home", home);
        }
    }

    private Machine machine(String options) {
        return rig.off("devices=d0=disk,file=" + file + options);
    }

    private static Disk disk(Machine machine) {
        return machine.disks().getFirst().disk();
    }

    private static byte[] read(Machine machine) throws IOException {
        byte[] bytes = new byte[BLOCKS * BLOCK];
        disk(machine).read(0, ByteBuffer.wrap(bytes));
        return bytes;
    }

    private void writeSome(Machine machine) throws IOException {
        for (int i = 0; i < 3; i++) {
            int length = 512 * (1 + random.nextInt(24));
            int at = 512 * random.nextInt((content.length - length) / 512);
            byte[] bytes = new byte[length];
            if (random.nextInt(4) == 0) {
                disk(machine).zero(at, length);
            } else {
                random.nextBytes(bytes);
                disk(machine).write(at, ByteBuffer.wrap(bytes));
            }
            System.arraycopy(bytes, 0, content, at, length);
        }
    }

    private static List<DiskLayer> freeze(Machine machine) throws Exception {
        return machine.handshake(machine::freezeDisks).result().force();
    }

    private static int chain(Machine machine) {
        return machine.disks().getFirst().files().size();
    }

    private byte[] restored(Machine machine, List<DiskLayer> layers) throws IOException {
        Machine restored = rig.machines.createEmpty(machine.spec().withName("r" + System.nanoTime()), layers);
        try {
            return read(restored);
        } finally {
            rig.machines.destroy(restored.name());
        }
    }

    private static void awaitShortChain(Machine machine) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (chain(machine) >= LayerMerge.CHAIN && System.nanoTime() < end) {
            Thread.sleep(5);
        }
        assertTrue(chain(machine) < LayerMerge.CHAIN, () -> "files: " + machine.disks().getFirst().files());
    }

    private static long openFiles(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            return all.filter(fd -> isUnder(fd, folder)).count();
        }
    }

    private static boolean isUnder(Path fd, Path folder) {
        try {
            return Files.readSymbolicLink(fd).startsWith(folder);
        } catch (IOException e) {
            return false;
        }
    }

    private record Taken(List<DiskLayer> layers, int hash) {}

    @Test
    void chainAndOpenFilesStayFewHoweverManyCheckpointsAWritingGuestHasAndEachKeepsItsContent() throws Exception {
        Machine machine = machine("");
        List<Taken> taken = new ArrayList<>();
        for (int i = 0; i < CHECKPOINTS; i++) {
            writeSome(machine);
            taken.add(new Taken(freeze(machine), Arrays.hashCode(content)));
            assertTrue(chain(machine) < MOST_FILES, () -> "files: " + chain(machine));
            assertTrue(openFiles(folder) < 3 * MOST_FILES, "open files");
            if (chain(machine) >= 2 * LayerMerge.CHAIN) {
                awaitShortChain(machine);
            }
        }
        awaitShortChain(machine);
        assertArrayEquals(content, read(machine));
        for (Taken each : taken) {
            assertEquals(each.hash, Arrays.hashCode(restored(machine, each.layers)));
        }
        Path top = machine.disks().getFirst().files().getFirst();
        rig.machines.destroy(machine.name());
        file = top;
        assertArrayEquals(content, read(machine("")), "opened anew");
        assertEquals(0, new LayerFiles(folder, "root.img").unfinished().size());
    }

    @Test
    void guestReadsAndWritesWhileLayersAreMerged() throws Exception {
        Machine machine = machine(",access=scratch");
        AtomicBoolean ends = new AtomicBoolean();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread guest = Thread.ofPlatform().start(() -> {
            try {
                byte[] now = content.clone();
                Random own = new Random(5);
                while (!ends.get()) {
                    int at = BLOCK * own.nextInt(BLOCKS);
                    byte[] there = new byte[BLOCK];
                    disk(machine).read(at, ByteBuffer.wrap(there));
                    assertArrayEquals(Arrays.copyOfRange(now, at, at + BLOCK), there);
                    own.nextBytes(there);
                    disk(machine).write(at, ByteBuffer.wrap(there));
                    System.arraycopy(there, 0, now, at, BLOCK);
                }
                assertArrayEquals(now, read(machine));
            } catch (Throwable e) {
                failure.set(e);
            }
        });
        for (int i = 0; i < 3 * LayerMerge.CHAIN; i++) {
            freeze(machine);
            Thread.sleep(2);
        }
        awaitShortChain(machine);
        ends.set(true);
        guest.join();
        assertEquals(null, failure.get());
    }

    @Test
    void checkpointThatIsUnderWayWhileLayersAreMergedKeepsItsContent() throws Exception {
        Machine machine = machine("");
        for (int i = 0; i < LayerMerge.CHAIN - 2; i++) {
            writeSome(machine);
            freeze(machine);
        }
        writeSome(machine);
        byte[] frozen = content.clone();
        var underWay = machine.handshake(machine::freezeDisks).result();
        writeSome(machine);
        freeze(machine);
        awaitShortChain(machine);
        List<DiskLayer> layers = underWay.force();
        for (DiskLayer.Stamp stamp : layers.getFirst().files()) {
            assertTrue(isUsed(stamp.file()), () -> stamp.file() + " is not in use: it could be taken away");
        }
        assertArrayEquals(frozen, restored(machine, layers));
        assertArrayEquals(content, read(machine));
    }

    private static boolean isUsed(Path file) {
        try {
            new RawPart().open(file, true, below -> null).close();
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    @Test
    void partsAreExchangedWhileLayersAreMerged() throws Exception {
        Machine machine = machine("");
        machine.start();
        for (int i = 0; i < 2 * LayerMerge.CHAIN; i++) {
            writeSome(machine);
            freeze(machine);
            if (i >= LayerMerge.CHAIN - 2) {
                machine.use("d0.image", "overlay");
            }
        }
        assertArrayEquals(content, read(machine));
        writeSome(machine);
        freeze(machine);
        awaitShortChain(machine);
        assertArrayEquals(content, read(machine));
        rig.machines.destroy(machine.name());
        assertEquals(0, rig.parts.openUses());
        assertEquals(0, new LayerFiles(folder, "root.img").unfinished().size());
    }

    @Test
    void longChainOfAnOlderImageIsMergedWhenItsMachineIsMade() throws Exception {
        OverlayPart part = new OverlayPart();
        Path below = file;
        for (int i = 1; i <= 250; i++) {
            Path layer = folder.resolve("root.img.layer" + i);
            part.create(layer, content.length, Optional.of(new Backing(below, i == 1 ? "raw" : "overlay")));
            below = layer;
        }
        file = below;
        Machine machine = machine("");
        awaitShortChain(machine);
        writeSome(machine);
        freeze(machine);
        assertArrayEquals(content, read(machine));
    }
}
