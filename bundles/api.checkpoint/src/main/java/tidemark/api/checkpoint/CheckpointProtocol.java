package tidemark.api.checkpoint;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/** Service: a way to save a running machine. Its name is the service property {@link #NAME}. A recipe over the verbs of a {@link CheckpointSession}. */
@ConsumerType
public interface CheckpointProtocol {
    String NAME = "tidemark.protocol";

    /** One line for people. */
    String description();

    /** The options that it reads from the session. */
    default List<Option> options() {
        return List.of();
    }

    /**
     * Takes one checkpoint; returns after {@link CheckpointSession#commit}. On a thread of the checkpoint's own, one session at a time per
     * machine, any number at once per protocol. Whatever it throws, and if it returns without a commit, the session removes the
     * unfinished image, ends the log and lets the guest go on; there is nothing to clean up here.
     */
    void take(CheckpointSession session) throws CheckpointException, InterruptedException;
}
