package tidemark.checkpoint;

import java.util.concurrent.ConcurrentLinkedDeque;
import tidemark.api.checkpoint.PageBatch;

/** Page batches for reuse: their buffers are off-heap and costly to make. */
final class BatchPool {
    private final ConcurrentLinkedDeque<PageBatch> free = new ConcurrentLinkedDeque<>();

    PageBatch take() {
        PageBatch batch = free.pollFirst();
        if (batch == null) {
            return new PageBatch();
        }
        batch.clear();
        return batch;
    }

    void give(PageBatch batch) {
        free.addFirst(batch);
    }
}
