package tidemark.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import tidemark.api.checkpoint.CheckpointException;
import tidemark.api.checkpoint.ImageReader;
import tidemark.api.memory.PhysicalMemory;
import tidemark.api.shell.CommandError;
import tidemark.api.state.State;

class ImageDifferenceTest {
    private static final Path ONE = Path.of("one");
    private static final Path OTHER = Path.of("other");

    /** @param bytes the first byte of pages that are not all zero */
    private static ImageReader image(long pages, Map<Long, Byte> bytes, List<State> states, Map<String, String> manifest) {
        return Fakes.of(ImageReader.class, new Object() {
            public long pages() {
                return pages;
            }

            public List<State> states() {
                return states;
            }

            public Map<String, String> manifest() {
                return manifest;
            }

            public void readPages(ImageReader.PageSink sink) {
                try (Arena arena = Arena.ofConfined()) {
                    MemorySegment page = arena.allocate(PhysicalMemory.PAGE_SIZE, PhysicalMemory.PAGE_SIZE);
                    new TreeMap<>(bytes).forEach((number, first) -> {
                        page.setAtIndex(java.lang.foreign.ValueLayout.JAVA_BYTE, 0, first);
                        sink.page(number, page.address());
                    });
                }
            }
        });
    }

    private static ImageDifference difference(ImageReader one, ImageReader other) throws CheckpointException, CommandError {
        return ImageDifference.of(one, ONE, other, OTHER);
    }

    @Test
    void equalImagesDifferInNothing() throws Exception {
        ImageReader one = image(100, Map.of(3L, (byte) 1), List.of(new State("hart0", 1).put("pc", 5)), Map.of("id", "a", "machine.ram", "2"));
        ImageReader other = image(100, Map.of(3L, (byte) 1), List.of(new State("hart0", 1).put("pc", 5)), Map.of("id", "b", "machine.ram", "2"));
        assertTrue(difference(one, other).isNone());
    }

    /** A page that one image does not have is zero there. */
    @Test
    void pagesStatesAndManifestAreCompared() throws Exception {
        ImageReader one = image(100, Map.of(3L, (byte) 1, 4L, (byte) 1, 5L, (byte) 0, 9L, (byte) 7), List.of(new State("hart0", 1).put("pc", 5), new State("rtc0", 1)),
                Map.of("machine.cpu", "auto"));
        ImageReader other = image(100, Map.of(3L, (byte) 2, 9L, (byte) 7, 70L, (byte) 1), List.of(new State("hart0", 1).put("pc", 6).put("x", 1)), Map.of("machine.cpu", "native"));
        ImageDifference difference = difference(one, other);
        assertEquals(3, difference.differing().size());
        assertEquals(List.of("hart0: pc, x", "rtc0: only in the first"), difference.states());
        assertEquals(List.of("machine.cpu: auto | native"), difference.manifest());
        String shown = Tables.of(difference).orElseThrow().toString();
        assertTrue(difference.table().render(tidemark.api.shell.Screen.plain(System.out)).contains("3 of 100 differ: 3-4, 70"), shown);
    }

    @Test
    void machinesOfOtherSizesAreRefused() {
        String refusal = assertThrows(CommandError.class, () -> difference(image(100, Map.of(), List.of(), Map.of()), image(200, Map.of(), List.of(), Map.of())))
                .getMessage();
        assertEquals("checkpoint:diff: RAM of one has 100 pages, that of other 200; give images of machines of one size", refusal);
    }
}
