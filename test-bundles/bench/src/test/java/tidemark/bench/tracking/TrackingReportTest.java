package tidemark.bench.tracking;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintStream;
import java.util.List;
import org.junit.jupiter.api.Test;
import tidemark.api.shell.Screen;
import tidemark.bench.tracking.Series.Turn;
import tidemark.report.Host;

class TrackingReportTest {
    private static final Host HOST = new Host(2, "a processor", 4L << 30, "Linux 6", "a JVM 25");

    private static Series series(String tracker, double... on) {
        List<Turn> turns = java.util.stream.DoubleStream.of(on).mapToObj(mips -> new Turn(1000, 990, mips)).toList();
        return new Series("translator", "storm", tracker, "FIRST_WRITE", turns);
    }

    private static TrackingReport report(Series... series) {
        return new TrackingReport(HOST, 500, 0.5, List.of(series));
    }

    @Test
    void theCostIsTheMedianOfRatiosWithinATurn() {
        Series series = series("writefault", 700, 980, 985, 990, 1200);
        assertEquals(0.015, series.cost(), 1e-9);
        assertEquals(0.99, series.of(Turn::offVsNone).median(), 1e-9);
        assertEquals((0.99 - 0.98) / 2, series.of(Turn::onVsNone).deviation(), 1e-9);
    }

    @Test
    void thePromiseIsThatOfTheTrackerByWriteFaultsAndItsWorstGuestCounts() {
        assertTrue(report(series("writefault", 990), series("card", 500)).verdict().endsWith("at most 1.0 % of the guest's speed (±0.0) outside of checkpoints; "
                + "promised are 3 %: kept"), report(series("writefault", 990)).verdict());
        assertTrue(report(series("writefault", 990), series("writefault", 960)).verdict().contains("4.0 %"));
        assertTrue(report(series("writefault", 960)).verdict().endsWith("NOT KEPT"));
        assertEquals("", report(series("card", 500)).verdict());
    }

    @Test
    void whatDiffersByMoreThanThePromiseDecidesNothing() {
        assertTrue(report(series("writefault", 700, 960, 960, 960, 1200)).verdict().endsWith("NOT KEPT"), "outliers do not count");
        assertTrue(report(series("writefault", 700, 900, 960, 1100, 1200)).verdict().endsWith("cannot be told from so few turns that differ so much"));
        assertTrue(report(series("writefault", 700, 900, 1000, 1100, 1200)).verdict().endsWith("cannot be told from so few turns that differ so much"));
    }

    @Test
    void moreTurnsDecide() {
        double[] turns = java.util.stream.IntStream.range(0, 61).mapToDouble(i -> i % 2 == 0 ? 950 : 1050).toArray();
        assertTrue(report(series("writefault", java.util.Arrays.copyOf(turns, 5))).verdict().contains("cannot be told"));
        turns[60] = 1000;
        assertTrue(report(series("writefault", turns)).verdict().endsWith("kept"), report(series("writefault", turns)).verdict());
    }

    @Test
    void theTableShowsEveryRatioWithItsDeviation() {
        String table = report(series("card", 500, 510, 520)).table().render(Screen.plain(new PrintStream(PrintStream.nullOutputStream())));
        assertTrue(table.lines().toList().get(1).matches("translator +storm +card +first write +1,000 +0.990 ±0.0 % +0.510 ±1.0 % +0.515 ±1.0 % +49.0 %"), table);
    }

    @Test
    void jsonHasTheRatiosAndEveryWindow() {
        String json = report(series("writefault", 980, 990)).json().replaceAll("\\s", "");
        for (String part : List.of("\"promise\":0.03", "\"writefaultCost\":0.01", "\"tracker\":\"writefault\"", "\"mipsOn\":[980.0,990.0]", "\"onVsNone\":0.985",
                "\"othersCpus\":0.5")) {
            assertTrue(json.contains(part), part + " in " + json);
        }
    }
}
