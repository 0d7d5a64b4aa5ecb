package tidemark.api.checkpoint;

import java.util.function.Consumer;
import org.osgi.annotation.versioning.ProviderType;

/** A checkpoint that is being taken, or was. Any thread. */
@ProviderType
public interface CheckpointTask {
    CheckpointRequest request();

    Progress progress();

    boolean isDone();

    /** Asks it to end without an image; the guest goes on. Without effect once the image is published. */
    void cancel(String reason);

    /**
     * Waits for the end; {@code listener} is called about ten times a second meanwhile, on this thread. Interrupting this thread does not cancel the checkpoint.
     *
     * @throws CheckpointException why there is no image
     */
    CheckpointReport await(Consumer<Progress> listener) throws CheckpointException, InterruptedException;
}
