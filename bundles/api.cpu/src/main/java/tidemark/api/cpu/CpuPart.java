package tidemark.api.cpu;

import org.osgi.annotation.versioning.ConsumerType;

/** Service: a kind of CPU engine. Its name is the service property {@link #NAME}. */
@ConsumerType
public interface CpuPart {
    String NAME = "tidemark.cpu";

    /** Makes the engine of one hart; the hart may already have run on another. */
    ExecutionEngine create(EngineContext context);
}
