package tidemark.api.machine;

import org.osgi.annotation.versioning.ProviderType;

/** A machine held at an instruction boundary. */
@ProviderType
public interface Hold extends AutoCloseable {
    /**
     * Lets the machine go on. Waits for its first instruction if it does run on. Further calls return the same.
     *
     * @return when the guest stood; if something else still holds it, up to now
     */
    Stop release();

    @Override
    default void close() {
        release();
    }
}
