package tidemark.stop.rounds;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
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
        assertEquals(true, stop.reached(progress(1), name -> name.equals("rounds") ? " 1 " : null));
        assertEquals(false, stop.reached(progress(9), name -> "10"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "many", "0", "-1", "1.5"})
    void aNumberThatIsNoneIsRefusedWithWhatWhereAndTheWayOut(String text) {
        String message = assertThrows(IllegalArgumentException.class, () -> stop.reached(progress(1), name -> text)).getMessage();
        assertTrue(message.contains("rounds=" + text + " ")
                && message.contains("stop condition rounds") && message.contains("1 or more"), message);
    }

    private static Progress progress(int round) {
        return new Progress("round", round, 1, 1, 1, 1, 1, Duration.ofSeconds(1), Duration.ofSeconds(1));
    }
}
