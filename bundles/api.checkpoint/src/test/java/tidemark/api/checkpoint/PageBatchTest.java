package tidemark.api.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import tidemark.api.memory.HostMemory;
import tidemark.api.memory.PhysicalMemory;

class PageBatchTest {
    private static final int PAGE = PhysicalMemory.PAGE_SIZE;

    @Test
    void pagesOfZerosHaveNoDataAndTheOthersLieOneBehindTheOther() {
        try (Arena arena = Arena.ofConfined()) {
            long ram = arena.allocate(3 * PAGE, PAGE).address();
            HostMemory.putByte(ram, (byte) 1);
            HostMemory.putByte(ram + 3 * PAGE - 1, (byte) 3);
            PageBatch batch = new PageBatch();
            for (int page = 0; page < 3; page++) {
                long copy = batch.add(10 + page, ram + (long) page * PAGE);
                for (int at = 0; at < PAGE; at += Long.BYTES) {
                    assertEquals(HostMemory.getLong(ram + (long) page * PAGE + at), HostMemory.getLong(copy + at));
                }
            }
            assertEquals(3, batch.count());
            assertEquals(2, batch.dataPages());
            assertFalse(batch.isZero(0));
            assertTrue(batch.isZero(1));
            assertEquals(11, batch.page(1));
            ByteBuffer data = batch.data();
            assertEquals(2 * PAGE, data.remaining());
            assertEquals(1, data.get(0));
            assertEquals(3, data.get(2 * PAGE - 1));
        }
    }

    @Test
    void anyByteThatIsNotZeroMakesAPageOfData() {
        try (Arena arena = Arena.ofConfined()) {
            long ram = arena.allocate(PAGE, PAGE).address();
            PageBatch batch = new PageBatch();
            for (int at = 0; at < PAGE; at++) {
                batch.clear();
                HostMemory.putByte(ram + at, (byte) 0x80);
                batch.add(0, ram);
                assertEquals(1, batch.dataPages(), "byte " + at);
                HostMemory.putByte(ram + at, (byte) 0);
            }
        }
    }

    @Test
    void aFullBatchHoldsEveryPageAndAClearOneNone() {
        try (Arena arena = Arena.ofConfined()) {
            long ram = arena.allocate(PAGE, PAGE).address();
            HostMemory.fill(ram, PAGE, (byte) 7);
            PageBatch batch = new PageBatch();
            for (int page = 0; !batch.isFull(); page++) {
                batch.add(page, ram);
            }
            assertEquals(PageBatch.MAX_PAGES, batch.dataPages());
            assertEquals(7, batch.data().get(PageBatch.MAX_PAGES * PAGE - 1));
            batch.clear();
            assertEquals(0, batch.count());
            HostMemory.fill(ram, PAGE, (byte) 0);
            assertEquals(0, HostMemory.getLong(batch.add(0, ram)), "what was in the buffer before is not taken for a page of zeros");
        }
    }
}
