package tidemark.copier.pool;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import tidemark.api.checkpoint.CopyStrategy.Chunk;

/** Chunks that several threads share. The first exception ends it. */
final class Round {
    private final List<Chunk> chunks;
    private final CountDownLatch working;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    /** @param workers how many threads will call {@link #work} */
    Round(List<Chunk> chunks, int workers) {
        this.chunks = chunks;
        this.working = new CountDownLatch(workers);
    }

    /** Copies chunks as long as there are any. */
    void work() {
        try {
            for (int i = next.getAndIncrement(); i < chunks.size() && failure.get() == null; i = next.getAndIncrement()) {
                chunks.get(i).copy();
            }
        } catch (Throwable t) { // passed on by await
            failure.compareAndSet(null, t);
        } finally {
            working.countDown();
        }
    }

    /** Waits until no thread works on it, even if interrupted: who called owns what chunks write to. */
    void await() throws IOException, InterruptedException {
        InterruptedException interrupt = null;
        boolean working = true;
        while (working) {
            try {
                this.working.await();
                working = false;
            } catch (InterruptedException e) {
                interrupt = e;
                failure.compareAndSet(null, e);
            }
        }
        if (interrupt != null && failure.get() != interrupt) {
            Thread.currentThread().interrupt();
        }
        switch (failure.get()) {
            case null -> {}
            case IOException e -> throw e;
            case InterruptedException e -> throw e;
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case Throwable e -> throw new IOException(e);
        }
    }
}
