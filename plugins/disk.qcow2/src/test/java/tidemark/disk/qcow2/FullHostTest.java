package tidemark.disk.qcow2;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tidemark.disk.qcow2.Images.bytes;
import static tidemark.disk.qcow2.Images.read;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tidemark.api.device.Disk;
import tidemark.api.device.NoSpaceException;
import tidemark.testkit.SmallFileSystem;
import tidemark.testkit.TestStorage;

/** An image on a host that runs full: what was acknowledged can be flushed. */
@Timeout(120)
class FullHostTest {
    private static final int SIZE = 16 << 20;
    private static final int PIECE = 16 << 10;

    @TempDir
    Path folder;

    private final byte[] content = bytes(1, SIZE);
    private final byte[] model = new byte[SIZE];

    @Test
    void whatWasAcknowledgedIsThereWhenTheImageIsOpenedAgain() throws Exception {
        Images.requireQemu();
        try (SmallFileSystem host = SmallFileSystem.mount(folder, 8 << 20)) {
            Path image = host.folder().resolve("disk.qcow2");
            new Qcow2Part().create(image, SIZE, Optional.empty());
            try (Disk disk = Images.open(image, true)) {
                int written = fill(disk);
                assertTrue(written > 4 << 20 && written < SIZE, "written: " + written);
                disk.flush();
            }
            Images.assertFlawless(image);
            Path roomy = Files.copy(image, Files.createTempDirectory("roomy").resolve("disk.qcow2"));
            Images.assertHolds(model, roomy, roomy.resolveSibling("scratch"));
            host.resize(64 << 20);
            try (Disk disk = Images.open(image, true)) {
                fill(disk);
            }
            Images.assertFlawless(image);
        }
    }

    /** From the first byte to the last, as long as there is room. @return how many bytes were acknowledged */
    private int fill(Disk disk) throws IOException {
        int at = 0;
        try {
            for (; at < SIZE; at += PIECE) {
                disk.write(at, ByteBuffer.wrap(content, at, PIECE));
                System.arraycopy(content, at, model, at, PIECE);
            }
        } catch (NoSpaceException e) {
            assertTrue(e.getMessage().contains("make room there"), e.getMessage());
            disk.read(at, ByteBuffer.wrap(model, at, PIECE)); // of what was refused, any part may be there
        }
        return at;
    }

    /** With small clusters and large counts every kind of table grows; with a snapshot tables are copied. */
    @ParameterizedTest
    @ValueSource(strings = {"compat=1.1", "compat=1.1,cluster_size=512,refcount_bits=64", "compat=0.10,cluster_size=4096"})
    void aFlushNeedsNoRoomWhereverTheHostRunsFull(String options) throws Exception {
        Images.requireQemu();
        byte[] first = image(options);
        Random random = new Random(options.hashCode());
        int full = 0;
        for (int round = 0; round < 10; round++) {
            TestStorage file = TestStorage.of(first);
            sparse(file, first);
            file.room(random.nextInt(300_000));
            Disk disk = Qcow2Disk.open(folder, file, true, Images.NOTHING_BELOW);
            byte[] now = read(disk);
            full += write(disk, now, random);
            disk.flush();
            check(file, now);
            file.room(Long.MAX_VALUE);
            write(disk, now, random);
            disk.flush();
            check(file, now);
        }
        assertTrue(full > 30, "refused: " + full);
    }

    private byte[] image(String options) throws Exception {
        Path image = folder.resolve("first.qcow2");
        Images.qemu("qemu-img", "create", "-f", "qcow2", "-o", options, image.toString(), "8M");
        try (Disk disk = Images.open(image, true)) {
            disk.write(100_000, ByteBuffer.wrap(bytes(2, 300_000)));
        }
        Images.qemu("qemu-img", "snapshot", "-c", "s", image.toString());
        return Files.readAllBytes(image);
    }

    /** Zeros of the file are holes, as QEMU leaves them. */
    private static void sparse(TestStorage file, byte[] content) throws IOException {
        file.resize(0);
        file.resize(content.length);
        for (int at = 0; at < content.length; at += 512) {
            byte[] sector = Arrays.copyOfRange(content, at, at + 512);
            if (!Arrays.equals(sector, new byte[512])) {
                file.write(at, ByteBuffer.wrap(sector));
            }
        }
        file.sync();
    }

    /** @return how many were refused; of those the model keeps what is there */
    private static int write(Disk disk, byte[] model, Random random) throws IOException {
        int refused = 0;
        for (int n = 0; n < 40; n++) {
            try {
                Images.change(disk, model, random, 40_000);
            } catch (NoSpaceException e) {
                refused++;
                System.arraycopy(read(disk), 0, model, 0, model.length);
            }
        }
        return refused;
    }

    private void check(TestStorage file, byte[] expected) throws Exception {
        Path image = folder.resolve("now.qcow2");
        byte[] bytes = file.content();
        Files.write(image, Arrays.copyOf(bytes, bytes.length + 511 & -512));
        Images.assertFlawless(image);
        assertArrayEquals(expected, read(Qcow2Disk.open(folder, file.afterKill(), false, Images.NOTHING_BELOW)));
    }

    @Test
    void aWriteThatWasRefusedChangesNothingThatWasThereAndSucceedsWhenThereIsRoom() throws Exception {
        Path image = folder.resolve("new.qcow2");
        new Qcow2Part().create(image, SIZE, Optional.empty());
        TestStorage file = new TestStorage();
        sparse(file, Files.readAllBytes(image));
        file.room(0);
        Disk disk = Qcow2Disk.open(folder, file, true, Images.NOTHING_BELOW);
        assertThrows(NoSpaceException.class, () -> disk.write(0, ByteBuffer.wrap(content, 0, PIECE)));
        assertArrayEquals(model, read(disk));
        file.room(Long.MAX_VALUE);
        disk.write(0, ByteBuffer.wrap(content, 0, PIECE));
        disk.flush();
        System.arraycopy(content, 0, model, 0, PIECE);
        assertArrayEquals(model, read(disk));
    }
}
