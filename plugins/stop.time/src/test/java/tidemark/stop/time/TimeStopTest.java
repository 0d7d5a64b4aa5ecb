package tidemark.stop.time;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tidemark.api.checkpoint.Progress;

class TimeStopTest {
    private final TimeStop stop = new TimeStop();

    @ParameterizedTest
    @CsvSource({"0, false", "9999, false", "10000, true", "20000, true"})
    void itIsReachedAfterTenSecondsUnlessToldOtherwise(long elapsedMs, boolean reached) {
        assertEquals(reached, stop.reached(progress(elapsedMs), name -> stop.options().getFirst().absent()));
    }

    @Test
    void theTimeIsTheOption() {
        assertEquals("copyTimeLimitMs", stop.options().getFirst().name());
        assertEquals(true, stop.reached(progress(100), name -> name.equals("copyTimeLimitMs") ? 100 : 0));
        assertEquals(true, stop.reached(progress(0), name -> 0));
    }

    private static Progress progress(long elapsedMs) {
        return new Progress("round", 1, 1, 1, 1, 1, 1, Duration.ofSeconds(1), Duration.ofMillis(elapsedMs));
    }
}
