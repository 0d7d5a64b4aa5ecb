package tidemark.api.device;

import org.osgi.annotation.versioning.ProviderType;

/** The machine's clock: host time or counted instructions; stands still while the machine is paused. */
@ProviderType
public interface Clock {
    /** Ticks of mtime per second. */
    long FREQUENCY = 10_000_000;

    /** mtime, in ticks. Any thread. */
    long mtime();

    /** Sets mtime. On a hart thread, or while no hart runs. */
    void mtime(long value);
}
