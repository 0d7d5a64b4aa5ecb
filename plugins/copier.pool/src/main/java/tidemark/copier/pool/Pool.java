package tidemark.copier.pool;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import tidemark.api.checkpoint.CopyStrategy.Chunk;
import tidemark.api.checkpoint.CopyStrategy.Copier;
import tidemark.api.checkpoint.CopyStrategy.CopyContext;

/** The threads of one checkpoint. They are never interrupted: that would close the file that a chunk is being written to. */
final class Pool implements Copier {
    private static final Round END = new Round(List.of(), 0);

    private final BlockingQueue<Round> rounds = new LinkedBlockingQueue<>();
    private final List<Thread> threads = new ArrayList<>();
    private boolean closed;

    Pool(int size, CopyContext context) {
        try {
            for (int i = 0; i < size; i++) {
                Thread thread = context.newThread("checkpoint-copy-" + i, this::run);
                thread.start();
                threads.add(thread);
            }
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    private void run() {
        try {
            for (Round round = rounds.take(); round != END; round = rounds.take()) {
                round.work();
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("Someone interrupted " + Thread.currentThread().getName(), e);
        }
    }

    @Override
    public void copy(List<Chunk> chunks) throws IOException, InterruptedException {
        if (closed) {
            throw new IllegalStateException("The copier is closed: its checkpoint is over");
        }
        int workers = Math.min(threads.size(), chunks.size());
        Round round = new Round(chunks, workers);
        for (int i = 0; i < workers; i++) {
            rounds.add(round);
        }
        round.await();
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        threads.forEach(thread -> rounds.add(END));
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // they end all the same
        }
    }
}
