package tidemark.api.checkpoint;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.osgi.annotation.versioning.ConsumerType;
import tidemark.api.state.State;

/** An image that is being written. Not visible under its name before {@link #publish}. */
@ConsumerType
public interface ImageWriter extends AutoCloseable {
    /**
     * Writes pages; of a page that is written again the last bytes count. Any thread, several at once for different pages; a call for a page
     * begins only after the one before for the same page has returned.
     */
    void writePages(PageBatch batch) throws IOException;

    /** Once, before {@link #publish}; before or after pages. */
    void writeStates(List<State> states) throws IOException;

    /** Once at most, before {@link #publish}: pages that were not written are those of another image. */
    void writeParent(ImageReader.Parent parent) throws IOException;

    /** Bytes of the image so far: what it takes on disk. */
    long bytes();

    /** Writes the manifest and digests, forces all to disk, gives the image its name, atomically. */
    void publish(Map<String, String> manifest) throws IOException;

    /** Removes what was written unless it was published. */
    @Override
    void close();
}
