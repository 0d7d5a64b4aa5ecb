package tidemark.copier.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tidemark.api.checkpoint.CheckpointException;
import tidemark.api.checkpoint.CopyStrategy.Chunk;
import tidemark.api.checkpoint.CopyStrategy.Copier;
import tidemark.api.checkpoint.CopyStrategy.CopyContext;

@Timeout(20)
class PoolCopierTest {
    private final List<Thread> threads = new CopyOnWriteArrayList<>();
    private final AtomicInteger copied = new AtomicInteger();

    @Test
    void everyChunkOfEveryRoundIsCopiedOnce() throws Exception {
        try (Copier copier = open(4)) {
            for (int size : new int[] {0, 1, 3, 4, 5, 1000}) {
                Map<Integer, Integer> count = new ConcurrentHashMap<>();
                copier.copy(IntStream.range(0, size).<Chunk>mapToObj(i -> () -> count.merge(i, 1, Integer::sum)).toList());
                assertEquals(size, count.size());
                assertEquals(size == 0 ? Set.of() : Set.of(1), Set.copyOf(count.values()));
            }
        }
    }

    @Test
    void chunksAreCopiedByAllThreadsAtTheSameTime() throws Exception {
        try (Copier copier = open(3)) {
            CyclicBarrier meeting = new CyclicBarrier(3);
            Chunk meet = () -> {
                try {
                    meeting.await();
                } catch (Exception e) {
                    throw new IOException(e);
                }
            };
            copier.copy(List.of(meet, meet, meet, meet, meet, meet));
        }
    }

    @Test
    void theFirstExceptionEndsTheRoundAndIsPassedOnWhenNobodyWorksOnItAnyMore() throws Exception {
        try (Copier copier = open(2)) {
            IOException full = new IOException("disk full");
            CountDownLatch failed = new CountDownLatch(1);
            Chunk slow = () -> {
                awaitQuietly(failed);
                sleep(50);
                copied.incrementAndGet();
                throw new IllegalStateException("second");
            };
            Chunk failing = () -> {
                failed.countDown();
                throw full;
            };
            Chunk never = copied::incrementAndGet;
            assertSame(full, assertThrows(IOException.class, () -> copier.copy(List.of(slow, failing, never, never))));
            assertEquals(1, copied.get(), "the slow chunk was waited for, no other was begun");
        }
    }

    @Test
    void aFailedRoundDoesNotSpoilTheNext() throws Exception {
        try (Copier copier = open(2)) {
            assertThrows(StackOverflowError.class, () -> copier.copy(List.of(() -> {
                throw new StackOverflowError();
            })));
            copier.copy(List.of(copied::incrementAndGet, copied::incrementAndGet, copied::incrementAndGet));
            assertEquals(3, copied.get());
        }
    }

    @Test
    void anInterruptEndsTheRoundOnceTheRunningChunksAreDone() throws Exception {
        try (Copier copier = open(1)) {
            Thread caller = Thread.currentThread();
            Chunk interrupting = () -> {
                caller.interrupt();
                sleep(50);
                copied.incrementAndGet();
            };
            assertThrows(InterruptedException.class, () -> copier.copy(List.of(interrupting, copied::incrementAndGet)));
            assertEquals(1, copied.get());
            assertFalse(Thread.currentThread().isInterrupted());
        }
    }

    @Test
    void anInterruptAfterAFailureIsNotForgotten() throws Exception {
        try (Copier copier = open(2)) {
            Thread caller = Thread.currentThread();
            CountDownLatch failed = new CountDownLatch(1);
            Chunk interrupting = () -> {
                awaitQuietly(failed);
                sleep(20);
                caller.interrupt();
                sleep(20);
            };
            Chunk failing = () -> {
                failed.countDown();
                throw new IOException("disk full");
            };
            assertThrows(IOException.class, () -> copier.copy(List.of(interrupting, failing)));
            assertTrue(Thread.interrupted());
        }
    }

    @Test
    void closingEndsItsThreadsAndOnlyThen() throws Exception {
        Copier copier = open(3);
        copier.copy(List.of(copied::incrementAndGet));
        assertEquals(3, threads.size());
        for (Thread thread : threads) {
            assertTrue(thread.isAlive());
        }
        copier.close();
        copier.close();
        for (Thread thread : threads) {
            assertTrue(thread.join(Duration.ofSeconds(5)));
        }
        assertThrows(IllegalStateException.class, () -> copier.copy(List.of(copied::incrementAndGet)));
    }

    @Test
    void threadsThatWereStartedEndWhenOneCannotBe() throws Exception {
        OutOfMemoryError none = new OutOfMemoryError("unable to create native thread");
        CopyContext context = context(3, (name, task) -> {
            if (threads.size() == 2) {
                throw none;
            }
            return newThread(name, task);
        });
        assertSame(none, assertThrows(OutOfMemoryError.class, () -> new PoolCopier().open(context)));
        for (Thread thread : threads) {
            assertTrue(thread.join(Duration.ofSeconds(5)));
        }
    }

    private Copier open(int size) throws CheckpointException {
        return new PoolCopier().open(context(size, this::newThread));
    }

    private Thread newThread(String name, Runnable task) {
        Thread thread = Thread.ofPlatform().daemon().name(name).unstarted(task);
        threads.add(thread);
        return thread;
    }

    private static CopyContext context(int size, Threads threads) {
        return new CopyContext() {
            @Override
            public long bytesCopied() {
                return 0;
            }

            @Override
            public boolean guestStands() {
                return false;
            }

            @Override
            public long option(String name) {
                assertEquals("threads", name);
                return size;
            }

            @Override
            public Thread newThread(String name, Runnable task) {
                return threads.newThread(name, task);
            }
        };
    }

    private static void awaitQuietly(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static void sleep(long millis) throws IOException {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private interface Threads {
        Thread newThread(String name, Runnable task);
    }
}
