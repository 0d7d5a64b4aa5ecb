package tidemark.disk.overlay;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tidemark.disk.overlay.Layers.BLOCK;
import static tidemark.disk.overlay.Layers.bytes;
import static tidemark.disk.overlay.Layers.over;
import static tidemark.disk.overlay.Layers.read;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tidemark.api.device.Disk;
import tidemark.api.device.DiskPart.Backing;
import tidemark.testkit.TestStorage;

/** Files with the wrong content, under right checksums too: every field is distrusted for itself. */
@Timeout(60)
class HostileFileTest {
    private static final int BLOCKS = 100;
    private static final Path FILE = Path.of("").toAbsolutePath();
    private static final Backing BACKING = new Backing(FILE.resolve("below"), "raw");
    private static final int HEADER_END = 40 + BACKING.file().toString().length() + 3;

    /** A layer with some blocks. */
    private static byte[] layer() throws IOException {
        TestStorage file = Layers.create(BLOCKS * BLOCK, Optional.of(BACKING));
        try (Disk disk = open(file, true)) {
            disk.write(3 * BLOCK, ByteBuffer.wrap(bytes(1, 2 * BLOCK)));
            disk.write(90 * BLOCK, ByteBuffer.wrap(bytes(2, BLOCK)));
            disk.flush();
        }
        return file.content();
    }

    private static Disk open(TestStorage file, boolean writable) throws IOException {
        return OverlayDisk.open(FILE, file, writable, over(new Layers.Zeros(BLOCKS * BLOCK)));
    }

    /** Makes the checksums right again. */
    private static byte[] seal(byte[] file) {
        ByteBuffer bytes = ByteBuffer.wrap(file);
        bytes.putInt(HEADER_END, Damage.checksum(bytes.slice(0, HEADER_END), 0));
        bytes.putInt(8192 + 508, Damage.checksum(bytes.slice(8192, 508), bytes.getLong(24)));
        return file;
    }

    private static void refused(String why, int offset, int size, long value) throws IOException {
        byte[] file = layer();
        ByteBuffer bytes = ByteBuffer.wrap(file);
        if (size == Integer.BYTES) {
            bytes.putInt(offset, (int) value);
        } else {
            bytes.putLong(offset, value);
        }
        IOException e = assertThrows(IOException.class, () -> open(TestStorage.of(seal(file)), false));
        assertTrue(e.getMessage().contains(why), e.getMessage());
        assertTrue(e.getMessage().contains("test storage"), e.getMessage());
    }

    @Test
    void aHeaderWithWrongFieldsIsRefusedWhateverItsChecksum() throws IOException {
        refused("does not begin as one", 0, 4, 0x7F454C46);
        refused("its version is 4294967295, this Tidemark reads version 1", 8, 4, -1);
        refused("in blocks of 512", 12, 4, 512);
        for (long size : new long[] {-512, Long.MIN_VALUE, Long.MAX_VALUE & -512, BLOCKS * BLOCK + 1, Geometry.MAX_SIZE + 512}) {
            refused("a disk of " + size + " bytes", 16, 8, size);
        }
        refused("the file ends, it should have", 16, 8, Geometry.MAX_SIZE);
        refused("the file ends, it should have", 16, 8, (BLOCKS + 1) * BLOCK);
        for (int length : new int[] {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, 4097}) {
            refused("a name of " + Integer.toUnsignedString(length) + " bytes", 32, 4, length);
            refused("a name of " + Integer.toUnsignedString(length) + " bytes", 36, 4, length);
        }
        refused("wrong checksum of the header", 32, 4, 4096);
        refused("is not absolute", 40, 4, 0x612F622F);
        refused("no name of a file", 41, 4, 0);
    }

    @Test
    void aBitmapOfAnotherPlaceOrFileOrWithBlocksThatTheDiskHasNotIsRefused() throws IOException {
        refused("wrong checksum of the bitmap", 8192 + 504, 4, 1);
        refused("the bitmap has blocks behind the end of the disk", 8192 + 8, 8, 1L << BLOCKS - 64);
        refused("the bitmap has blocks behind the end of the disk", 8192 + 62 * 8, 8, 1);
        byte[] file = layer();
        ByteBuffer.wrap(file).putLong(24, 99);
        byte[] bitmap = Arrays.copyOfRange(file, 8192, 8704);
        seal(file);
        System.arraycopy(bitmap, 0, file, 8192, bitmap.length);
        assertTrue(assertThrows(IOException.class, () -> open(TestStorage.of(file), false)).getMessage().contains("wrong checksum of the bitmap"));
    }

    @Test
    void aFileThatWasCutShortIsRefused() throws IOException {
        byte[] file = layer();
        for (int length = 0; length < file.length; length += 1 + length / 7) {
            byte[] cut = Arrays.copyOf(file, length);
            assertThrows(IOException.class, () -> open(TestStorage.of(cut), false));
        }
    }

    @Test
    void aDiskOfTheGreatestSizeIsOpenedInLittleMemoryAndWrittenAtItsEnd() throws IOException {
        TestStorage file = Layers.create(Geometry.MAX_SIZE, Optional.empty());
        Disk disk = OverlayDisk.open(FILE, file, true, over(null));
        disk.write(Geometry.MAX_SIZE - 1000, ByteBuffer.wrap(bytes(1, 1000)));
        disk.flush();
        Disk again = OverlayDisk.open(FILE, file.afterKill(), false, over(null));
        assertArrayEquals(bytes(1, 1000), read(again, Geometry.MAX_SIZE - 1000, 1000));
        assertTrue(file.length() - Geometry.MAX_SIZE < Geometry.MAX_SIZE / 30_000);
    }

    @Test
    void noMutationGivesAnythingButARefusalOrADisk() throws IOException {
        byte[] whole = layer();
        Random random = new Random(11);
        int refused = 0;
        for (int n = 0; n < 1_000; n++) {
            byte[] mutant = mutate(whole.clone(), random);
            refused += isRefused(TestStorage.of(random.nextBoolean() ? seal(mutant) : mutant)) ? 1 : 0;
        }
        assertTrue(refused > 300 && refused < 970, "refused: " + refused);
    }

    private static byte[] mutate(byte[] file, Random random) {
        int[] places = {0, 8, 12, 16, 24, 32, 36, 40, HEADER_END, 8192, 8200, 8192 + 504, 8192 + 508};
        for (int n = 1 + random.nextInt(2); n > 0; n--) {
            int at = places[random.nextInt(places.length)] + random.nextInt(8);
            file[at] = (byte) (random.nextBoolean() ? random.nextInt() : random.nextInt(3) - 1);
        }
        return file;
    }

    private static boolean isRefused(TestStorage file) {
        try (Disk disk = open(file, true)) {
            read(disk, 0, (int) Math.min(disk.size(), 1 << 20));
            disk.zero(0, Math.min(disk.size(), 1 << 20));
            disk.flush();
            return false;
        } catch (IOException e) {
            return true;
        }
    }
}
