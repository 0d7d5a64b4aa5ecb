package tidemark.contract.run;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How a part kept one promise.
 *
 * @param promise in words
 * @param cases in which it was tried
 * @param broken in which it was not kept
 * @param skipped cases that were not tried
 * @param hint where to look first
 */
record Verdict(String promise, int cases, List<Broken> broken, int skipped, Duration time, Optional<String> hint) {
    /** @param name of the case; empty if there is one only */
    record Broken(String name, Throwable failure) {}

    boolean isKept() {
        return broken.isEmpty() && skipped == 0;
    }
}
