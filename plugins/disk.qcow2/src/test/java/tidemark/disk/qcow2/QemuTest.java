package tidemark.disk.qcow2;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tidemark.disk.qcow2.Images.assertFlawless;
import static tidemark.disk.qcow2.Images.assertHolds;
import static tidemark.disk.qcow2.Images.bytes;
import static tidemark.disk.qcow2.Images.change;
import static tidemark.disk.qcow2.Images.open;
import static tidemark.disk.qcow2.Images.qemu;
import static tidemark.disk.qcow2.Images.read;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tidemark.api.device.Disk;
import tidemark.api.device.DiskPart.Backing;

/** Images go to and fro between QEMU and this. */
@Timeout(120)
class QemuTest {
    private static final int SIZE = (3 << 20) + 1536;

    @TempDir
    Path folder;

    @BeforeEach
    void requireQemu() throws Exception {
        Images.requireQemu();
    }

    private Path image() {
        return folder.resolve("image.qcow2");
    }

    private Path raw() {
        return folder.resolve("content.raw");
    }

    private Path scratch() {
        return folder.resolve("scratch.raw");
    }

    /** A content with zeros and with what compresses. */
    private byte[] content() throws IOException {
        byte[] content = bytes(1, SIZE);
        for (int at = 0; at + 200_000 < SIZE; at += 400_000) {
            java.util.Arrays.fill(content, at, at + 200_000, (byte) (at / 800_000));
        }
        Files.write(raw(), content);
        return content;
    }

    private void create(String options) throws Exception {
        qemu("qemu-img", "create", "-q", "-f", "qcow2", "-o", options, image().toString(), Integer.toString(SIZE));
    }

    private void convert(String... options) throws Exception {
        String[] command = java.util.Arrays.copyOf(new String[] {"qemu-img", "convert", "-f", "raw", "-O", "qcow2"}, 6 + options.length + 2);
        System.arraycopy(options, 0, command, 6, options.length);
        command[6 + options.length] = raw().toString();
        command[7 + options.length] = image().toString();
        qemu(command);
    }

    private void changeHere(byte[] model, long seed, int steps) throws IOException {
        Random random = new Random(seed);
        try (Disk disk = open(image(), true)) {
            for (int step = 0; step < steps; step++) {
                change(disk, model, random, random.nextInt(10) == 0 ? SIZE / 2 : 20_000);
                if (random.nextInt(15) == 0) {
                    disk.flush();
                }
            }
            assertArrayEquals(model, read(disk));
        }
    }

    private void changeByQemu(byte[] model, int offset, int length, int pattern) throws Exception {
        qemu("qemu-io", "-f", "qcow2", "-c", "write -P " + pattern + " " + offset + " " + length, image().toString());
        java.util.Arrays.fill(model, offset, offset + length, (byte) pattern);
    }

    @ParameterizedTest
    @ValueSource(strings = {"compat=0.10,cluster_size=512", "compat=0.10", "compat=1.1,cluster_size=512", "compat=1.1,cluster_size=4096", "compat=1.1",
        "compat=1.1,cluster_size=2M", "compat=1.1,lazy_refcounts=on", "compat=1.1,refcount_bits=1", "compat=1.1,refcount_bits=2",
        "compat=1.1,refcount_bits=4", "compat=1.1,refcount_bits=8", "compat=1.1,refcount_bits=32", "compat=1.1,refcount_bits=64,cluster_size=512",
        "compat=1.1,preallocation=metadata", "compat=1.1,preallocation=falloc", "compat=0.10,preallocation=full"})
    void whatQemuMadeIsReadAndWrittenAndReadByQemu(String options) throws Exception {
        byte[] model = new byte[SIZE];
        create(options);
        changeByQemu(model, 100_000, 300_000, 7);
        assertHolds(model, image(), scratch());
        changeHere(model, 2, 40);
        assertFlawless(image());
        assertHolds(model, image(), scratch());
        changeByQemu(model, 1_000_000, 600_000, 9);
        changeHere(model, 3, 40);
        assertFlawless(image());
        assertHolds(model, image(), scratch());
    }

    @ParameterizedTest
    @ValueSource(strings = {"compat=0.10", "compat=1.1", "compat=1.1,cluster_size=512", "compat=1.1,cluster_size=2M"})
    void compressedClustersAreReadAndWrittenElsewhere(String options) throws Exception {
        byte[] model = content();
        convert("-c", "-o", options);
        assertHolds(model, image(), scratch());
        changeHere(model, 4, 60);
        assertFlawless(image());
        assertHolds(model, image(), scratch());
    }

    @Test
    void anImageOverAnImageOverAFileReadsThroughAndKeepsWhatIsBelow() throws Exception {
        byte[] model = content();
        Path middle = folder.resolve("middle.qcow2");
        qemu("qemu-img", "create", "-q", "-f", "qcow2", "-b", raw().toString(), "-F", "raw", middle.toString());
        qemu("qemu-io", "-f", "qcow2", "-c", "write -P 5 70000 100000", middle.toString());
        java.util.Arrays.fill(model, 70_000, 170_000, (byte) 5);
        byte[] below = Files.readAllBytes(middle);
        for (String compat : new String[] {"0.10", "1.1"}) {
            byte[] own = model.clone();
            qemu("qemu-img", "create", "-q", "-f", "qcow2", "-o", "compat=" + compat, "-b", "middle.qcow2", "-F", "qcow2", image().toString(), "4M");
            own = java.util.Arrays.copyOf(own, 4 << 20);
            assertHolds(own, image(), scratch());
            changeHere(own, 5, 40);
            assertFlawless(image());
            assertHolds(own, image(), scratch());
            Files.delete(image());
        }
        assertArrayEquals(below, Files.readAllBytes(middle));
    }

    @ParameterizedTest
    @ValueSource(strings = {"compat=0.10", "compat=1.1", "compat=1.1,cluster_size=512", "compat=1.1,refcount_bits=8,cluster_size=4096"})
    void internalSnapshotsStayAsTheyAre(String options) throws Exception {
        byte[] first = content();
        convert("-o", options);
        qemu("qemu-img", "snapshot", "-c", "first", image().toString());
        byte[] model = first.clone();
        changeHere(model, 6, 30);
        assertFlawless(image());
        byte[] second = model.clone();
        qemu("qemu-img", "snapshot", "-c", "second", image().toString());
        changeHere(model, 7, 30);
        assertFlawless(image());
        assertHolds(model, image(), scratch());
        qemu("qemu-img", "snapshot", "-a", "first", image().toString());
        assertHolds(first, image(), scratch());
        qemu("qemu-img", "snapshot", "-a", "second", image().toString());
        assertHolds(second, image(), scratch());
        qemu("qemu-img", "snapshot", "-d", "first", image().toString());
        changeHere(second, 8, 30);
        qemu("qemu-img", "snapshot", "-d", "second", image().toString());
        assertFlawless(image());
        assertHolds(second, image(), scratch());
    }

    @Test
    void whatIsMadeHereIsReadAndWrittenByQemu() throws Exception {
        content();
        byte[] model = Files.readAllBytes(raw());
        new Qcow2Part().create(image(), SIZE, Optional.of(new Backing(raw(), "raw")));
        assertFlawless(image());
        assertHolds(model, image(), scratch());
        String info = qemu("qemu-img", "info", image().toString());
        assertTrue(info.contains("backing file: " + raw()) && info.contains("backing file format: raw") && info.contains("(" + SIZE + " bytes)"), info);
        changeByQemu(model, 65_000, 200_000, 3);
        changeHere(model, 9, 60);
        assertFlawless(image());
        assertHolds(model, image(), scratch());
    }

    @Test
    void aLongRunOfRequestsAndReopeningLeavesAFlawlessImage() throws Exception {
        new Qcow2Part().create(image(), SIZE, Optional.empty());
        byte[] model = new byte[SIZE];
        for (int session = 0; session < 8; session++) {
            changeHere(model, 100 + session, 150);
            assertFlawless(image());
        }
        assertHolds(model, image(), scratch());
    }

    @Test
    void discardedClustersAreUsedAgainAndTheirSpaceIsGivenBack() throws Exception {
        new Qcow2Part().create(image(), SIZE, Optional.empty());
        try (Disk disk = open(image(), true)) {
            for (int round = 0; round < 10; round++) {
                disk.write(0, ByteBuffer.wrap(bytes(round, SIZE)));
                disk.flush();
                disk.zero(0, SIZE);
                disk.flush();
            }
        }
        assertFlawless(image());
        assertTrue(Files.size(image()) < 2 * SIZE, "length " + Files.size(image()));
        String kibibytes = tidemark.testkit.HostTool.run(10, "du", "-k", image().toString()).output().split("\\s")[0];
        assertTrue(Integer.parseInt(kibibytes) < 300, "KiB taken: " + kibibytes);
    }

    @Test
    void theRefcountTableGrowsWithTheImage() throws Exception {
        int size = 48 << 20;
        qemu("qemu-img", "create", "-q", "-f", "qcow2", "-o", "cluster_size=512,refcount_bits=64", image().toString(), Integer.toString(size));
        byte[] model = bytes(1, size);
        try (Disk disk = open(image(), true)) {
            disk.write(0, ByteBuffer.wrap(model));
            assertArrayEquals(model, read(disk));
        }
        assertFlawless(image());
        assertHolds(model, image(), scratch());
    }

    @Test
    void bitmapsAreSaidToBeOutOfDateWhenAnImageWasWritten() throws Exception {
        create("compat=1.1");
        qemu("qemu-img", "bitmap", "--add", image().toString(), "b0");
        byte[] model = new byte[SIZE];
        changeHere(model, 5, 10);
        assertHolds(model, image(), scratch());
        assertEquals(0, Files.readAllBytes(image())[Header.AUTOCLEAR_AT + 7]);
        Images.assertNotCorrupt(image());
    }

    private void refused(String why, boolean writable) {
        IOException e = assertThrows(IOException.class, () -> open(image(), writable));
        assertTrue(e.getMessage().contains(why) && e.getMessage().contains(image().toString()), e.getMessage());
    }

    @Test
    void whatIsNotSupportedIsRefusedWithTheWayOut() throws Exception {
        create("extended_l2=on");
        refused("subclusters (extended L2 entries); convert it with qemu-img convert", false);
        create("compression_type=zstd");
        refused("compressed by zstd; convert it", false);
        create("data_file=" + folder.resolve("data"));
        refused("its data are in another file", false);
        qemu("qemu-img", "create", "-q", "-f", "qcow2", "--object", "secret,id=s,data=x", "-o", "encrypt.format=aes,encrypt.key-secret=s",
                image().toString(), "1M");
        refused("it is encrypted", false);
        qemu("qemu-img", "create", "-q", "-u", "-f", "qcow2", "-b", "nbd://localhost/disk", "-F", "raw", image().toString(), "1M");
        refused("its backing file is no file of this host", false);
    }

    @Test
    void dirtyImagesAreOnlyReadAndCorruptOnesNotOpenedUntilQemuRepairedThem() throws Exception {
        byte[] model = content();
        convert("-o", "lazy_refcounts=on");
        mark(1);
        refused("dirty bit); repair it with qemu-img check -r all", true);
        try (Disk disk = open(image(), false)) {
            assertArrayEquals(model, read(disk));
        }
        mark(2);
        refused("it is marked as corrupt", false);
        qemu("qemu-img", "check", "-q", "-r", "all", image().toString());
        changeHere(model, 1, 10);
        assertHolds(model, image(), scratch());
    }

    private void mark(int features) throws IOException {
        byte[] bytes = Files.readAllBytes(image());
        bytes[79] = (byte) features;
        Files.write(image(), bytes);
    }
}
