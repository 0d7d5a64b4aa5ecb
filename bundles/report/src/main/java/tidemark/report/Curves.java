package tidemark.report;

import static tidemark.report.Svg.escape;
import static tidemark.report.Svg.number;

import java.util.List;
import java.util.Locale;

/**
 * Rates over time as SVG: panels in two columns, each with a curve for everyone who is compared. The same name has the same colour in every panel.
 *
 * @param time the unit of time
 * @param rate the unit of rates
 */
public record Curves(String title, String time, String rate, List<Panel> panels) {
    private static final int WIDTH = 1160;
    private static final int COLUMNS = 2;
    private static final int COLUMN = WIDTH / COLUMNS;
    private static final int LEFT = 58;
    private static final int RIGHT = 14;
    private static final int TOP = 32;
    private static final int PLOT = 130;
    private static final int PANEL = TOP + PLOT + 46;
    private static final int LEGEND = 30;
    private static final int COLOURS = 6;
    private static final String STYLE = Resource.text(Curves.class, "curves.css");

    /** @param until where its axis of time ends */
    public record Panel(String title, double until, List<Curve> curves) {}

    /** @param steps in the order of time */
    public record Curve(String name, List<Step> steps) {}

    /** A rate that held from the step before, or from 0, to {@code until}. */
    public record Step(double until, double rate) {}

    /** The document. */
    public String svg() {
        int rows = Math.ceilDiv(panels.size(), COLUMNS);
        Svg svg = new Svg(WIDTH, LEGEND + PANEL * rows, title, STYLE);
        legend(svg);
        for (int i = 0; i < panels.size(); i++) {
            svg.add("<g transform=\"translate(%d %d)\">", i % COLUMNS * COLUMN, LEGEND + i / COLUMNS * PANEL);
            panel(svg, panels.get(i));
            svg.add("</g>");
        }
        return svg.end();
    }

    private List<String> names() {
        return panels.stream().flatMap(panel -> panel.curves.stream()).map(Curve::name).distinct().toList();
    }

    private void legend(Svg svg) {
        double x = LEFT;
        for (String name : names()) {
            svg.add("<path class=\"curve %s\" d=\"M%.1f 10h18\"/><text x=\"%.1f\" y=\"14\">%s</text>", colour(name), x, x + 24, escape(name));
            x += 24 + name.length() * Svg.CHARACTER + 24;
        }
        svg.add("<text class=\"muted\" x=\"%d\" y=\"14\" text-anchor=\"end\">%s over %s</text>", WIDTH - RIGHT, escape(rate), escape(time));
    }

    private String colour(String name) {
        return "c" + names().indexOf(name) % COLOURS;
    }

    private void panel(Svg svg, Panel panel) {
        double most = panel.curves.stream().flatMap(curve -> curve.steps.stream()).mapToDouble(Step::rate).max().orElse(1);
        Scale x = new Scale(0, panel.until, LEFT, COLUMN - RIGHT);
        Scale y = new Scale(0, Scale.niceAbove(most, 1, 1.5, 2, 3, 4, 5, 6, 8), TOP + PLOT, TOP);
        svg.add("<text class=\"title\" x=\"%d\" y=\"20\">%s</text>", LEFT, escape(panel.title));
        for (double tick : new double[] {0, y.to() / 2, y.to()}) {
            svg.add("<path class=\"grid\" d=\"M%d %.1fH%d\"/><text class=\"muted\" x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>", LEFT,
                    y.at(tick), COLUMN - RIGHT, LEFT - 7, y.at(tick) + 4, number(tick));
        }
        for (double tick : x.ticks(8)) {
            svg.add("<path class=\"grid\" d=\"M%.1f %.1fv4\"/><text class=\"muted\" x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>",
                    x.at(tick), y.at(0), x.at(tick), TOP + PLOT + 17, number(tick));
        }
        panel.curves.forEach(curve -> curve(svg, curve, x, y));
    }

    /** What lies behind the end of time is cut off. */
    private void curve(Svg svg, Curve curve, Scale x, Scale y) {
        StringBuilder path = new StringBuilder();
        double from = 0;
        for (Step step : curve.steps) {
            if (from >= x.to()) {
                break;
            }
            path.append(String.format(Locale.ROOT, "%s%.1f %.1fH%.1f", path.isEmpty() ? "M" : "L", x.at(from), y.at(step.rate),
                    x.at(Math.min(step.until, x.to()))));
            from = step.until;
        }
        if (!path.isEmpty()) {
            svg.add("<path class=\"curve %s\" d=\"%s\"><title>%s</title></path>", colour(curve.name), path, escape(curve.name));
        }
    }
}
