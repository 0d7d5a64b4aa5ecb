package tidemark.api.checkpoint;

import org.osgi.annotation.versioning.ProviderType;
import tidemark.api.memory.PageSet;

/**
 * Bytes of pages that a protocol keeps beside the image until it writes them there. Of each page it has the bytes that were put last. A page that
 * {@link CheckpointSession#copy} takes to the image leaves it: the image's bytes are newer. Bounded by the option {@code sideMemoryMiB}.
 */
@ProviderType
public interface SideMemory {
    /**
     * Copies pages as they are now, on the calling thread, while the guest stands (in a slice or a pause). A page that finds no room is not kept,
     * and stays {@linkplain CheckpointSession#owed owed}.
     */
    void put(PageSet pages) throws CheckpointException;

    /** Writes all that is kept to the image, while the guest runs or stands; then nothing is kept any more. */
    void copyToImage() throws CheckpointException;
}
