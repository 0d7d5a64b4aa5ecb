package tidemark.checkpoint;

import java.io.IOException;
import tidemark.api.checkpoint.ImageWriter;
import tidemark.api.checkpoint.PageBatch;

/** Where pages of one checkpoint go, whoever copied them: to the image, and into the figures. Any thread. */
record ImageSink(ImageWriter writer, Meter meter) {
    void write(PageBatch batch) throws IOException {
        writer.writePages(batch);
        meter.copied(batch.count(), batch.dataPages(), writer.bytes());
    }
}
