package tidemark.api.memory;

import org.osgi.annotation.versioning.ConsumerType;

/** Service: a way of finding the pages that a guest writes. Its name is the service property {@link #NAME}. */
@ConsumerType
public interface DirtyTracker {
    String NAME = "tidemark.tracker";

    /**
     * Opens a log with an empty first epoch. At a handshake: no hart runs, so quick. The caller installs it
     * with {@link PhysicalMemory#dirtyLog(DirtyLog)} and flushes the engines' writes.
     */
    DirtyLog open(PhysicalMemory memory);
}
