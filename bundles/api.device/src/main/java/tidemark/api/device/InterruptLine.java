package tidemark.api.device;

import org.osgi.annotation.versioning.ProviderType;

/** A level-sensitive interrupt line. */
@FunctionalInterface
@ProviderType
public interface InterruptLine {
    /** Drives the line. Any thread. */
    void set(boolean level);
}
