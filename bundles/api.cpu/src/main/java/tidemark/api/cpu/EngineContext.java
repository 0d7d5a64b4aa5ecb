package tidemark.api.cpu;

import org.osgi.annotation.versioning.ProviderType;
import tidemark.api.memory.Bus;
import tidemark.api.memory.PhysicalMemory;

/** What a machine gives to the engine of one hart. */
@ProviderType
public interface EngineContext {
    Hart hart();

    PhysicalMemory memory();

    Bus bus();

    /** The value of the {@code time} CSR: mtime. */
    long time();

    /** Called after a write to stimecmp (or to menvcfg.STCE): the machine sets or clears the timer's line and deadline. */
    void timerChanged();
}
