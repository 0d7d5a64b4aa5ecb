package tidemark.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class StatisticsTest {
    @Test
    void theMedianIsTheMiddleOrTheMeanOfTheMiddleTwo() {
        assertEquals(3, Statistics.median(9, 1, 3));
        assertEquals(2.5, Statistics.median(List.of(4.0, 1.0, 3.0, 2.0)));
        assertTrue(Double.isNaN(Statistics.median()));
    }

    @Test
    void quantilesAreValuesThatWereMeasured() {
        double[] hundred = java.util.stream.IntStream.rangeClosed(1, 100).mapToDouble(i -> 101 - i).toArray();
        assertEquals(50, Statistics.quantile(0.5, hundred));
        assertEquals(99, Statistics.quantile(0.99, hundred));
        assertEquals(100, Statistics.quantile(0.999, hundred));
        assertEquals(1, Statistics.quantile(0, hundred));
        assertEquals(7, Statistics.quantile(0.99, 7));
    }

    @Test
    void theGeometricMeanOfRatiosDoesNotDependOnWhichWayTheyAre() {
        assertEquals(4, Statistics.geometricMean(2, 8), 1e-12);
        assertEquals(0.25, Statistics.geometricMean(1.0 / 2, 1.0 / 8), 1e-12);
    }

    @Test
    void theSpreadIsHalfOfTheRangeAsAShareOfTheMedian() {
        assertEquals(0.1, Statistics.spread(90, 100, 110), 1e-12);
        assertEquals(0, Statistics.spread(5));
    }
}
