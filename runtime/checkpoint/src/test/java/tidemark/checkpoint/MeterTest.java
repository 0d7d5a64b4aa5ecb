package tidemark.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class MeterTest {
    private static final long MS = 1_000_000;

    @Test
    void pagesOfZerosDoNotMakeCopyingLookFast() {
        Meter meter = new Meter();
        meter.beginRound(100_000, false);
        meter.copied(99_900, 0, 1);
        meter.copied(100, 100, 1);
        meter.busy(20 * MS);
        meter.endRound();
        assertEquals(5_000, meter.progress(0).pagesPerSecond());
        assertEquals(Duration.ofMillis(40), meter.progress(200).expectedDowntime());
    }

    @Test
    void nothingIsExpectedBeforeAnythingWasCopied() {
        assertEquals(0, new Meter().progress(200).pagesPerSecond());
    }
}
