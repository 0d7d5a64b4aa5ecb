package tidemark.copier.paced;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import tidemark.api.checkpoint.CopyStrategy.Chunk;
import tidemark.api.checkpoint.CopyStrategy.Copier;
import tidemark.api.checkpoint.CopyStrategy.CopyContext;

class PacedCopierTest {
    private static final int CHUNKS = 5;
    private static final long MIB = 1 << 20;
    private final List<Long> times = new ArrayList<>();
    private long bytes;

    /** @return nanoseconds from the first chunk to the end */
    private long copy(boolean guestStands, long bytesOfAChunk) throws Exception {
        CopyContext context = new CopyContext() {
            @Override
            public long option(String name) {
                assertEquals("paceMiBps", name);
                return 100;
            }

            @Override
            public Thread newThread(String name, Runnable task) {
                throw new AssertionError("it needs no thread");
            }

            @Override
            public long bytesCopied() {
                return bytes;
            }

            @Override
            public boolean guestStands() {
                return guestStands;
            }
        };
        Chunk chunk = () -> {
            times.add(System.nanoTime());
            bytes += bytesOfAChunk;
        };
        try (Copier copier = new PacedCopier().open(context)) {
            copier.copy(Collections.nCopies(CHUNKS, chunk));
        }
        return System.nanoTime() - times.getFirst();
    }

    /** No faster: that a busy host makes it slower is no fault. */
    @Test
    void whileTheGuestRunsChunksAreSpreadOverTheirTime() throws Exception {
        assertTrue(copy(false, MIB) >= CHUNKS * 10_000_000L, "5 MiB at 100 MiB/s take 50 ms");
        assertEquals(CHUNKS, times.size());
        for (int i = 1; i < CHUNKS; i++) {
            assertTrue(times.get(i) - times.getFirst() >= i * 9_000_000L, "chunk " + i + " came after " + (times.get(i) - times.getFirst()) + " ns");
        }
    }

    @Test
    void whileTheGuestStandsNothingWaits() throws Exception {
        assertTrue(copy(true, 1000 * MIB) < 40_000_000_000L, "5000 MiB at 100 MiB/s would take 50 s");
        assertEquals(CHUNKS, times.size());
    }

    @Test
    void pagesOfZerosTakeNoTime() throws Exception {
        assertTrue(copy(false, 0) < 40_000_000_000L);
        assertEquals(CHUNKS, times.size());
    }
}
