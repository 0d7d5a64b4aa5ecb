package tidemark.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tidemark.image.Images.PAGE;
import static tidemark.image.Images.add;
import static tidemark.image.Images.batch;
import static tidemark.image.Images.data;
import static tidemark.image.Images.digests;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tidemark.api.checkpoint.PageBatch;

@Timeout(60)
class ConcurrencyTest {
    private static final int THREADS = 4;
    private static final int PAGES = 1021;

    @TempDir
    Path folder;

    /** Page p belongs to thread p mod 4, so that neighbours are always written by different threads. */
    @ParameterizedTest
    @EnumSource
    void fourThreadsMakeTheRightImage(Layout layout) throws Exception {
        Map<Long, byte[]> expected = new ConcurrentSkipListMap<>();
        Path file = Images.write(layout, folder.resolve("image"), PAGES, image -> {
            try (ExecutorService pool = Executors.newFixedThreadPool(THREADS)) {
                List<Future<?>> tasks = new ArrayList<>();
                for (int thread = 0; thread < THREADS; thread++) {
                    int own = thread;
                    tasks.add(pool.submit(() -> {
                        writeEveryFourth(image, own, expected);
                        return null;
                    }));
                }
                for (Future<?> task : tasks) {
                    task.get();
                }
            } catch (Exception e) {
                throw new IOException(e);
            }
        });
        assertEquals(digests(expected), digests(Images.read(layout, file)));
    }

    private static void writeEveryFourth(ImageEncoder image, int own, Map<Long, byte[]> expected) throws IOException {
        Random random = new Random(own);
        PageBatch batch = new PageBatch();
        for (int round = 0; round < 8; round++) {
            for (long page = own; page < PAGES; page += THREADS) {
                byte[] bytes = random.nextInt(3) == 0 ? new byte[PAGE] : data(random);
                expected.put(page, bytes);
                add(batch, page, bytes);
                if (batch.count() == 3) {
                    image.writePages(batch);
                    batch.clear();
                }
            }
            image.writePages(batch);
            batch.clear();
        }
    }

    @Test
    void aStreamGoesThroughAPipe() throws Exception {
        Pipe pipe = Pipe.open();
        Random random = new Random(5);
        Map<Long, byte[]> pages = Map.of(0L, data(random), 9L, data(random), 10L, new byte[PAGE], 300L, data(random));
        Thread writer = Thread.ofPlatform().start(() -> {
            try (Pipe.SinkChannel sink = pipe.sink()) {
                ImageEncoder image = new StreamEncoder(sink, 400);
                for (int i = 0; i < 100; i++) {
                    image.writePages(batch(pages));
                }
                image.writeStates(Images.STATES);
                image.finish(Images.MANIFEST);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        Path file = folder.resolve("image");
        try (Pipe.SourceChannel source = pipe.source()) {
            Files.copy(Channels.newInputStream(source), file);
        }
        writer.join();
        assertEquals(digests(pages), digests(Images.read(Layout.STREAM, file)));
    }

    @Test
    void afterAFailedWriteAStreamTakesNothingMore() throws Exception {
        Pipe pipe = Pipe.open();
        StreamEncoder image = new StreamEncoder(pipe.sink(), 4);
        pipe.source().close();
        PageBatch batch = batch(Map.of(1L, Images.filled(1)));
        IOException first = assertThrows(IOException.class, () -> image.writePages(batch));
        IOException later = assertThrows(IOException.class, () -> image.writePages(batch));
        assertEquals(first, later.getCause());
        assertTrue(later.getMessage().startsWith("An earlier write failed: "), later.getMessage());
        pipe.sink().close();
    }
}
