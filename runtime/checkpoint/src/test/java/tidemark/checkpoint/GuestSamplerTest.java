package tidemark.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import tidemark.api.checkpoint.CheckpointReport.Sample;
import tidemark.checkpoint.GuestSampler.Point;

class GuestSamplerTest {
    private static final long MS = 1_000_000;

    private static Point point(long ms, long instructions) {
        return new Point(ms * MS, instructions, 0);
    }

    private static Sample sample(long ms, double mips) {
        return new Sample(Duration.ofMillis(ms), mips);
    }

    @Test
    void samplesAreRatesSinceTheOneBeforeAtTimesSinceTheRequest() {
        List<Point> points = List.of(point(90, 0), point(100, 1_000_000), point(110, 1_500_000));
        assertEquals(List.of(sample(0, 100), sample(10, 50)), GuestSampler.samples(points, 100 * MS, List.of()));
    }

    @Test
    void theTimeInWhichTheGuestStoodForTheOracleIsInNoSample() {
        List<Point> points = List.of(point(100, 0), point(110, 1_000_000), point(200, 1_200_000), point(300, 1_200_000),
                point(420, 1_600_000), point(430, 2_600_000));
        List<Meter.Span> oracle = List.of(new Meter.Span(112 * MS, 412 * MS));
        assertEquals(List.of(sample(10, 100), sample(12, 100), sample(20, 50), sample(30, 100)), GuestSampler.samples(points, 100 * MS,
                oracle));
    }
}
