package tidemark.disk.raw;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidemark.api.device.Disk;
import tidemark.api.device.DiskPart.Backing;
import tidemark.testkit.HostTool;

/** Beside what every disk part promises (DiskContract). */
class RawDiskTest {
    private static final long SIZE = 64L << 20;

    @TempDir
    Path folder;

    private final RawPart part = new RawPart();

    private Path file() {
        return folder.resolve("disk.raw");
    }

    private Disk open(boolean writable) throws IOException {
        return part.open(file(), writable, below -> {
            throw new IOException("nothing below");
        });
    }

    private long kibibytesOnHost() throws Exception {
        return Long.parseLong(HostTool.run(10, "du", "-k", file().toString()).output().split("\\s")[0]);
    }

    @Test
    void byteNOfTheFileIsByteNOfTheDisk() throws IOException {
        byte[] content = new byte[10 * Disk.SECTOR];
        new Random(1).nextBytes(content);
        Files.write(file(), content);
        try (Disk disk = open(true)) {
            ByteBuffer read = ByteBuffer.allocate(content.length);
            disk.read(0, read);
            assertArrayEquals(content, read.array());
            disk.write(1000, ByteBuffer.wrap(content, 0, 3));
        }
        System.arraycopy(content, 0, content, 1000, 3);
        assertArrayEquals(content, Files.readAllBytes(file()));
    }

    @Test
    void onlyWhatIsWrittenTakesSpaceAndZeroingGivesItBack() throws Exception {
        part.create(file(), SIZE, Optional.empty());
        try (Disk disk = open(true)) {
            disk.write(SIZE / 2, ByteBuffer.wrap(new byte[4 << 20]));
            disk.flush();
            assertTrue(kibibytesOnHost() >= 4 << 10 && kibibytesOnHost() < 5 << 10, "KiB taken: " + kibibytesOnHost());
            disk.zero(100, SIZE - 200);
            disk.flush();
            assertTrue(kibibytesOnHost() <= 8, "KiB taken: " + kibibytesOnHost());
        }
        assertEquals(SIZE, Files.size(file()));
    }

    @Test
    void aFileThatIsNoWholeNumberOfSectorsIsRefusedWithTheWayOut() throws IOException {
        Files.write(file(), new byte[1000]);
        String message = assertThrows(IOException.class, () -> open(false)).getMessage();
        assertTrue(message.contains("has 1000 bytes, no multiple of 512") && message.contains("truncate -s 1024 " + file()), message);
    }

    @Test
    void aPlainFileLiesOverNoOther() {
        Backing backing = new Backing(folder.resolve("below"), "raw");
        String message = assertThrows(IOException.class, () -> part.create(file(), SIZE, Optional.of(backing))).getMessage();
        assertTrue(message.contains(file() + " cannot lie over " + backing.file()), message);
        assertFalse(Files.exists(file()));
    }
}
