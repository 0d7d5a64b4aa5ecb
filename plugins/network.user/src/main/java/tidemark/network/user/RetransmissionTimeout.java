package tidemark.network.user;

import java.util.concurrent.TimeUnit;

/** How long to wait for an acknowledgment: RFC 6298, section 2. */
final class RetransmissionTimeout {
    private static final long INITIAL = TimeUnit.SECONDS.toNanos(1);
    /** RFC 6298 asks for 1 s and allows less; most hosts take this. */
    private static final long LEAST = TimeUnit.MILLISECONDS.toNanos(200);
    /**
     * RFC 6298 asks for 60 s, for the sake of a congested network. This cable has none; but a guest that was paused should not have to wait after
     * it goes on.
     */
    private static final long MOST = TimeUnit.SECONDS.toNanos(4);
    private static final long GRANULARITY = TimeUnit.MILLISECONDS.toNanos(1);

    private boolean measured;
    private long smoothed;
    private long variation;
    private long base = INITIAL;
    private int backOffs;

    /** A round trip took so long. The segment was sent once only (Karn's algorithm). */
    void sample(long nanos) {
        if (measured) {
            variation += (Math.abs(smoothed - nanos) - variation) / 4;
            smoothed += (nanos - smoothed) / 8;
        } else {
            measured = true;
            variation = nanos / 2;
            smoothed = nanos;
        }
        base = Math.clamp(smoothed + Math.max(GRANULARITY, 4 * variation), LEAST, MOST);
    }

    /** Nothing came in time: twice as long next time. */
    void backOff() {
        backOffs++;
    }

    /** Something new was acknowledged. */
    void progress() {
        backOffs = 0;
    }

    /** How often nothing came in time, since the last progress. */
    int backOffs() {
        return backOffs;
    }

    long nanos() {
        return backOffs > 6 ? MOST : Math.min(MOST, base << backOffs);
    }
}
