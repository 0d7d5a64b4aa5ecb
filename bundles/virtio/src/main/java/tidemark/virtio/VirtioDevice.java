package tidemark.virtio;

import org.osgi.annotation.versioning.ConsumerType;
import tidemark.api.state.State;
import tidemark.api.state.StateException;

/** A type of device (section 5) behind a transport, which calls it under one lock. */
@ConsumerType
public interface VirtioDevice extends AutoCloseable {
    /** Device ID (section 5). */
    int id();

    /** The feature bits of its type that it offers; constant. */
    long features();

    /** The greatest size of each of its queues, powers of 2; constant. */
    int[] queueSizes();

    /** Its configuration space as the driver reads it; constant. */
    byte[] config();

    /**
     * An action: the driver has made chains available in a queue, or chains that were taken before a load are to be taken again.
     *
     * @return whether it left some of a long work undone and is to be called again soon
     */
    boolean notified(int queue) throws MalformedQueue;

    /** All that is under way is forgotten: by a reset, or to be taken again. */
    void reset();

    /** Version of the layout of its fields, 1 or more. */
    int stateVersion();

    /** Adds what the queues do not say. */
    void save(State state);

    /** Takes that over, and forgets what was under way; unchanged if it fails. The transport's fields are not its business. */
    void load(State state) throws StateException;

    @Override
    void close();
}
