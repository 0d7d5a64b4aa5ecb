package tidemark.disk.raw;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tidemark.api.device.Disk;
import tidemark.api.device.NoSpaceException;
import tidemark.testkit.SmallFileSystem;

/** A plain file on a host that runs full: what was acknowledged is there. */
@Timeout(60)
class FullHostTest {
    private static final int SIZE = 16 << 20;
    private static final int PIECE = 16 << 10;

    @TempDir
    Path folder;

    @Test
    void whatWasAcknowledgedIsThereWhenTheFileIsOpenedAgain() throws Exception {
        try (SmallFileSystem host = SmallFileSystem.mount(folder, 8 << 20)) {
            Path file = host.folder().resolve("disk.img");
            new RawPart().create(file, SIZE, Optional.empty());
            byte[] model = new byte[SIZE];
            try (Disk disk = new RawPart().open(file, true, backing -> null)) {
                int refused = fill(disk, model);
                assertTrue(refused > 4 << 20 && refused < SIZE, "refused: " + refused);
                disk.read(refused, ByteBuffer.wrap(model, refused, PIECE)); // any part of that may be there
                disk.flush();
            }
            assertArrayEquals(model, Files.readAllBytes(file));
        }
    }

    /** @return where the host was full, or the disk's end */
    private static int fill(Disk disk, byte[] model) throws IOException {
        for (int at = 0; at < SIZE; at += PIECE) {
            byte[] bytes = new byte[PIECE];
            Arrays.fill(bytes, (byte) (1 + at / PIECE));
            try {
                disk.write(at, ByteBuffer.wrap(bytes));
            } catch (NoSpaceException e) {
                return at;
            }
            System.arraycopy(bytes, 0, model, at, PIECE);
        }
        return SIZE;
    }
}
