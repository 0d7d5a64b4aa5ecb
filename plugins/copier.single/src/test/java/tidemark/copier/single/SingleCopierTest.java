package tidemark.copier.single;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tidemark.api.checkpoint.CopyStrategy.Chunk;
import tidemark.api.checkpoint.CopyStrategy.Copier;

class SingleCopierTest {
    private final Copier copier = new SingleCopier().open(null);
    private final List<Integer> copied = new ArrayList<>();

    @Test
    void everyChunkIsCopiedOnceInOrderOnTheCallingThread() throws Exception {
        Thread caller = Thread.currentThread();
        List<Chunk> chunks = IntStream.range(0, 100).<Chunk>mapToObj(i -> () -> {
            assertSame(caller, Thread.currentThread());
            copied.add(i);
        }).toList();
        copier.copy(chunks);
        assertEquals(IntStream.range(0, 100).boxed().toList(), copied);
        copier.copy(List.of());
    }

    @Test
    void theExceptionOfAChunkEndsTheRoundAndIsPassedOn() {
        IOException full = new IOException("disk full");
        List<Chunk> chunks = List.of(() -> copied.add(0), () -> {
            throw full;
        }, () -> copied.add(2));
        assertSame(full, assertThrows(IOException.class, () -> copier.copy(chunks)));
        assertEquals(List.of(0), copied);
    }

    @Test
    void anInterruptEndsTheRoundBetweenTwoChunks() {
        List<Chunk> chunks = List.of(() -> Thread.currentThread().interrupt(), () -> copied.add(1));
        assertThrows(InterruptedException.class, () -> copier.copy(chunks));
        assertFalse(Thread.currentThread().isInterrupted());
        assertEquals(List.of(), copied);
    }
}
