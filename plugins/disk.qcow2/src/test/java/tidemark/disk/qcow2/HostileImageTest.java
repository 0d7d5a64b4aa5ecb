package tidemark.disk.qcow2;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tidemark.disk.qcow2.Images.bytes;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tidemark.api.device.Disk;
import tidemark.api.device.DiskPart.Backing;
import tidemark.testkit.TestStorage;

/** Images with the wrong content: nothing but a refusal, or a disk. */
@Timeout(60)
class HostileImageTest {
    private static final int SIZE = 1 << 20;
    private static final int CLUSTER = 1 << 16;

    @TempDir
    Path folder;

    private byte[] image;

    @BeforeEach
    void makeImage() throws IOException {
        Path file = folder.resolve("image");
        new Qcow2Part().create(file, SIZE, Optional.of(new Backing(folder.resolve("below"), "raw")));
        try (Disk disk = new Qcow2Part().open(file, true, asked -> new Zeros())) {
            disk.write(0, ByteBuffer.wrap(bytes(1, 5 * CLUSTER)));
            disk.zero(2 * CLUSTER, CLUSTER);
        }
        image = Files.readAllBytes(file);
    }

    private record Zeros() implements Disk {
        @Override
        public long size() {
            return SIZE;
        }

        @Override
        public boolean writable() {
            return false;
        }

        @Override
        public void read(long offset, ByteBuffer into) {
            into.put(new byte[into.remaining()]);
        }

        @Override
        public void write(long offset, ByteBuffer from) throws IOException {
            throw new IOException("read-only");
        }

        @Override
        public void zero(long offset, long length) throws IOException {
            throw new IOException("read-only");
        }

        @Override
        public void flush() {}

        @Override
        public void seal() {}

        @Override
        public void close() {}
    }

    private Disk open(TestStorage file, boolean writable) throws IOException {
        return Qcow2Disk.open(folder, file, writable, asked -> new Zeros());
    }

    private ByteBuffer mutant() {
        return ByteBuffer.wrap(image.clone());
    }

    private void refused(String why, ByteBuffer mutant) {
        assertSays(why, assertThrows(IOException.class, () -> use(TestStorage.of(mutant.array()))));
    }

    private void refusedToBeRead(String why, ByteBuffer mutant) {
        assertSays(why, assertThrows(IOException.class, () -> Images.read(open(TestStorage.of(mutant.array()), false))));
    }

    private static void assertSays(String why, IOException e) {
        assertTrue(e.getMessage().contains(why) && e.getMessage().contains("test storage"), e.getMessage());
    }

    /** Everything that a guest could do. */
    private void use(TestStorage file) throws IOException {
        try (Disk disk = open(file, true)) {
            int length = (int) Math.min(disk.size(), 2 * SIZE);
            ByteBuffer content = ByteBuffer.allocate(length);
            disk.read(0, content);
            disk.write(0, content.flip());
            disk.zero(0, length);
            disk.write(Math.max(0, length - 100), ByteBuffer.allocate(Math.min(length, 100)));
            disk.flush();
            disk.write(0, ByteBuffer.allocate(Math.min(length, CLUSTER)));
        }
    }

    @Test
    void aHeaderWithWrongFieldsIsRefused() {
        refused("does not begin as one", mutant().putInt(0, 0));
        refused("its version is 4294967295", mutant().putInt(4, -1));
        for (int bits : new int[] {-1, 0, 8, 22, 64, Integer.MIN_VALUE}) {
            refused("clusters of 2^" + Integer.toUnsignedString(bits), mutant().putInt(20, bits));
        }
        for (long size : new long[] {-512, Long.MIN_VALUE, 513}) {
            refused("its disk has " + size, mutant().putLong(24, size));
        }
        refused("an L1 table of 1 entries", mutant().putLong(24, 1L << 50));
        for (long size : new long[] {Long.MAX_VALUE - 511, Long.MAX_VALUE - (1L << 29) + 1}) {
            refused("an L1 table of 1 entries", mutant().putLong(24, size));
            refusedToBeRead("an L1 table of 1 entries", mutant().putLong(24, size));
        }
        refused("an L1 table of 0 entries", mutant().putInt(36, 0));
        for (int entries : new int[] {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, (32 << 20) / 8 + 1}) {
            refused("an L1 table of " + Integer.toUnsignedString(entries), mutant().putInt(36, entries));
        }
        for (long offset : new long[] {-CLUSTER, Long.MIN_VALUE, 1, 1L << 62, 1L << 40}) {
            refused("the L1 table, 8 bytes", mutant().putLong(40, offset));
            refused("the refcount table, 65536 bytes", mutant().putLong(48, offset));
        }
        for (int clusters : new int[] {-1, 0, 129, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
            refused("a refcount table of", mutant().putInt(56, clusters));
        }
        refused("refcounts of 2^7 bits", mutant().putInt(96, 7));
        refused("a header of 4294967288 bytes", mutant().putInt(100, -8));
        refused("a header of 65544 bytes", mutant().putInt(100, CLUSTER + 8));
        refused("the name of its backing file", mutant().putInt(16, 1024));
        refused("the name of its backing file", mutant().putLong(8, CLUSTER - 3));
        refused("a header extension of 4294967295 bytes", mutant().putInt(108, -1));
        refused("bits 0x8000000000000000", mutant().putLong(72, Long.MIN_VALUE));
    }

    @Test
    void tablesThatNameWhatIsNotThereAreRefused() {
        int l1 = 3 * CLUSTER;
        int l2 = (int) L2Entry.offset(mutant().getLong(l1));
        int l2Entry = l2 + 8;
        for (long offset : new long[] {1L << 40, CLUSTER + 512, 1L << 62, 1}) {
            refusedToBeRead("entry 0 of the L1 table", mutant().putLong(l1, offset));
        }
        refused("behind the end of the file", mutant().putLong(l2Entry, 1L << 40 | L2Entry.COPIED));
        refused("behind the end of the file", mutant().putLong(l2Entry, 1L << 62 | 1L << 40));
        refused("not compressed as it should be", mutant().putLong(l2Entry, 1L << 62 | l1));
        refused("the L2 entry of cluster 1", mutant().putLong(l2Entry, 512 | L2Entry.COPIED));
        refused("the L2 entry of cluster 1", mutant().putLong(l2Entry, 2));
        long data = L2Entry.offset(mutant().getLong(l2Entry));
        refused("is too low", mutant().putLong(l2Entry, data).putShort((int) (2 * CLUSTER + data / CLUSTER * 2), (short) 0));
        refused("the refcount table names a block", mutant().putLong(CLUSTER, 1L << 40));
        refused("named twice", mutant().putLong(CLUSTER + 8, 2 * CLUSTER));
        refused("is too low", mutant().putLong(CLUSTER, 0));
        for (int table = 0; table < 4; table++) {
            refused("is too low", mutant().putShort(2 * CLUSTER + 2 * table, (short) 0));
        }
    }

    @Test
    void tablesThatOverlapAreRefusedToBeWritten() {
        int l1 = 3 * CLUSTER;
        long l2 = L2Entry.offset(mutant().getLong(l1));
        Map<Long, String> places = Map.of(0L, "header", (long) CLUSTER, "refcount table", 2L * CLUSTER, "refcount block", 3L * CLUSTER, "L1 table");
        places.forEach((offset, name) -> { // an entry of 0 is none
            if (offset != 0) {
                refused(name, counted(mutant().putLong(l1, offset | L2Entry.COPIED)));
            }
        });
        refused("where its refcount table", counted(mutant().putInt(60, 1).putLong(64, CLUSTER)));
        places.forEach((offset, name) -> refused("where its " + (offset == 2 * CLUSTER ? "L1 table of snapshot" : name), snapshot(mutant(), 7 * CLUSTER, offset)));
        refused("where its ", snapshot(mutant(), l2, 6 * CLUSTER));
        refused("where its ", mutant().putLong(40, CLUSTER));
        refused("where its ", mutant().putLong(40, 2 * CLUSTER));
    }

    /** Counts of 2 for all clusters that are used, so that no count is too low. */
    private static ByteBuffer counted(ByteBuffer mutant) {
        for (int cluster = 0; cluster < 16; cluster++) {
            mutant.putShort(2 * CLUSTER + 2 * cluster, (short) 2);
        }
        return mutant;
    }

    /** With one snapshot, whose L1 table has an entry. */
    private static ByteBuffer snapshot(ByteBuffer mutant, long table, long itsL1) {
        return counted(mutant.putInt(60, 1).putLong(64, table).putLong((int) table, itsL1).putInt((int) table + 8, 1).putInt((int) table + 36, 0));
    }

    @Test
    void aSnapshotTableWithWrongFieldsIsRefusedToBeWritten() {
        int table = 7 * CLUSTER;
        for (int count : new int[] {-1, Integer.MIN_VALUE, 65537}) {
            refused("a snapshot table of " + Integer.toUnsignedString(count), snapshot(mutant(), table, 6 * CLUSTER).putInt(60, count));
        }
        ByteBuffer zeros = mutant();
        Arrays.fill(zeros.array(), table, zeros.capacity(), (byte) 0);
        refused("a snapshot table that is not within the file", snapshot(zeros, table, 6 * CLUSTER).putInt(60, 65536));
        for (long offset : new long[] {-1, Long.MIN_VALUE, 0, 512}) {
            refused("a snapshot table of 1 entries at offset " + offset, snapshot(mutant(), table, 6 * CLUSTER).putLong(64, offset));
        }
        refused("a snapshot table that is not within the file", snapshot(mutant(), table, 6 * CLUSTER).putLong(64, 1L << 62));
        refused("snapshot 0 with an L1 table of 4294967295", snapshot(mutant(), table, 6 * CLUSTER).putInt(table + 8, -1));
        refused("4294967295 bytes of extra data", snapshot(mutant(), table, 6 * CLUSTER).putInt(table + 36, -1));
        for (long offset : new long[] {-CLUSTER, 512, 1L << 62}) {
            refused("the L1 table of snapshot 0 at offset " + offset, snapshot(mutant(), table, offset));
        }
    }

    /** L2 entries that name header, tables and blocks as data, in place, to be moved, or to be given back. */
    @Test
    void noWriteOfAGuestLandsInMetadata() throws IOException {
        int l2 = (int) L2Entry.offset(mutant().getLong(3 * CLUSTER));
        long[] metadata = {0, CLUSTER, 2 * CLUSTER, 3 * CLUSTER, l2};
        byte[] data = new byte[CLUSTER];
        Arrays.fill(data, (byte) 0xAB);
        for (long place : metadata) {
            for (long flags : new long[] {L2Entry.COPIED, 0, L2Entry.COPIED | L2Entry.ZERO}) {
                TestStorage file = TestStorage.of(counted(mutant().putLong(l2, place | flags)).array());
                if (place != 0) { // an entry with offset 0 is in no place
                    Disk disk = open(file, true);
                    assertSays("where its ", assertThrows(IOException.class, () -> disk.write(0, ByteBuffer.wrap(data, 0, 512))));
                    assertSays("where its ", assertThrows(IOException.class, () -> disk.write(0, ByteBuffer.wrap(data))));
                    assertSays("where its ", assertThrows(IOException.class, () -> disk.zero(0, CLUSTER)));
                    disk.flush();
                }
                assertNothingOver(metadata, file.content());
            }
        }
    }

    @Test
    void noMutationOfTablesHasDataWrittenOverMetadata() throws IOException {
        int l2 = (int) L2Entry.offset(mutant().getLong(3 * CLUSTER));
        long[] metadata = {0, CLUSTER, 2 * CLUSTER, 3 * CLUSTER, l2};
        Random random = new Random(13);
        int written = 0;
        for (int n = 0; n < 300; n++) {
            ByteBuffer mutant = counted(mutant());
            for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
                long place = random.nextInt(12) * (long) CLUSTER | (random.nextBoolean() ? L2Entry.COPIED : 0) | (random.nextInt(5) == 0 ? L2Entry.ZERO : 0);
                mutant.putLong(l2 + 8 * random.nextInt(8), place | (random.nextInt(8) == 0 ? 1L << 62 : 0));
                mutant.putShort(2 * CLUSTER + 2 * random.nextInt(12), (short) random.nextInt(3));
            }
            TestStorage file = TestStorage.of(mutant.array());
            written += writes(file, random) ? 1 : 0;
            assertNothingOver(metadata, file.content());
        }
        assertTrue(written > 20, "written: " + written);
    }

    private boolean writes(TestStorage file, Random random) {
        byte[] data = new byte[CLUSTER];
        Arrays.fill(data, (byte) 0xAB);
        try (Disk disk = open(file, true)) {
            for (int n = 0; n < 20; n++) {
                long at = random.nextInt(8) * (long) CLUSTER;
                if (random.nextInt(3) == 0) {
                    disk.zero(at, CLUSTER);
                } else {
                    disk.write(at, ByteBuffer.wrap(data, 0, random.nextBoolean() ? CLUSTER : 4096));
                }
                if (random.nextInt(4) == 0) {
                    disk.flush();
                }
            }
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static void assertNothingOver(long[] metadata, byte[] content) {
        for (long place : metadata) {
            for (int at = (int) place; at < place + CLUSTER; at += 256) {
                assertTrue(content[at] != (byte) 0xAB || content[at + 1] != (byte) 0xAB, "data at " + at);
            }
        }
    }

    @Test
    void anImageThatWasCutShortIsRefusedOrADisk() {
        for (int length = 0; length < image.length; length += 1 + length / 9) {
            isRefused(Arrays.copyOf(image, length));
        }
    }

    @Test
    void noMutationGivesAnythingButARefusalOrADisk() {
        int[] places = {4, 8, 16, 20, 24, 36, 40, 48, 56, 60, 64, 72, 88, 96, 100, 104, 112, 120, CLUSTER, CLUSTER + 8, 2 * CLUSTER, 2 * CLUSTER + 8, 3 * CLUSTER,
            (int) L2Entry.offset(mutant().getLong(3 * CLUSTER)), (int) L2Entry.offset(mutant().getLong(3 * CLUSTER)) + 8};
        Random random = new Random(12);
        int refused = 0;
        for (int n = 0; n < 600; n++) {
            byte[] mutant = image.clone();
            for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
                int at = places[random.nextInt(places.length)] + random.nextInt(8);
                mutant[at] = (byte) (random.nextBoolean() ? random.nextInt() : random.nextInt(3) - 1);
            }
            refused += isRefused(mutant) ? 1 : 0;
        }
        assertTrue(refused > 150 && refused < 590, "refused: " + refused);
    }

    private boolean isRefused(byte[] mutant) {
        try {
            use(TestStorage.of(mutant));
            return false;
        } catch (IOException e) {
            return true;
        }
    }
}
