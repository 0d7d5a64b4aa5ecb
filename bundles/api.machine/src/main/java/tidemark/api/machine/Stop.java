package tidemark.api.machine;

import java.time.Duration;

/**
 * One interval in which the guest stood. Times are those of {@link System#nanoTime}.
 *
 * @param requested when the stop was asked for
 * @param stopped when the first hart had executed its last instruction before it
 * @param standing when the last hart had
 * @param resumed when the first hart was about to execute its next instruction
 */
public record Stop(long requested, long stopped, long standing, long resumed) {
    /** Last guest instruction before to first after. */
    public Duration downtime() {
        return Duration.ofNanos(resumed - stopped);
    }

    /** Request to all harts standing. */
    public Duration latency() {
        return Duration.ofNanos(standing - requested);
    }
}
