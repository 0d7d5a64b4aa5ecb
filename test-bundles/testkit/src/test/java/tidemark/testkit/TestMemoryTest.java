package tidemark.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tidemark.api.memory.Barrier;
import tidemark.api.memory.BusFault;
import tidemark.api.memory.DirtyLog;
import tidemark.api.memory.HostMemory;
import tidemark.api.memory.PageSet;

class TestMemoryTest {
    /** Notes which page was marked and what its first byte was then. */
    private static final class Recorder implements DirtyLog {
        private final TestMemory memory;
        private final List<String> marks = new ArrayList<>();

        Recorder(TestMemory memory) {
            this.memory = memory;
        }

        @Override
        public Barrier barrier() {
            return Barrier.FIRST_WRITE;
        }

        @Override
        public void mark(long page) {
            marks.add(page + ":" + HostMemory.getByte(memory.hostAddress() + page * TestMemory.PAGE_SIZE));
        }

        @Override
        public void flip() {}

        @Override
        public void collect(PageSet into) {}

        @Override
        public void close() {}
    }

    @Test
    void hartsMarkBeforeTheyStoreAndDevicesAfter() throws BusFault {
        try (TestMemory memory = new TestMemory(4 * TestMemory.PAGE_SIZE)) {
            Recorder log = new Recorder(memory);
            memory.dirtyLog(log);
            HostMemory.putByte(memory.writable(memory.base()), (byte) 7);
            memory.write(memory.base() + TestMemory.PAGE_SIZE, new byte[] {5}, 0, 1);
            memory.write(memory.base() + 2 * TestMemory.PAGE_SIZE - 1, new byte[] {9, 9}, 0, 2);
            assertEquals(List.of("0:0", "1:5", "1:5", "2:9"), log.marks);
        }
    }

    @Test
    void aRangeThatLeavesRamIsRefusedWhole() {
        try (TestMemory memory = new TestMemory(TestMemory.PAGE_SIZE)) {
            long last = memory.base() + TestMemory.PAGE_SIZE - 1;
            assertThrows(BusFault.class, () -> memory.write(last, new byte[] {1, 2}, 0, 2));
            assertThrows(BusFault.class, () -> memory.read(memory.base() - 1, new byte[1], 0, 1));
            assertEquals(0, HostMemory.getByte(memory.readable(last)));
        }
    }
}
