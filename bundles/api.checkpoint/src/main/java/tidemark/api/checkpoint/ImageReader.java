package tidemark.api.checkpoint;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;
import tidemark.api.memory.PageSet;
import tidemark.api.state.State;

/** An image that can be restored. One thread at a time. */
@ConsumerType
public interface ImageReader extends AutoCloseable {
    Map<String, String> manifest();

    List<State> states();

    /** The number of pages of RAM. */
    long pages();

    /** The parts of the file, in order, for people. */
    List<Section> sections();

    /** The image whose pages are those that this one does not have; empty if this one has all. */
    Optional<Parent> parent();

    /** The pages that are in this image, be they all zero; the others are its parent's. All pages if it has none. */
    PageSet own() throws CheckpointException;

    /**
     * Hands over every page of the final image that is not all zero, once, and checks all checksums on the way. If the image has a parent, a layout's reader
     * hands over the image's own pages only; that of {@link Checkpoints#open} those of its ancestors, too.
     *
     * @throws CheckpointException if the data is damaged: what, where; pages may already have been handed over
     */
    default void readPages(PageSink sink) throws CheckpointException {
        readPages(PageSet.all(pages()), sink);
    }

    /** The same, of these pages only; checks no more than it has to read for them. */
    void readPages(PageSet wanted, PageSink sink) throws CheckpointException;

    /** Where pages lie in the file, if each that is not all zero has a place of its own there, by which RAM can be mapped. Empty if the image has a parent. */
    Optional<Places> places();

    @Override
    void close();

    /**
     * The page with number p lies at byte {@code offset} + p * page size, unless it is all zero.
     *
     * @param offset a multiple of the page size
     * @param pages those that are not all zero
     */
    record Places(long offset, PageSet pages) {}

    /**
     * The image of which this one has only what was written since.
     *
     * @param id as its manifest has it
     * @param file its name; it lies in the same folder
     */
    record Parent(String id, String file) {}

    /** Takes pages. */
    @FunctionalInterface
    interface PageSink {
        /** @param bytes host address of the page's bytes, valid during the call */
        void page(long page, long bytes);
    }

    /**
     * @param offset in the file
     * @param length in bytes, with headers
     * @param dataPages pages with bytes in it
     * @param zeroPages pages of zeros in it
     */
    record Section(String type, long offset, long length, long dataPages, long zeroPages) {}
}
