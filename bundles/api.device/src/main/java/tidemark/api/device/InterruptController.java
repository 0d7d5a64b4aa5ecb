package tidemark.api.device;

import org.osgi.annotation.versioning.ConsumerType;

/** The inputs of an interrupt controller. */
@FunctionalInterface
@ConsumerType
public interface InterruptController {
    /** A source's line changes. Any thread. @param source 1 or more */
    void input(int source, boolean level);
}
