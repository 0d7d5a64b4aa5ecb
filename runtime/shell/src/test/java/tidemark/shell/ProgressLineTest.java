package tidemark.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import tidemark.api.checkpoint.Progress;

class ProgressLineTest {
    private static final Progress ROUND_2 = new Progress("round", 2, 1234, 140_000, 86_000_000, 5120, 250_000, Duration.ofMillis(5),
            Duration.ofMillis(321));
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    private String written() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aRoundShowsWhatIsLeftTheRatesAndTheExpectedDowntime() {
        assertEquals("round 2  1,234 pages left  5,120 dirtied/s  1.02 GB/s  expected downtime 5.00 ms  321 ms",
                ProgressLine.text(ROUND_2));
    }

    @Test
    void ratesThatAreNotKnownYetAreLeftOut() {
        assertEquals("starting  131,072 pages left  1.00 ms", ProgressLine.text(new Progress("starting", 0, 131_072, 0, 0, 0, 0,
                Duration.ZERO, Duration.ofMillis(1))));
    }

    @Test
    void theLineFitsTheTerminalAndIsTakenAway() {
        try (ProgressLine line = new ProgressLine(new Screen(out, true, true, () -> 40), "cg thread")) {
            line.accept(ROUND_2);
        }
        String text = written();
        assertTrue(text.startsWith("\rcg thread  round 2  1,234 pages left  5\u001b[K"), text);
        assertTrue(text.endsWith("\r\u001b[K"), text);
    }

    @Test
    void nothingIsWrittenWhereALineCannotBeRewritten() {
        try (ProgressLine line = new ProgressLine(Screen.plain(out), "cg thread")) {
            line.accept(ROUND_2);
        }
        assertEquals("", written());
    }
}
