package tidemark.contract.run;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import tidemark.contract.OutOfTime;

/**
 * How a part kept one promise.
 *
 * @param promise in words
 * @param cases in which it was tried
 * @param broken in which it was not kept
 * @param skipped cases that were not tried
 * @param hint where to look first
 * @param others which share of the host's CPUs other processes kept busy meanwhile; NaN if that is not known
 */
record Verdict(String promise, int cases, List<Broken> broken, int skipped, Duration time, Optional<String> hint, double others) {
    /** A part that shares the host with others in this way may run out of time without a fault of its own. */
    private static final double BUSY = 0.5;

    /** @param name of the case; empty if there is one only */
    record Broken(String name, Throwable failure) {
        /** The second is how JUnit ends a case that has a time limit. */
        boolean isOutOfTime() {
            return failure instanceof OutOfTime || failure instanceof TimeoutException;
        }
    }

    boolean isKept() {
        return broken.isEmpty() && skipped == 0;
    }

    /** Whether nobody can say if it was kept: only time ran out, and others had the host. */
    boolean isUndecided() {
        return !broken.isEmpty() && others >= BUSY && broken.stream().allMatch(Broken::isOutOfTime);
    }
}
