package tidemark.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import tidemark.api.checkpoint.CheckpointReport;
import tidemark.api.checkpoint.CheckpointRequest;
import tidemark.api.machine.Stop;

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

    private static GuestSampler.Point point(long ms, long millionInstructions) {
        return new GuestSampler.Point(ms * MS, millionInstructions * 1_000_000, ms * MS);
    }

    /** Of a guest that ran at 100 MIPS before and after; it stood from 300 to 500 ms. */
    private static CheckpointReport reportOfASecond(long millionInstructions) {
        return reportOfASecond(millionInstructions, 1000);
    }

    /** @param after milliseconds for which the guest ran on at 100 MIPS until it ended */
    private static CheckpointReport reportOfASecond(long millionInstructions, long after) {
        Surroundings surroundings = new Surroundings(point(-1000, 0));
        surroundings.begin(point(0, 100));
        Meter meter = new Meter();
        meter.request(point(0, 100));
        meter.stopped("pause", new Stop(300 * MS, 300 * MS, 300 * MS, 500 * MS), 0);
        meter.durable(1, point(1000, 100 + millionInstructions));
        surroundings.after(point(1100, 600), point(1100 + after, 600 + after / 10));
        return meter.report(CheckpointRequest.of("vm", Path.of("image"), "own"), surroundings, Duration.ZERO, List.of());
    }

    @Test
    void progressIsWhatTheGuestDidOfWhatItWouldHave() {
        CheckpointReport report = reportOfASecond(60);
        assertEquals(60, report.progressPercent(), 1e-9);
        assertEquals(75, report.conditions().mipsDuring(), 1e-9);
        assertEquals(1, report.conditions().hartCpusBeside(), 1e-9);
        assertFalse(report.conditions().isPaceChanged());
    }

    @Test
    void aGuestThatEndedSoonAfterHadItsRateUntilThen() {
        for (long after : new long[] {480, 10, 0}) {
            CheckpointReport report = reportOfASecond(60, after);
            assertEquals(60, report.progressPercent(), 1e-9);
            assertFalse(report.conditions().isPaceChanged());
        }
    }

    @Test
    void aGuestThatBecameFasterMeanwhileHasNoMoreProgressThanItHadTimeAndIsMarked() {
        CheckpointReport report = reportOfASecond(383);
        assertEquals(80, report.progressPercent(), 1e-9);
        assertEquals(383, report.conditions().countedPercent(), 1e-9);
        assertTrue(report.conditions().mark().endsWith("pace changed, cut from 383 %"), report.conditions().mark());
    }

    @Test
    void aGuestThatWasALittleFasterMeanwhileIsMarkedToo() {
        CheckpointReport report = reportOfASecond(101);
        assertEquals(80, report.progressPercent(), 1e-9);
        assertTrue(report.conditions().mark().endsWith("cut from 101 %"), report.conditions().mark());
    }

    @Test
    void nothingIsExpectedBeforeAnythingWasCopied() {
        assertEquals(0, new Meter().progress(200).pagesPerSecond());
    }
}
