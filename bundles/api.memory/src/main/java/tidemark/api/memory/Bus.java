package tidemark.api.memory;

import org.osgi.annotation.versioning.ProviderType;

/**
 * What a hart reaches outside of RAM: memory-mapped devices by physical address. Called on hart threads. {@code size} is 1, 2, 4 or 8 bytes.
 * Before each call the engine has brought {@code hart.instret} up to date and afterwards it polls {@code hart.attention} before the next instruction.
 */
@ProviderType
public interface Bus {
    /** @return the value, zero-extended */
    long load(long physical, int size) throws BusFault;

    /** @param value its low {@code size} bytes count */
    void store(long physical, int size, long value) throws BusFault;
}
