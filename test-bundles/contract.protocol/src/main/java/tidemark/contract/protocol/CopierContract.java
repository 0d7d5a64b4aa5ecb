package tidemark.contract.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tidemark.api.checkpoint.CopyStrategy;
import tidemark.api.checkpoint.CopyStrategy.Chunk;
import tidemark.api.checkpoint.CopyStrategy.Copier;
import tidemark.api.checkpoint.Option;
import tidemark.contract.OutOfTime;
import tidemark.contract.WhenBroken;

/** What every {@link CopyStrategy} promises, with the defaults of its options. Extend it in a test class and say which strategy. */
public abstract class CopierContract {
    private static final int[] SIZES = {0, 1, 2, 7, 300, 1};
    private static final int CHUNKS = 100;
    private static final int FAILING = 40;
    private static final long ENDS_WITHIN_MS = 10_000;

    private final List<Thread> threads = new CopyOnWriteArrayList<>();
    private Copier copier;

    protected abstract CopyStrategy strategy();

    @BeforeEach
    final void open() {
        copier = strategy().open(new CopyStrategy.CopyContext() {
            @Override
            public long option(String name) {
                return strategy().options().stream().filter(option -> option.name().equals(name)).mapToLong(Option::absent).findFirst()
                        .orElseThrow(() -> new IllegalArgumentException("Option '" + name + "' is not declared"));
            }

            /** Chunks of a trial have no pages. */
            @Override
            public long bytesCopied() {
                return 0;
            }

            @Override
            public boolean guestStands() {
                return false;
            }

            @Override
            public Thread newThread(String name, Runnable task) {
                Thread thread = Thread.ofPlatform().daemon().name(name).unstarted(task);
                threads.add(thread);
                return thread;
            }
        });
    }

    @AfterEach
    final void close() {
        copier.close();
    }

    @Test
    @WhenBroken("copy goes through all chunks, and returns when the last of them is done")
    void everyChunkOfARoundIsCopiedOnceBeforeTheRoundEnds() throws Exception {
        for (int size : SIZES) {
            AtomicIntegerArray copied = new AtomicIntegerArray(size);
            copier.copy(IntStream.range(0, size).mapToObj(i -> (Chunk) () -> copied.incrementAndGet(i)).toList());
            assertEquals(new AtomicIntegerArray(IntStream.range(0, size).map(i -> 1).toArray()).toString(), copied.toString(),
                    "how often each of " + size + " chunks was copied when copy returned");
        }
    }

    @Test
    @WhenBroken("An exception of a chunk, on whatever thread, ends the round and is thrown by copy itself")
    void anExceptionOfAChunkEndsTheRoundAndIsPassedOn() throws Exception {
        IOException full = new IOException("no space left");
        IllegalStateException over = new IllegalStateException("the checkpoint is over");
        assertSame(full, assertThrows(IOException.class, () -> copier.copy(failing(() -> {
            throw full;
        }))));
        assertSame(over, assertThrows(IllegalStateException.class, () -> copier.copy(failing(() -> {
            throw over;
        }))));
    }

    @Test
    @WhenBroken("When copy throws, what chunks write to may be closed at once: wait for the chunks that other threads are at")
    void noChunkIsBeingCopiedAnyMoreWhenCopyThrows() {
        AtomicInteger inside = new AtomicInteger();
        Chunk slow = () -> {
            inside.incrementAndGet();
            sleep();
            inside.decrementAndGet();
        };
        List<Chunk> chunks = IntStream.range(0, CHUNKS).mapToObj(i -> i == 1 ? (Chunk) () -> {
            throw new IOException("no space left");
        } : slow).toList();
        assertThrows(IOException.class, () -> copier.copy(chunks));
        assertEquals(0, inside.get(), "chunks that were being copied when copy threw");
    }

    @Test
    @WhenBroken("Threads of the copier's own come from context.newThread and end in close")
    void itsThreadsEndWhenItIsClosed() throws Exception {
        copier.copy(failing(() -> {}));
        copier.close();
        copier.close();
        for (Thread thread : threads) {
            thread.join(ENDS_WITHIN_MS);
            OutOfTime.unless(!thread.isAlive(), thread + " still runs after close");
        }
    }

    private static List<Chunk> failing(Chunk one) {
        return IntStream.range(0, CHUNKS).mapToObj(i -> i == FAILING ? one : (Chunk) () -> {}).toList();
    }

    private static void sleep() {
        try {
            Thread.sleep(5);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
