package tidemark.image;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import tidemark.api.checkpoint.ImageReader;
import tidemark.api.checkpoint.PageBatch;
import tidemark.api.state.State;

/**
 * Puts an image into bytes. Where they go, and making them durable and visible, is the caller's.
 * After a failed write it takes nothing more.
 */
public sealed interface ImageEncoder permits StreamEncoder, MappedEncoder {
    /** As {@link tidemark.api.checkpoint.ImageWriter#writePages}. */
    void writePages(PageBatch batch) throws IOException;

    /** Once, before {@link #finish}. */
    void writeStates(List<State> states) throws IOException;

    /** Once at most, before {@link #finish}. */
    void writeParent(ImageReader.Parent parent) throws IOException;

    /** Bytes of the image so far, holes not counted. */
    long bytes();

    /** Writes all that is missing. Once, after {@link #writeStates} and after every {@link #writePages} has returned. */
    void finish(Map<String, String> manifest) throws IOException;
}
