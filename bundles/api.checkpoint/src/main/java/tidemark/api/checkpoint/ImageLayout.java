package tidemark.api.checkpoint;

import java.nio.file.Path;
import org.osgi.annotation.versioning.ConsumerType;

/** Service: a form of image and the place where it is kept. Its name is the service property {@link #NAME}. */
@ConsumerType
public interface ImageLayout {
    String NAME = "tidemark.layout";

    /** One line for people. */
    String description();

    /**
     * Begins an image under a temporary name beside {@code file}.
     *
     * @param pages the number of pages of RAM
     * @throws CheckpointException if that cannot be written, or something of that name exists
     */
    ImageWriter create(Path file, long pages) throws CheckpointException;

    /** As {@link #create}, but the image takes the place of {@code file}, which exists: whoever has that open goes on reading the former one. */
    ImageWriter replace(Path file, long pages) throws CheckpointException;

    /** Whether the file begins as an image of this layout does; false if it cannot be read. */
    boolean recognizes(Path file);

    /**
     * Opens an image and checks its structure and everything but the page data.
     *
     * @throws CheckpointException if it is damaged, cut short or not of this layout: what, where, and the way out
     */
    ImageReader open(Path file) throws CheckpointException;
}
