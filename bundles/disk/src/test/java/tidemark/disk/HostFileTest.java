package tidemark.disk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class HostFileTest {
    private static final int MIB = 1 << 20;

    @TempDir
    Path folder;

    private Path file() {
        return folder.resolve("file");
    }

    private HostFile withBytes(int length) throws IOException {
        byte[] bytes = new byte[length];
        new Random(1).nextBytes(bytes);
        Files.write(file(), bytes);
        return HostFile.open(file(), true);
    }

    private static byte[] read(Storage file, long offset, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        file.read(offset, bytes);
        return bytes.array();
    }

    @Test
    void newFileIsItsOwnersAloneAndHasNoNameBeforeItIsWhole() throws Exception {
        Path file = folder.resolve("new");
        HostFile.create(file, content -> {
            content.resize(512);
            assertFalse(Files.exists(file));
        });
        assertEquals("rw-------", java.nio.file.attribute.PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        try (var files = Files.list(folder)) {
            assertEquals(java.util.List.of(file), files.toList());
        }
    }

    /** Who flushes a frozen layer again shares it again. */
    @Test
    void aSharedFileIsAtNoInstantClosedToReaders() throws Exception {
        try (HostFile file = withBytes(1000)) {
            file.share();
            AtomicBoolean over = new AtomicBoolean();
            CompletableFuture<Void> sharing = CompletableFuture.runAsync(() -> shareUntil(over, file));
            for (int n = 0; n < 2000; n++) {
                HostFile.open(file(), false).close();
            }
            over.set(true);
            sharing.get();
        }
    }

    private static void shareUntil(AtomicBoolean over, HostFile file) {
        while (!over.get()) {
            try {
                file.share();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Test
    void aFileThatEndsBeforeTheRequestIsAnErrorThatSaysWhere() throws IOException {
        try (HostFile file = withBytes(1000)) {
            String message = assertThrows(IOException.class, () -> read(file, 900, 200)).getMessage();
            assertTrue(message.contains(file() + " at offset 1000: the file ends there"), message);
        }
    }

    @Test
    void holesAreSkippedWhenLookingForData() throws IOException {
        HostFile.create(file(), content -> content.resize(8 * MIB));
        try (HostFile file = HostFile.open(file(), true)) {
            assertEquals(8 * MIB, file.nextData(0));
            file.write(4 * MIB + 100, ByteBuffer.wrap(new byte[] {1}));
            assertEquals(4 * MIB, file.nextData(0) & -MIB);
            assertEquals(4 * MIB + 100, file.nextData(4 * MIB + 100));
            file.zero(4 * MIB, MIB);
            assertEquals(8 * MIB, file.nextData(0));
            assertEquals(8 * MIB, file.nextData(9 * MIB));
        }
    }

    @Test
    void zerosAreWrittenWhereTheHostMakesNoHolesAndHolesStay() throws IOException {
        try (HostFile file = withBytes(MIB)) {
            file.resize(4 * MIB);
            byte[] expected = Files.readAllBytes(file());
            file.writeZeros(100_000, 3 * MIB);
            Arrays.fill(expected, 100_000, 100_000 + 3 * MIB, (byte) 0);
            assertArrayEquals(expected, Files.readAllBytes(file()));
            assertEquals(4 * MIB, file.nextData(2 * MIB));
            file.writeZeros(4 * MIB - 10, 100);
            assertEquals(4 * MIB, file.length());
        }
    }

    @Test
    void reservingLeavesTheBytesAndGrowsTheFileAsWritingDoes() throws IOException {
        try (HostFile file = withBytes(100_000)) {
            byte[] expected = Arrays.copyOf(Files.readAllBytes(file()), 400_000);
            file.resize(200_000);
            file.reserve(50_000, 200_000);
            assertArrayEquals(Arrays.copyOf(expected, 250_000), Files.readAllBytes(file()));
            file.rewrite(90_000, 310_000);
            assertArrayEquals(expected, Files.readAllBytes(file()));
            file.resize(8 * MIB);
            file.rewrite(4 * MIB, 4096);
            assertEquals(4 * MIB, file.nextData(MIB) & -MIB, "what was a hole has space");
            assertEquals(8 * MIB, file.length());
        }
    }

    @Test
    void whyAFileCannotBeOpenedOrMadeIsSaid() throws IOException {
        assertThrows(NoSuchFileException.class, () -> HostFile.open(file(), false));
        assertThrows(NoSuchFileException.class, () -> HostFile.create(folder.resolve("none/file"), content -> {}));
        Files.write(file(), new byte[1]);
        assertThrows(FileAlreadyExistsException.class, () -> HostFile.create(file(), content -> {}));
        assertThrows(IOException.class, () -> HostFile.open(folder, false));
        assertThrows(IOException.class, () -> HostFile.open(Path.of("/dev/zero"), false));
    }

    @Test
    void whatCannotBeFilledIsNotLeftBehind() {
        assertThrows(IOException.class, () -> HostFile.create(file(), content -> {
            throw new IOException("disk full");
        }));
        assertFalse(Files.exists(file()));
    }

    @Test
    void aFileThatIsSharedIsReadByOthersButNotWritten() throws IOException {
        try (HostFile file = withBytes(10)) {
            assertThrows(IOException.class, () -> HostFile.open(file(), false));
            file.share();
            HostFile.open(file(), false).close();
            assertThrows(IOException.class, () -> HostFile.open(file(), true));
        }
        HostFile.open(file(), true).close();
    }

    @Test
    void onceSyncingFailedItFailsForGood() throws IOException {
        HostFile file = withBytes(10);
        file.sync();
        file.close();
        assertTrue(assertThrows(IOException.class, file::sync).getMessage().contains("closed"));
        assertTrue(assertThrows(IOException.class, file::sync).getMessage().contains("what it holds on disk is unknown"));
    }

    /** The number of a descriptor that was closed is given to the next file that is opened. */
    @Test
    void requestsThatRaceWithClosingNeverReachAnotherFile() throws Exception {
        Path other = folder.resolve("other");
        Files.write(other, new byte[100]);
        for (int round = 0; round < 200; round++) {
            HostFile file = withBytes(100);
            Thread writer = Thread.ofPlatform().start(() -> writeUntilClosed(file));
            Thread.sleep(0, 100_000);
            file.close();
            try (HostFile next = HostFile.open(other, true)) {
                Thread.sleep(0, 100_000);
                assertArrayEquals(new byte[100], read(next, 0, 100));
            }
            writer.join();
        }
    }

    private static void writeUntilClosed(HostFile file) {
        byte[] ones = new byte[100];
        Arrays.fill(ones, (byte) 1);
        assertThrows(IOException.class, () -> {
            while (true) {
                file.write(0, ByteBuffer.wrap(ones));
            }
        });
    }
}
