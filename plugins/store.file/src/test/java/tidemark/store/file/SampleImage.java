package tidemark.store.file;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tidemark.api.checkpoint.CheckpointException;
import tidemark.api.checkpoint.ImageReader;
import tidemark.api.checkpoint.ImageWriter;
import tidemark.api.checkpoint.PageBatch;
import tidemark.api.memory.HostMemory;
import tidemark.api.memory.PhysicalMemory;
import tidemark.api.state.State;

/** Pages 0 to 2 of four have data: 129, 130 and 131 in every byte of theirs. */
final class SampleImage {
    static final List<State> STATES = List.of(new State("hart0", 1).put("pc", 0x80000000L));
    static final Map<String, String> MANIFEST = Map.of("machine", "vm1");

    private SampleImage() {}

    static void fill(ImageWriter image) throws IOException {
        writeData(image, 0, 3);
        image.writeStates(STATES);
    }

    static void writeData(ImageWriter image, int first, int count) throws IOException {
        PageBatch batch = new PageBatch();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment page = arena.allocate(PhysicalMemory.PAGE_SIZE, PhysicalMemory.PAGE_SIZE);
            for (int i = 0; i < count; i++) {
                batch.add(first + i, page.fill((byte) (first + i + 1 | 1 << 7)).address());
                if (batch.isFull() || i == count - 1) {
                    image.writePages(batch);
                    batch.clear();
                }
            }
        }
    }

    static void check(ImageReader image) throws CheckpointException {
        Map<Long, Byte> pages = new TreeMap<>();
        image.readPages((page, host) -> {
            byte first = HostMemory.getByte(host);
            pages.put(page, HostMemory.getByte(host + PhysicalMemory.PAGE_SIZE - 1) == first ? first : 0);
        });
        assertEquals(Map.of(0L, (byte) -127, 1L, (byte) -126, 2L, (byte) -125), pages);
        assertEquals(STATES, image.states());
    }
}
