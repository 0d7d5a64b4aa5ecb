package tidemark.device.rtc;

import java.time.Clock;
import java.time.Instant;
import tidemark.api.device.DeviceContext;
import tidemark.api.state.State;
import tidemark.api.state.StateException;

/**
 * What time it is for the guest, in ns since 1970. Option {@code time}: {@code host}, that of the host, also after the machine stood or was restored; or {@code stopped}:
 * it passes as mtime does, so that for a restored guest it goes on from where it was.
 */
final class WallTime {
    static final String OPTION = "time";
    static final long NANOS_PER_TICK = 1_000_000_000 / tidemark.api.device.Clock.FREQUENCY;
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private final tidemark.api.device.Clock machine;
    private final Clock host;
    private final boolean stopped;
    /** What is added to the host's time, or to mtime. */
    private long offset;

    private WallTime(tidemark.api.device.Clock machine, Clock host, boolean stopped) {
        this.machine = machine;
        this.host = host;
        this.stopped = stopped;
        reset();
    }

    /** @throws IllegalArgumentException if the option has another value */
    static WallTime of(DeviceContext context, Clock host) {
        String time = context.options().getOrDefault(OPTION, "host");
        return switch (time) {
            case "host" -> new WallTime(context.clock(), host, false);
            case "stopped" -> new WallTime(context.clock(), host, true);
            default -> throw new IllegalArgumentException("Device " + context.name() + ": time=" + time + " is unknown; give time=host or time=stopped");
        };
    }

    /** That of the host. */
    void reset() {
        offset = stopped ? hostTime() - source() : 0;
    }

    long now() {
        return source() + offset;
    }

    void set(long nanos) {
        offset = nanos - source();
    }

    private long source() {
        return stopped ? machine.mtime() * NANOS_PER_TICK : hostTime();
    }

    private long hostTime() {
        Instant now = host.instant();
        return now.getEpochSecond() * NANOS_PER_SECOND + now.getNano();
    }

    void save(State state) {
        state.put("stopped", stopped).put("offset", offset);
    }

    /** The time of a clock that ran the other way is not in its state: then it is that of the host. */
    void load(State state) throws StateException {
        boolean same = state.getBoolean("stopped") == stopped;
        long saved = state.getLong("offset");
        if (same) {
            offset = saved;
        } else {
            reset();
        }
    }
}
