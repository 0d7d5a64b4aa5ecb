package tidemark.api.cpu;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Executes one hart. It keeps nothing but caches that can be thrown away: the architectural state is the {@link Hart}'s and RAM's. All methods
 * are called by one thread at a time, {@link #run} on the hart's thread.
 *
 * <p>Where interrupts are seen is a function of the instruction stream alone, so that a run that counts instructions as
 * its clock repeats to the bit: at entry to {@link #run}; after each instruction that accessed the bus, a CSR or returned from a trap. {@link Hart#attention}
 * is polled there and at every taken control transfer; between two polls lie at most some thousands of instructions.
 */
@ConsumerType
public interface ExecutionEngine extends AutoCloseable {
    /**
     * Takes a pending interrupt that is enabled, then executes. Brings {@code hart.instret} and all other state of the hart up to date
     * before it returns and before every call to the bus or {@link EngineContext}.
     *
     * @param instructions retires at most this many, exactly this many unless it returns for another reason; an instruction
     *     that traps is not retired but counts as one here, so that a trap loop ends too
     */
    Exit run(long instructions);

    /**
     * How many instructions it has retired in code that it made of the guest's, not one by one, since it was made. Any thread: may be some milliseconds
     * old while the hart runs.
     */
    default long translated() {
        return 0;
    }

    /** Forgets every cached host address for writing, so that the next write to any page goes through {@code PhysicalMemory.writable}. */
    void flushWrites();

    /** Forgets address translations, as SFENCE.VMA of all addresses does. */
    default void flushTranslations() {
        flushAll();
    }

    /** Forgets everything derived from RAM or the hart: address translations, decoded or translated code. */
    void flushAll();

    @Override
    void close();
}
