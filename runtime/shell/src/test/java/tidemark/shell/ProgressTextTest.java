package tidemark.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import tidemark.api.checkpoint.Progress;

class ProgressTextTest {
    @Test
    void aRoundShowsWhatIsLeftTheRatesAndTheExpectedDowntime() {
        Progress round2 = new Progress("round", 2, 1234, 140_000, 86_000_000, 5120, 250_000, Duration.ofMillis(5), Duration.ofMillis(321));
        assertEquals("round 2  1,234 pages left  5,120 dirtied/s  1.02 GB/s  expected downtime 5.00 ms  321 ms", ProgressText.of(round2));
    }

    @Test
    void ratesThatAreNotKnownYetAreLeftOut() {
        assertEquals("starting  131,072 pages left  1.00 ms", ProgressText.of(new Progress("starting", 0, 131_072, 0, 0, 0, 0,
                Duration.ZERO, Duration.ofMillis(1))));
    }
}
