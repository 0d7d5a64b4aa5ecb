package tidemark.differential;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class HarnessTest {
    private static List<Stream> streams(int count) {
        return LongStream.range(0, count).mapToObj(Stream::of).toList();
    }

    @Test
    void aStreamIsAFunctionOfItsSeed() {
        assertArrayEquals(new Batch(List.of(Stream.of(5))).image(), new Batch(List.of(Stream.of(5))).image());
    }

    @Test
    void everyStreamEndsAndQemuRepeatsItToTheBit() throws IOException, InterruptedException {
        Qemu qemu = Reference.qemu();
        byte[] image = new Batch(streams(40)).image();
        byte[] first = qemu.run(image).ram();
        byte[] second = qemu.run(image).ram();
        for (int i = 0; i < 40; i++) {
            assertNull(Difference.between(first, second, i), "stream " + i);
            assertEquals(1, cell(first, i, Region.FINISHED), "stream " + i);
        }
    }

    /** That the generator reaches what it is meant to reach. */
    @Test
    void theStreamsTakeTrapsOfAllKinds() throws IOException, InterruptedException {
        byte[] ram = Reference.qemu().run(new Batch(streams(100)).image()).ram();
        Set<Long> causes = new TreeSet<>();
        for (int i = 0; i < 100; i++) {
            long end = cell(ram, i, Region.LOG_NEXT) - Region.address(i);
            for (int at = Region.LOG; at < end; at += Region.LOG_ENTRY) {
                causes.add(cell(ram, i, at));
            }
        }
        long interrupt = Long.MIN_VALUE;
        assertEquals(new TreeSet<>(Set.of(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 11L, 12L, 13L, 15L,
                interrupt | 1, interrupt | 3, interrupt | 5, interrupt | 9)), causes);
    }

    @Test
    void aDifferenceIsNamedAndShrunkToTheItemThatMakesIt() throws IOException, InterruptedException {
        Qemu qemu = Reference.qemu();
        Machine wrongAfterTraps = image -> {
            byte[] ram = qemu.run(image).ram();
            if (cell(ram, 0, Region.LOG_NEXT) > Region.address(0) + Region.LOG) {
                ram[(int) (Region.address(0) - Region.RAM) + Region.FINAL_X + 8 * 7] ^= 1;
            }
            return new Machine.Result(ram, -1);
        };
        Stream shrunk = new Shrinker(qemu, wrongAfterTraps, 200).shrink(Stream.of(1));
        assertEquals(1, shrunk.items().size());
        byte[] image = new Batch(List.of(shrunk)).image();
        Difference difference = Difference.between(qemu.run(image).ram(), wrongAfterTraps.run(image).ram(), 0);
        assertNotNull(difference);
        assertTrue(difference.toString().startsWith("x7 "), difference.toString());
    }

    private static long cell(byte[] ram, int index, int offset) {
        return ByteBuffer.wrap(ram).order(ByteOrder.LITTLE_ENDIAN).getLong((int) (Region.address(index) - Region.RAM) + offset);
    }
}
