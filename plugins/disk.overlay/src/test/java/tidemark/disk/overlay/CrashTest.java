package tidemark.disk.overlay;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tidemark.disk.overlay.Layers.bytes;
import static tidemark.disk.overlay.Layers.over;
import static tidemark.disk.overlay.Layers.read;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tidemark.api.device.Disk;
import tidemark.api.device.DiskPart.Backing;
import tidemark.testkit.TestStorage;

/** A layer whose process dies, or whose host loses its power, at any request. */
@Timeout(60)
class CrashTest {
    private static final int SECTOR = Disk.SECTOR;
    private static final int SECTORS = 3000;

    @TempDir
    Path folder;

    private final byte[] below = bytes(1, SECTORS * SECTOR);
    /** What each sector may be after the crash: what it was when it was last flushed, and all since then. */
    private final List<List<byte[]>> allowed = new ArrayList<>();

    @Test
    void whatWasFlushedIsThereAndTheRestIsOldOrNewWhereverItCrashes() throws IOException {
        Random random = new Random(7);
        for (int round = 0; round < 400; round++) {
            TestStorage file = Layers.create(SECTORS * SECTOR, Optional.of(new Backing(folder.resolve("below"), "raw")));
            file.sync();
            file.failAfter(random.nextInt(60));
            begin();
            work(file, random);
            check(file.afterKill());
            check(file.afterPowerLoss(random));
        }
    }

    @Test
    void aBlockThatIsWrittenWhileOthersAreFlushedIsOldOrNew() throws IOException {
        Random random = new Random(8);
        for (int round = 0; round < 100; round++) {
            TestStorage file = Layers.create(SECTORS * SECTOR, Optional.of(new Backing(folder.resolve("below"), "raw")));
            file.sync();
            begin();
            Disk disk = OverlayDisk.open(folder, file, true, over(new Layers.Fixed(below)));
            writeOnes(disk, 0);
            file.onSync(() -> {
                writeOnes(disk, 8);
                file.failAfter(1); // the bitmap is written, the last sync fails
            });
            assertThrows(IOException.class, disk::flush);
            check(file.afterPowerLoss(random));
        }
    }

    private void writeOnes(Disk disk, int sector) {
        byte[] ones = new byte[SECTOR];
        Arrays.fill(ones, (byte) 1);
        allowed.get(sector).add(ones);
        try {
            disk.write((long) sector * SECTOR, ByteBuffer.wrap(ones));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void begin() {
        allowed.clear();
        for (int sector = 0; sector < SECTORS; sector++) {
            allowed.add(new ArrayList<>(List.of(Arrays.copyOfRange(below, sector * SECTOR, (sector + 1) * SECTOR))));
        }
    }

    private void work(TestStorage file, Random random) throws IOException {
        Disk disk = OverlayDisk.open(folder, file, true, over(new Layers.Fixed(below)));
        try {
            while (true) {
                if (random.nextInt(6) == 0) {
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
        int count = 1 + random.nextInt(Math.min(SECTORS - sector, random.nextBoolean() ? 4 : 100));
        byte[] bytes = random.nextInt(4) == 0 ? new byte[count * SECTOR] : bytes(random.nextLong(), count * SECTOR);
        for (int i = 0; i < count; i++) {
            allowed.get(sector + i).add(Arrays.copyOfRange(bytes, i * SECTOR, (i + 1) * SECTOR));
        }
        if (bytes[0] == 0 && bytes[1] == 0 && bytes[2] == 0) {
            disk.zero((long) sector * SECTOR, bytes.length);
        } else {
            disk.write((long) sector * SECTOR, ByteBuffer.wrap(bytes));
        }
    }

    private void check(TestStorage left) throws IOException {
        byte[] now = read(OverlayDisk.open(folder, left, false, over(new Layers.Fixed(below))), 0, SECTORS * SECTOR);
        for (int sector = 0; sector < SECTORS; sector++) {
            byte[] content = Arrays.copyOfRange(now, sector * SECTOR, (sector + 1) * SECTOR);
            assertTrue(allowed.get(sector).stream().anyMatch(version -> Arrays.equals(version, content)), "sector " + sector);
        }
    }
}
