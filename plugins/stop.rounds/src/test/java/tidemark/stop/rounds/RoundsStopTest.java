package tidemark.stop.rounds;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tidemark.api.checkpoint.Progress;

class RoundsStopTest {
    private final RoundsStop stop = new RoundsStop();

    @ParameterizedTest
    @CsvSource({"1, false", "2, false", "3, true", "4, true"})
    void itIsReachedAfterThreeRoundsUnlessToldOtherwise(int round, boolean reached) {
        assertEquals(reached, stop.reached(progress(round), name -> stop.options().getFirst().absent()));
    }

    @Test
    void theNumberOfRoundsIsTheOption() {
        assertEquals("rounds", stop.options().getFirst().name());
        assertEquals(true, stop.reached(progress(1), name -> name.equals("rounds") ? 1 : 0));
        assertEquals(false, stop.reached(progress(9), name -> 10));
    }

    private static Progress progress(int round) {
        return new Progress("round", round, 1, 1, 1, 1, 1, Duration.ofSeconds(1), Duration.ofSeconds(1));
    }
}
