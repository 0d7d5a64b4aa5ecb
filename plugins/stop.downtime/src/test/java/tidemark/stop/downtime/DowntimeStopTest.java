package tidemark.stop.downtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tidemark.api.checkpoint.Progress;

class DowntimeStopTest {
    private final DowntimeStop stop = new DowntimeStop();

    @ParameterizedTest
    @CsvSource({"100, 10000, 29.999, true", "100, 10000, 30, true", "100, 10000, 30.001, false", "0, 10000, 0, true"})
    void itIsReachedWhenTheRestFitsIntoTheLimit(long pending, double rate, double downtimeMs, boolean reached) {
        assertEquals(reached, stop.reached(progress(pending, rate, downtimeMs), name -> stop.options().getFirst().absent()));
    }

    @Test
    void itIsNotReachedBeforeTheRateIsKnownUnlessNothingIsLeft() {
        assertEquals(false, stop.reached(progress(100, 0, 0), name -> 30));
        assertEquals(true, stop.reached(progress(0, 0, 0), name -> 30));
    }

    @Test
    void theLimitIsTheOption() {
        assertEquals("downtimeLimitMs", stop.options().getFirst().name());
        assertEquals(true, stop.reached(progress(100, 1000, 99), name -> name.equals("downtimeLimitMs") ? 100 : 0));
        assertEquals(false, stop.reached(progress(100, 1000, 1), name -> 0));
    }

    private static Progress progress(long pending, double rate, double downtimeMs) {
        return new Progress("round", 1, pending, 1, 1, 1, rate, Duration.ofNanos((long) (downtimeMs * 1e6)), Duration.ofSeconds(1));
    }
}
