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

    /**
     * Offers an ECALL from S-mode to the machine's firmware, if that is the platform's own. {@code hart.pc} is that of the ECALL. If it is taken, the firmware
     * has changed the hart as the call demands, pc included, and the ECALL counts as retired. Interrupts and {@link Hart#attention} are seen before the next
     * instruction: firmware that must keep the hart from going on asks for attention.
     *
     * @return whether it was taken; if not, it is an exception like any other
     */
    boolean environmentCall();
}
