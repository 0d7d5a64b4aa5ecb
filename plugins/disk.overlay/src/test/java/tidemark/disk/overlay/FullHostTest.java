package tidemark.disk.overlay;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tidemark.disk.overlay.Layers.bytes;
import static tidemark.disk.overlay.Layers.over;
import static tidemark.disk.overlay.Layers.read;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tidemark.api.device.Disk;
import tidemark.api.device.DiskPart.Backing;
import tidemark.api.device.NoSpaceException;
import tidemark.testkit.SmallFileSystem;
import tidemark.testkit.TestStorage;

/** A layer on a host that runs full: what was acknowledged can be flushed. */
@Timeout(60)
class FullHostTest {
    private static final int SIZE = 16 << 20;
    private static final int PIECE = 16 << 10;

    @TempDir
    Path folder;

    @Test
    void whatWasAcknowledgedIsThereWhenTheLayerIsOpenedAgain() throws Exception {
        try (SmallFileSystem host = SmallFileSystem.mount(folder, 8 << 20)) {
            OverlayPart part = new OverlayPart();
            Path file = host.folder().resolve("layer");
            part.create(file, SIZE, Optional.empty());
            byte[] model = new byte[SIZE];
            try (Disk disk = part.open(file, true, over(null))) {
                int refused = fill(disk, model);
                assertTrue(refused > 4 << 20 && refused < SIZE, "refused: " + refused);
                disk.read(refused, ByteBuffer.wrap(model, refused, PIECE)); // any part of that may be there
                disk.flush();
            }
            try (Disk disk = part.open(file, false, over(null))) {
                assertArrayEquals(model, read(disk, 0, SIZE));
            }
            host.resize(64 << 20);
            try (Disk disk = part.open(file, true, over(null))) {
                fill(disk, model);
                assertArrayEquals(model, read(disk, 0, SIZE));
            }
        }
    }

    /** @return where the host was full, or the disk's end */
    private static int fill(Disk disk, byte[] model) throws IOException {
        for (int at = 0; at < SIZE; at += PIECE) {
            byte[] bytes = bytes(at, PIECE);
            try {
                disk.write(at, ByteBuffer.wrap(bytes));
            } catch (NoSpaceException e) {
                return at;
            }
            System.arraycopy(bytes, 0, model, at, PIECE);
        }
        return SIZE;
    }

    /** Requests far from each other, each of which needs another sector of the bitmap. */
    @Test
    void aFlushNeedsNoRoomWhereverTheHostRunsFull() throws IOException {
        long size = 1L << 34;
        Random random = new Random(3);
        int refused = 0;
        for (int round = 0; round < 50; round++) {
            TestStorage file = Layers.create(size, Optional.of(new Backing(folder.resolve("below"), "raw")));
            file.room(random.nextInt(200_000));
            Disk disk = OverlayDisk.open(folder, file, true, over(new Layers.Fixed(bytes(1, SIZE))));
            long[] written = new long[20];
            for (int n = 0; n < written.length; n++) {
                long at = random.nextLong(size / 512 - 8) * 512;
                written[n] = writes(disk, at, random.nextBoolean()) ? at : -1;
                refused += written[n] < 0 ? 1 : 0;
            }
            disk.flush();
            check(file.afterKill(), written);
        }
        assertTrue(refused > 100 && refused < 900, "refused: " + refused);
    }

    private static boolean writes(Disk disk, long at, boolean zero) throws IOException {
        try {
            if (zero) {
                disk.zero(at, 4096);
            }
            disk.write(at, ByteBuffer.wrap(bytes(at, 4096)));
            return true;
        } catch (NoSpaceException e) {
            return false;
        }
    }

    private void check(TestStorage left, long[] written) throws IOException {
        Disk disk = OverlayDisk.open(folder, left, false, over(new Layers.Fixed(bytes(1, SIZE))));
        for (long at : written) {
            if (at >= 0) {
                assertArrayEquals(bytes(at, 4096), read(disk, at, 4096), "at " + at);
            }
        }
    }
}
