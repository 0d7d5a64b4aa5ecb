package tidemark.contract.protocol;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import tidemark.api.checkpoint.CheckpointException;
import tidemark.api.checkpoint.ImageLayout;
import tidemark.api.checkpoint.ImageReader;
import tidemark.api.checkpoint.ImageWriter;
import tidemark.api.checkpoint.PageBatch;
import tidemark.api.state.State;

/** A layout in which something happens before each step of writing an image. */
record FaultyLayout(ImageLayout layout, Fault fault) implements ImageLayout {
    /** What is written. */
    enum Step { PAGES, STATES, MANIFEST }

    @FunctionalInterface
    interface Fault {
        /** @param batch the number of the batch of pages, from 0 */
        void before(Step step, int batch) throws IOException;
    }

    @Override
    public String description() {
        return "the platform's default, and something happens";
    }

    @Override
    public ImageWriter create(Path file, long pages) throws CheckpointException {
        ImageWriter writer = layout.create(file, pages);
        AtomicInteger batches = new AtomicInteger();
        return new ImageWriter() {
            @Override
            public void writePages(PageBatch batch) throws IOException {
                fault.before(Step.PAGES, batches.getAndIncrement());
                writer.writePages(batch);
            }

            @Override
            public void writeStates(List<State> states) throws IOException {
                fault.before(Step.STATES, 0);
                writer.writeStates(states);
            }

            @Override
            public void writeParent(ImageReader.Parent parent) throws IOException {
                writer.writeParent(parent);
            }

            @Override
            public long bytes() {
                return writer.bytes();
            }

            @Override
            public void publish(Map<String, String> manifest) throws IOException {
                fault.before(Step.MANIFEST, 0);
                writer.publish(manifest);
            }

            @Override
            public void close() {
                writer.close();
            }
        };
    }

    @Override
    public ImageWriter replace(Path file, long pages) throws CheckpointException {
        return layout.replace(file, pages);
    }

    @Override
    public boolean recognizes(Path file) {
        return layout.recognizes(file);
    }

    @Override
    public ImageReader open(Path file) throws CheckpointException {
        return layout.open(file);
    }
}
