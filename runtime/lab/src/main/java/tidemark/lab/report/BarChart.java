package tidemark.lab.report;

import java.util.List;
import tidemark.lab.statistics.Sample;
import tidemark.report.Scale;
import tidemark.report.Svg;

/** Bars in groups, a colour for each series, with error bars of 95 %. */
final class BarChart {
    private static final int WIDTH = 900;
    private static final int HEIGHT = 340;
    private static final int LEFT = 70;
    private static final int RIGHT = 20;
    private static final int TOP = 58;
    private static final int BOTTOM = 44;
    private static final int GRID_LINES = 6;
    private static final double BARS_OF_GROUP = 0.72;
    private static final double CAP = 4;
    /** Distinguishable with any colour vision, in light and dark. */
    private static final String STYLE = """
            .s0 { fill: #8894a0 } .s1 { fill: #d1603d } .s2 { fill: #e0a526 } .s3 { fill: #2a7fb8 } .s4 { fill: #3c9a6b } .s5 { fill: #8a63b8 }
            .error { stroke: currentColor; stroke-width: 1.2 } .axis { stroke: currentColor; opacity: .5 } text { fill: currentColor; font-size: 12px }
            """;
    private static final int COLOURS = 6;
    private static final double[] NICE = {1, 1.5, 2, 3, 4, 5, 6, 8};
    private static final String SECOND = ".second { opacity: .5 }\n";

    private final String title;
    private final String unit;
    private final List<String> groups;
    private final List<String> series;
    private final List<String> methods;

    /**
     * @param series a method, or a method, a comma and what of it
     * @param methods of all figures: a method has one colour in all of them, its second series a lighter one
     */
    BarChart(String title, String unit, List<String> groups, List<String> series, List<String> methods) {
        this.title = title;
        this.unit = unit;
        this.groups = groups;
        this.series = series;
        this.methods = methods;
    }

    /** What a bar of a group and series shows. */
    interface Bars {
        Bar of(String group, String series);
    }

    /**
     * @param value NaN for none
     * @param error the half width of its interval; NaN for none
     * @param least that such a value can have
     */
    record Bar(double value, double error, double least) {
        static final Bar NONE = new Bar(Double.NaN, Double.NaN, 0);

        /** Of what cannot be negative. */
        static Bar of(Sample sample, double factor) {
            return new Bar(sample.mean() * factor, sample.halfWidth() * factor, 0);
        }

        boolean isThere() {
            return !Double.isNaN(value);
        }

        boolean hasError() {
            return error > 0;
        }

        double low() {
            return hasError() ? Math.max(least, value - error) : value;
        }

        double high() {
            return hasError() ? value + error : value;
        }
    }

    String svg(Bars bars) {
        Svg svg = new Svg(WIDTH, HEIGHT, title, STYLE + SECOND);
        double low = 0;
        double high = 0;
        for (String group : groups) {
            for (String one : series) {
                Bar bar = bars.of(group, one);
                if (bar.isThere()) {
                    high = Math.max(high, bar.high());
                    low = Math.min(low, bar.low());
                }
            }
        }
        Scale y = new Scale(low < 0 ? -Scale.niceAbove(-low, NICE) : 0, high <= 0 ? 1 : Scale.niceAbove(high, NICE), HEIGHT - BOTTOM, TOP);
        for (double tick : y.ticks(GRID_LINES)) {
            svg.add("<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>", LEFT, WIDTH - RIGHT, y.at(tick), y.at(tick));
            svg.add("<text class=\"muted\" x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>", LEFT - 8, y.at(tick) + 4, Numbers.of(tick).replaceAll("\\.?0+$", tick == 0 ? "0" : ""));
        }
        svg.add("<text class=\"muted\" x=\"%d\" y=\"%d\">%s</text>", 8, TOP - 16, Svg.escape(unit));
        legend(svg);
        for (int g = 0; g < groups.size(); g++) {
            group(svg, g, bars, y);
        }
        svg.add("<line class=\"axis\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>", LEFT, WIDTH - RIGHT, y.at(0), y.at(0));
        return svg.end();
    }

    private void group(Svg svg, int g, Bars bars, Scale y) {
        double width = (double) (WIDTH - LEFT - RIGHT) / groups.size();
        double bar = width * BARS_OF_GROUP / series.size();
        double x = LEFT + g * width + width * (1 - BARS_OF_GROUP) / 2;
        for (int s = 0; s < series.size(); s++, x += bar) {
            Bar value = bars.of(groups.get(g), series.get(s));
            if (value.isThere()) {
                svg.add("<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"><title>%s, %s: %s</title></rect>", style(s), x + 1, y.at(Math.max(0, value.value())), bar - 2,
                        Math.abs(y.at(value.value()) - y.at(0)), Svg.escape(groups.get(g)), Svg.escape(series.get(s)), Numbers.of(value.value()));
                errorBar(svg, x + bar / 2, value, y);
            }
        }
        svg.add("<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>", LEFT + (g + 0.5) * width, HEIGHT - BOTTOM + 22, Svg.escape(groups.get(g)));
    }

    /** An interval that would go on below what there can be has no cap there. */
    private static void errorBar(Svg svg, double x, Bar bar, Scale y) {
        if (bar.hasError()) {
            svg.add("<line class=\"error\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\"/>", x, x, y.at(bar.low()), y.at(bar.high()));
            cap(svg, x, y.at(bar.high()));
            if (bar.value() - bar.error() >= bar.least()) {
                cap(svg, x, y.at(bar.low()));
            }
        }
    }

    private static void cap(Svg svg, double x, double y) {
        svg.add("<line class=\"error\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\"/>", x - CAP, x + CAP, y, y);
    }

    private void legend(Svg svg) {
        double x = LEFT;
        for (int s = 0; s < series.size(); s++) {
            svg.add("<rect class=\"%s\" x=\"%.1f\" y=\"%d\" width=\"11\" height=\"11\"/>", style(s), x, 8);
            svg.add("<text x=\"%.1f\" y=\"%d\">%s</text>", x + 16, 18, Svg.escape(series.get(s)));
            x += 34 + Svg.CHARACTER * 1.1 * series.get(s).length();
        }
    }

    private String style(int s) {
        String method = series.get(s).split(",")[0];
        boolean second = s > 0 && series.get(s - 1).startsWith(method + ",");
        return "s" + Math.max(0, methods.indexOf(method)) % COLOURS + (second ? " second" : "");
    }
}
