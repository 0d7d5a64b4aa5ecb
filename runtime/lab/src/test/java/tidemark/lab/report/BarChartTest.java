package tidemark.lab.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tidemark.lab.report.BarChart.Bar;
import tidemark.lab.statistics.Sample;

class BarChartTest {
    private static final Pattern TICK = Pattern.compile("text-anchor=\"end\">(-?[\\d.]+)</text>");

    private static String chart(Bar bar) {
        return new BarChart("t", "s", List.of("EP.W"), List.of("stop"), List.of("control", "stop")).svg((group, series) -> bar);
    }

    private static double least(String svg) {
        return TICK.matcher(svg).results().mapToDouble(match -> Double.parseDouble(match.group(1))).min().orElseThrow();
    }

    private static long lines(String svg) {
        return Pattern.compile("class=\"error\"").matcher(svg).results().count();
    }

    @Test
    void aDifferencesIntervalIsShownWholeAlsoBelowZero() {
        String svg = chart(new Bar(1, 11, Double.NEGATIVE_INFINITY));
        assertTrue(least(svg) <= -10, svg);
        assertEquals(3, lines(svg), "with a cap at both ends");
    }

    @Test
    void whatCannotBeNegativeHasAnIntervalThatIsOpenAtZero() {
        String svg = chart(Bar.of(new Sample("stop", 0.1, 0.2, 3), 1));
        assertEquals(0, least(svg));
        assertEquals(2, lines(svg), "without a cap there");
    }

    @Test
    void oneRunHasNoInterval() {
        assertEquals(0, lines(chart(Bar.of(new Sample("stop", 2), 1))));
    }
}
