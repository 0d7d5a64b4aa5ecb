package tidemark.disk.qcow2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tidemark.disk.qcow2.Images.bytes;
import static tidemark.disk.qcow2.Images.qemu;
import static tidemark.disk.qcow2.Images.read;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tidemark.api.device.Disk;
import tidemark.testkit.TestStorage;

/** An image whose process dies, or whose host loses its power, at any request: clusters may be lost, nothing is corrupt, and what was flushed is there. */
@Timeout(120)
class CrashTest {
    private static final int SECTOR = Disk.SECTOR;
    private static final int SECTORS = 2000;
    private static final int ROUNDS = 30;

    @TempDir
    Path folder;

    /** What each sector may be after the crash: what it was when it was last flushed, and all since then. */
    private final List<List<byte[]>> allowed = new ArrayList<>();

    @BeforeEach
    void requireQemu() throws Exception {
        Images.requireQemu();
    }

    @ParameterizedTest
    @ValueSource(strings = {"compat=1.1,cluster_size=512,refcount_bits=64", "compat=1.1,cluster_size=4096", "compat=0.10"})
    void whatWasFlushedIsThereAndTheRestIsOldOrNewWhereverItCrashes(String options) throws Exception {
        byte[] first = bytes(1, SECTORS * SECTOR);
        byte[] image = withSnapshot(options, first);
        Random random = new Random(options.hashCode());
        for (int round = 0; round < ROUNDS; round++) {
            TestStorage file = TestStorage.of(image);
            file.failAfter(random.nextInt(120));
            begin(first);
            work(file, random);
            check(file.afterKill());
            check(file.afterPowerLoss(random));
        }
    }

    /** A snapshot, so that clusters and tables are shared; some of it compressed. */
    private byte[] withSnapshot(String options, byte[] content) throws Exception {
        Path raw = Files.write(folder.resolve("raw"), content);
        Path image = folder.resolve("first.qcow2");
        qemu("qemu-img", "convert", "-c", "-f", "raw", "-O", "qcow2", "-o", options, raw.toString(), image.toString());
        qemu("qemu-img", "snapshot", "-c", "s", image.toString());
        return Files.readAllBytes(image);
    }

    private void begin(byte[] content) {
        allowed.clear();
        for (int sector = 0; sector < SECTORS; sector++) {
            allowed.add(new ArrayList<>(List.of(Arrays.copyOfRange(content, sector * SECTOR, (sector + 1) * SECTOR))));
        }
    }

    private void work(TestStorage file, Random random) throws IOException {
        Disk disk = Qcow2Disk.open(folder, file, true, Images.NOTHING_BELOW);
        try {
            while (true) {
                if (random.nextInt(3) == 0) { // most crashes are to be within a flush
                    disk.flush();
                    allowed.forEach(versions -> versions.subList(0, versions.size() - 1).clear());
                } else {
                    change(disk, random);
                }
            }
        } catch (IOException e) {
            assertTrue(e.getMessage().contains("it has failed"), e.getMessage());
        }
    }

    private void change(Disk disk, Random random) throws IOException {
        int sector = random.nextInt(SECTORS);
        int count = 1 + random.nextInt(Math.min(SECTORS - sector, random.nextInt(10) > 0 ? 4 : 100));
        boolean zero = random.nextInt(3) == 0;
        byte[] bytes = zero ? new byte[count * SECTOR] : bytes(random.nextLong(), count * SECTOR);
        for (int i = 0; i < count; i++) {
            allowed.get(sector + i).add(Arrays.copyOfRange(bytes, i * SECTOR, (i + 1) * SECTOR));
        }
        if (zero) {
            disk.zero((long) sector * SECTOR, bytes.length);
        } else {
            disk.write((long) sector * SECTOR, ByteBuffer.wrap(bytes));
        }
    }

    private void check(TestStorage left) throws Exception {
        Path file = folder.resolve("left.qcow2");
        Files.write(file, left.content());
        Images.assertNotCorrupt(file);
        byte[] now = read(Qcow2Disk.open(folder, left, false, Images.NOTHING_BELOW));
        for (int sector = 0; sector < SECTORS; sector++) {
            byte[] content = Arrays.copyOfRange(now, sector * SECTOR, (sector + 1) * SECTOR);
            assertTrue(allowed.get(sector).stream().anyMatch(version -> Arrays.equals(version, content)), "sector " + sector);
        }
    }

    @Test
    void aProcessThatIsKilledLeavesAnImageThatQemuFindsNotCorrupt() throws Exception {
        Path image = folder.resolve("killed.qcow2");
        new Qcow2Part().create(image, 64 << 20, Optional.empty());
        Random random = new Random(5);
        for (int run = 0; run < 3; run++) {
            String java = ProcessHandle.current().info().command().orElseThrow();
            Process writer = new ProcessBuilder(java, "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
                    Writer.class.getName(), image.toString()).redirectError(ProcessBuilder.Redirect.INHERIT).start();
            assertEquals('r', writer.getInputStream().read(), "the writer is ready");
            Thread.sleep(random.nextInt(100));
            writer.destroyForcibly().waitFor();
            Images.assertNotCorrupt(image);
        }
    }

    /** A process of its own that is killed. */
    static final class Writer {
        public static void main(String[] args) throws Exception {
            Random random = new Random();
            byte[] model = new byte[64 << 20];
            try (Disk disk = Images.open(Path.of(args[0]), true)) {
                for (int n = 0;; n++) {
                    Images.change(disk, model, random, 100_000);
                    if (n % 10 == 0) {
                        disk.flush();
                    }
                    if (n == 50) {
                        System.out.print('r');
                        System.out.flush();
                    }
                }
            }
        }
    }

    @Test
    void aHostThatIsFullLeavesAnImageThatIsWholeAndGoesOnWhenThereIsRoom() throws Exception {
        Path image = folder.resolve("full.qcow2");
        new Qcow2Part().create(image, SECTORS * SECTOR, Optional.empty());
        TestStorage file = TestStorage.of(Files.readAllBytes(image));
        file.full(700_000);
        Disk disk = Qcow2Disk.open(folder, file, true, Images.NOTHING_BELOW);
        int failed = 0;
        byte[] model = bytes(3, SECTORS * SECTOR);
        for (int at = 0; at < model.length; at += 64_000) {
            failed += succeeds(disk, at, model) ? 0 : 1;
        }
        assertTrue(failed > 3 && failed < 15, "failed: " + failed);
        disk.flush();
        Files.write(image, file.content());
        Images.assertFlawless(image);
        file.full(Long.MAX_VALUE);
        for (int at = 0; at < model.length; at += 64_000) {
            assertTrue(succeeds(disk, at, model));
        }
        disk.flush();
        Files.write(image, file.content());
        Images.assertFlawless(image);
        Images.assertHolds(model, image, folder.resolve("scratch"));
    }

    private static boolean succeeds(Disk disk, int at, byte[] model) {
        try {
            disk.write(at, ByteBuffer.wrap(model, at, Math.min(64_000, model.length - at)));
            return true;
        } catch (IOException e) {
            assertTrue(e.getMessage().contains("no space left"), e.getMessage());
            return false;
        }
    }
}
