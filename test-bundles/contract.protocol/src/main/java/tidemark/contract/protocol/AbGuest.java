package tidemark.contract.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import tidemark.api.machine.Machine;
import tidemark.api.machine.MachineSpec;
import tidemark.api.memory.BusFault;
import tidemark.api.memory.PhysicalMemory;

/** The guest {@code ab}, which increments one byte in every page, page after page, round after round, and keeps a record of where it is. */
final class AbGuest {
    private static final long RECORD = MachineSpec.RAM_BASE + 0x1000;
    private static final long MAGIC = 0x4241206b72616d65L;
    private static final int RAM_MIB = 10;
    private static final int WORKING_SET_MIB = 8;

    private AbGuest() {}

    static MachineSpec spec(String name, Combination parts) {
        return parts.machine(name, "ab", RAM_MIB, "workingSetMiB=" + WORKING_SET_MIB);
    }

    /** Waits until a guest that runs has written every page some times. */
    static void awaitRounds(Machine machine) throws InterruptedException {
        while (!isRunning(machine.memory())) {
            Thread.sleep(1);
        }
    }

    private static boolean isRunning(PhysicalMemory memory) {
        return word(memory, 0) == MAGIC && word(memory, 4) >= 2;
    }

    /** A machine that stands shows RAM of one instant: one step at most, at the place that the record says. */
    static void assertOneInstant(PhysicalMemory memory) {
        assertEquals(MAGIC, word(memory, 0), "the record of the guest");
        long base = word(memory, 1);
        long pages = word(memory, 2);
        long done = word(memory, 3);
        int value = (int) word(memory, 4) & 0xff;
        assertEquals((WORKING_SET_MIB << 20) / PhysicalMemory.PAGE_SIZE, pages, "pages of the guest");
        // At the end of a round the page is set back before the round counts up; between a page's increment and the record of it the page
        // is ahead.
        int first = firstByte(memory, base);
        int ahead = done == 0 && first != value ? (int) countAhead(memory, base, pages, first) : (int) done;
        for (long page = 0; page < pages; page++) {
            int expected = (page < ahead ? value + 1 : value) & 0xff;
            int found = firstByte(memory, base + page * PhysicalMemory.PAGE_SIZE);
            if (page != ahead || found != (expected + 1 & 0xff)) {
                assertEquals(expected, found, "page " + page + " of " + pages + ", round " + value + ", " + done + " pages done");
            }
        }
    }

    private static long countAhead(PhysicalMemory memory, long base, long pages, int first) {
        long last = firstByte(memory, base + (pages - 1) * PhysicalMemory.PAGE_SIZE);
        return last == first ? pages : 0;
    }

    private static long word(PhysicalMemory memory, int index) {
        return ByteBuffer.wrap(bytes(memory, RECORD + (long) index * Long.BYTES, Long.BYTES)).order(ByteOrder.LITTLE_ENDIAN).getLong();
    }

    private static int firstByte(PhysicalMemory memory, long address) {
        return bytes(memory, address, 1)[0] & 0xff;
    }

    private static byte[] bytes(PhysicalMemory memory, long address, int length) {
        byte[] bytes = new byte[length];
        try {
            memory.read(address, bytes, 0, length);
            return bytes;
        } catch (BusFault e) {
            throw new AssertionError("The guest's record points outside of RAM", e);
        }
    }
}
