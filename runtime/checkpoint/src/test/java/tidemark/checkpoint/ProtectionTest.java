package tidemark.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import tidemark.api.checkpoint.PageBatch;
import tidemark.api.memory.HostMemory;
import tidemark.api.memory.PageSet;
import tidemark.api.memory.PhysicalMemory;
import tidemark.testkit.TestMemory;

/** Writers and a copier on the same pages. */
class ProtectionTest {
    private static final int PAGES = 2048;
    private static final int WRITERS = 3;
    private static final byte OLD = 11;

    private final TestMemory memory = new TestMemory((long) PAGES * PhysicalMemory.PAGE_SIZE);
    private final BatchPool batches = new BatchPool();
    private final Meter meter = new Meter();
    private final AtomicIntegerArray saves = new AtomicIntegerArray(PAGES);
    /** Bytes of the image that are not those of the instant. */
    private final List<String> wrong = new ArrayList<>();
    private final Fakes.Image image = new Fakes.Image(new Fakes.Layout(), Path.of("image"), PAGES) {
        @Override
        public void writePages(PageBatch batch) {
            ByteBuffer data = batch.data();
            for (int i = 0; i < batch.count(); i++) {
                saves.incrementAndGet((int) batch.page(i));
                byte[] bytes = new byte[PhysicalMemory.PAGE_SIZE];
                data.get(bytes);
                for (byte b : bytes) {
                    if (b != OLD) {
                        synchronized (wrong) {
                            wrong.add("page " + batch.page(i) + " has " + b);
                        }
                        break;
                    }
                }
            }
        }
    };

    private final ImageSink sink = new ImageSink(image, meter);

    /** One batch in all, so that writers also wait for room. */
    @RepeatedTest(20)
    void everyPageIsSavedOnceAsItWas() throws Exception {
        HostMemory.fill(memory.hostAddress(), memory.size(), OLD);
        Protection protection = new Protection(memory, PageSet.all(PAGES), Protection.table(memory), batches, 1);
        memory.writeGuard(protection);
        CyclicBarrier begin = new CyclicBarrier(WRITERS + 1);
        List<Thread> writers = new ArrayList<>();
        for (int w = 0; w < WRITERS; w++) {
            int first = w * 37;
            writers.add(Thread.ofPlatform().start(() -> {
                await(begin);
                for (int i = 0; i < PAGES; i++) {
                    long page = (first + i * 5L) % PAGES;
                    HostMemory.fill(memory.writable(memory.base() + page * PhysicalMemory.PAGE_SIZE), PhysicalMemory.PAGE_SIZE, (byte) (OLD + 1));
                }
            }));
        }
        begin.await();
        copyAll(protection);
        for (Thread writer : writers) {
            writer.join();
        }
        assertEquals(List.of(), wrong);
        for (int page = 0; page < PAGES; page++) {
            assertEquals(1, saves.get(page), "times that page " + page + " was saved");
        }
        assertTrue(protection.peakBytes() <= 1 << 20, "bytes in batches: " + protection.peakBytes());
    }

    @Test
    void pagesThatAreNotOwedAreNotProtected() throws Exception {
        HostMemory.fill(memory.hostAddress(), memory.size(), OLD);
        PageSet owed = PageSet.none(PAGES);
        owed.add(7);
        Protection protection = new Protection(memory, owed, Protection.table(memory), batches, 1);
        protection.beforeWrite(6);
        protection.beforeWrite(7);
        protection.beforeWrite(7);
        assertEquals(1, protection.stalls().count());
        protection.finish(owed, sink, () -> {});
        assertEquals(1, saves.get(7));
        assertEquals(0, saves.get(6));
    }

    /** A checkpoint that fails holds nobody up. */
    @Test
    void whoWaitsGoesOnWhenItEnds() throws Exception {
        Protection protection = new Protection(memory, PageSet.all(PAGES), Protection.table(memory), batches, 1);
        assertTrue(protection.claim(PAGES - 1), "the copier has a page, and is never done with it");
        Thread writer = Thread.ofPlatform().start(() -> {
            for (int page = 0; page < PAGES; page++) {
                protection.beforeWrite(page);
            }
        });
        writer.join(100);
        assertTrue(writer.isAlive(), "there is room for 256 pages only");
        protection.end();
        writer.join(10_000);
        assertTrue(!writer.isAlive(), "the writer must go on");
    }

    private void copyAll(Protection protection) throws Exception {
        PageBatch batch = new PageBatch();
        for (long page = 0; page < PAGES; page++) {
            if (protection.claim(page)) {
                batch.add(page, memory.hostAddress() + page * PhysicalMemory.PAGE_SIZE);
                protection.saved(page);
            }
            if (batch.count() == 16) {
                image.writePages(batch);
                batch.clear();
                protection.drain(sink, () -> {});
            }
        }
        image.writePages(batch);
        protection.finish(PageSet.all(PAGES), sink, () -> {});
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
