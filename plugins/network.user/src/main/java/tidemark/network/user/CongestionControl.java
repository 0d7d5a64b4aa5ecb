package tidemark.network.user;

/** How much may be on its way: slow start, congestion avoidance, fast retransmit (RFC 5681) and fast recovery (NewReno, RFC 6582). Amounts in bytes. */
final class CongestionControl {
    private static final int DUPLICATES = 3;
    /** RFC 6928. */
    private static final int INITIAL_SEGMENTS = 10;

    private final int segment;
    private int window;
    private int threshold = Integer.MAX_VALUE;
    /** Acknowledged in congestion avoidance since the window grew (RFC 3465). */
    private int counted;
    private int duplicates;
    private boolean recovering;
    /** What was sent when the last loss was found: a loss before it is the same event. */
    private int recover;

    CongestionControl(int segment, int initialSequence) {
        this.segment = segment;
        window = INITIAL_SEGMENTS * segment;
        recover = initialSequence;
    }

    int window() {
        return window;
    }

    /**
     * New data was acknowledged.
     *
     * @param acknowledgment up to here
     * @param flight what is on its way still
     * @return whether the first segment on its way is lost too and must be sent again
     */
    boolean acknowledged(int acknowledgment, int bytes, int flight) {
        duplicates = 0;
        if (!recovering) {
            recover = Seq.max(recover, acknowledgment - 1); // else it would lie in the future after 2 GiB
            grow(bytes);
            return false;
        }
        recovering = Seq.before(acknowledgment, recover);
        if (recovering) {
            window = Math.max(segment, window - bytes + (bytes >= segment ? segment : 0));
        } else {
            window = Math.min(threshold, Math.max(flight, segment) + segment);
        }
        return recovering;
    }

    private void grow(int bytes) {
        if (window < threshold) {
            window += Math.min(bytes, 2 * segment);
        } else {
            counted += bytes;
            if (counted >= window) {
                counted -= window;
                window += segment;
            }
        }
        window = Math.min(window, SequenceBuffer.CAPACITY);
    }

    /**
     * The guest acknowledged the same again: something arrived, but not what is next.
     *
     * @param sent the first sequence number that was never sent
     * @return whether the first segment on its way is lost and must be sent again
     */
    boolean duplicate(int acknowledgment, int flight, int sent) {
        duplicates++;
        if (recovering) {
            window = Math.min(window + segment, 2 * SequenceBuffer.CAPACITY);
            return false;
        }
        if (duplicates != DUPLICATES || !Seq.after(acknowledgment, recover)) {
            return false;
        }
        recovering = true;
        recover = sent;
        threshold = Math.max(flight / 2, 2 * segment);
        window = threshold + DUPLICATES * segment;
        return true;
    }

    /** Nothing was acknowledged in time. */
    void timedOut(int flight, int sent) {
        recovering = false;
        duplicates = 0;
        recover = sent;
        threshold = Math.max(flight / 2, 2 * segment);
        window = segment;
        counted = 0;
    }
}
