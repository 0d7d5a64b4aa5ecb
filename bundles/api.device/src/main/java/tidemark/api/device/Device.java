package tidemark.api.device;

import org.osgi.annotation.versioning.ConsumerType;
import tidemark.api.memory.BusFault;
import tidemark.api.state.State;
import tidemark.api.state.StateException;

/**
 * A memory-mapped device of one machine. Owns its registers. {@link #load} and {@link #store} come from hart threads, several at once when the machine has
 * several harts; timers and host input from other threads: a device guards its own state. Nothing here may block.
 */
@ConsumerType
public interface Device extends AutoCloseable {
    /**
     * @param offset from the start of the device's window
     * @param size 1, 2, 4 or 8 bytes; the offset is a multiple of it
     * @return the value, zero-extended
     * @throws BusFault for an offset or size that the datasheet does not have; never a silent zero
     */
    long load(long offset, int size) throws BusFault;

    /** @param value its low {@code size} bytes count */
    void store(long offset, int size, long value) throws BusFault;

    /** As after power-on. While no hart runs. */
    void reset();

    /** Everything that the guest could ever see of this device, under {@code context.name()}. While no hart runs. */
    State save();

    /**
     * Takes over a saved state, drives its interrupt lines and sets its timers accordingly. While no hart runs. The device is unchanged if that fails.
     */
    void load(State state) throws StateException;

    @Override
    void close();
}
