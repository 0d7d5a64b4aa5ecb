package tidemark.shell.demo;

import static tidemark.api.shell.Units.bytes;
import static tidemark.api.shell.Units.count;
import static tidemark.api.shell.Units.percent;
import static tidemark.api.shell.Units.time;
import static tidemark.report.Svg.CHARACTER;
import static tidemark.report.Svg.escape;
import static tidemark.report.Svg.number;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import tidemark.api.checkpoint.CheckpointReport;
import tidemark.api.checkpoint.CheckpointReport.Pause;
import tidemark.api.checkpoint.CheckpointReport.Round;
import tidemark.api.checkpoint.CheckpointReport.Sample;
import tidemark.report.Resource;
import tidemark.report.Scale;
import tidemark.report.Svg;

/**
 * Checkpoints drawn over time, as SVG: how fast the guest computed, when it stood, what was copied meanwhile. One panel each, below one
 * another.
 */
final class Timeline {
    private static final int WIDTH = 1160;
    private static final int LEFT = 58;
    private static final int RIGHT = 14;
    private static final int PLOT_TOP = 41;
    private static final int PLOT = 104;
    private static final int ROUNDS_TOP = PLOT_TOP + PLOT + 6;
    private static final int ROUNDS = 34;
    private static final int AXIS_TOP = ROUNDS_TOP + ROUNDS;
    private static final int PANEL = AXIS_TOP + 44;
    private static final int LEGEND = 26;
    /** How many times as long as the shortest the longest may be for all to share one scale of time. */
    private static final double SAME_SCALE = 5;
    private static final String STYLE = Resource.text(Timeline.class, "timeline.css");

    private final Svg svg;
    private final double topMips;
    private final boolean sameScale;
    private final double earliest;
    private final double latest;

    private Timeline(List<CheckpointReport> reports) {
        svg = new Svg(WIDTH, LEGEND + PANEL * reports.size(), "Checkpoints over time", STYLE);
        topMips = Scale.niceAbove(reports.stream().flatMap(r -> r.samples().stream()).mapToDouble(Sample::mips).max().orElse(1),
                1, 1.5, 2, 3, 4, 5, 6, 8);
        double longest = reports.stream().mapToDouble(r -> end(r) - begin(r)).max().orElse(1);
        sameScale = reports.stream().allMatch(r -> (end(r) - begin(r)) * SAME_SCALE >= longest);
        earliest = reports.stream().mapToDouble(Timeline::begin).min().orElse(0);
        latest = reports.stream().mapToDouble(Timeline::end).max().orElse(1);
    }

    /** An SVG document, to stand in a page or alone. */
    static String of(List<CheckpointReport> reports) {
        Timeline timeline = new Timeline(reports);
        timeline.legend();
        for (int i = 0; i < reports.size(); i++) {
            timeline.add("<g transform=\"translate(0 %d)\">", LEGEND + i * PANEL);
            timeline.panel(reports.get(i));
            timeline.add("</g>");
        }
        return timeline.svg.end();
    }

    private void legend() {
        legend(0, "<path class=\"area\" d=\"M0 5h14v10h-14z\"/><path class=\"guest\" d=\"M0 5h14\"/>", "guest's rate, MIPS");
        legend(140, "<path class=\"still\" d=\"M0 10h16\"/>", "undisturbed");
        legend(244, "<path class=\"stood\" d=\"M4 4h8v12h-8z\"/>", "the guest stands");
        legend(378, "<path class=\"round\" d=\"M0 4h16v12h-16z\"/>", "a round of copying while it runs");
        legend(590, "<path class=\"last\" d=\"M0 4h16v12h-16z\"/>", "while it stands");
        legend(700, "<path class=\"end\" d=\"M10 4v12\"/>", "request; durable image");
        add("<text class=\"muted\" x=\"%d\" y=\"14\" text-anchor=\"end\">%s</text>", WIDTH - RIGHT,
                sameScale ? "one scale of time" : "each with its own scale of time");
    }

    private void legend(int x, String sign, String text) {
        add("<g transform=\"translate(%d 0)\">%s<text class=\"muted\" x=\"22\" y=\"14\">%s</text></g>", LEFT + x, sign, text);
    }

    private void panel(CheckpointReport r) {
        Scale scale = new Scale(sameScale ? earliest : begin(r), sameScale ? latest : end(r), LEFT, WIDTH - RIGHT);
        add("<text class=\"title\" x=\"%d\" y=\"20\">%s</text>", LEFT, escape(r.request().protocol()));
        String figures = String.format("latency %s · stood %s in %s, longest %s · progress %s · %s pages in %s · image %s%s",
                time(r.latency()), time(r.downtimeTotal()), many(r.pauses().size(), "pause"), time(r.downtimeLongest()),
                percent(r.progressPercent()), count(r.pagesCopied()), many(r.rounds(), "round"), bytes(r.imageBytes()),
                r.conditions().doubts().isEmpty() ? "" : " · " + r.conditions().mark());
        add("<text class=\"muted\" x=\"%.1f\" y=\"20\">%s</text>", LEFT + 14 + r.request().protocol().length() * 8.2, figures);
        rates(r, scale);
        r.pauses().forEach(pause -> stood(pause, scale));
        longest(r, scale);
        for (double at : new double[] {0, ms(r.latency())}) {
            add("<path class=\"end\" d=\"M%.1f %dV%d\"/>", scale.at(at), PLOT_TOP, ROUNDS_TOP + 16);
        }
        rounds(r.roundList(), scale);
        axis(scale);
    }

    private void rates(CheckpointReport r, Scale scale) {
        for (double mips : new double[] {0, topMips / 2, topMips}) {
            add("<path class=\"grid\" d=\"M%d %.1fH%d\"/><text class=\"muted\" x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>", LEFT,
                    y(mips), WIDTH - RIGHT, LEFT - 7, y(mips) + 4, number(mips));
        }
        StringBuilder line = new StringBuilder();
        List<Sample> samples = r.samples();
        for (int i = 1; i < samples.size(); i++) {
            double from = scale.at(ms(samples.get(i - 1).at()));
            line.append(String.format(Locale.ROOT, "%s%.1f %.1fH%.1f", i == 1 ? "M" : "L", from, y(samples.get(i).mips()),
                    scale.at(ms(samples.get(i).at()))));
        }
        if (samples.size() > 1) {
            add("<path class=\"area\" d=\"%sV%.1fH%.1fZ\"/>", line, y(0), scale.at(ms(samples.getFirst().at())));
            add("<path class=\"guest\" d=\"%s\"/>", line);
        }
        add("<path class=\"still\" d=\"M%.1f %.1fH%.1f\"/>", scale.at(begin(r)), y(r.undisturbedMips()), scale.at(end(r)));
    }

    private void stood(Pause pause, Scale scale) {
        double x = scale.at(ms(pause.begin()));
        double width = Math.max(1, scale.at(ms(pause.begin()) + ms(pause.length())) - x);
        add("<rect class=\"stood\" x=\"%.2f\" y=\"%d\" width=\"%.2f\" height=\"%d\"><title>%s: stood for %s at %s</title></rect>", x,
                PLOT_TOP, width, PLOT, escape(pause.kind()), time(pause.length()), time(pause.begin()));
    }

    private void longest(CheckpointReport r, Scale scale) {
        r.pauses().stream().max(Comparator.comparing(Pause::length)).ifPresent(pause -> {
            double end = scale.at(ms(pause.begin()) + ms(pause.length()));
            boolean left = end > WIDTH - RIGHT - 60;
            add("<text x=\"%.1f\" y=\"%d\" text-anchor=\"%s\">%s</text>", left ? end : scale.at(ms(pause.begin())), PLOT_TOP - 3, left
                    ? "end" : "start", time(pause.length()));
        });
    }

    private void rounds(List<Round> rounds, Scale scale) {
        List<Round> narrow = new ArrayList<>();
        for (Round round : rounds) {
            double x = scale.at(ms(round.begin()));
            double width = Math.max(1, scale.at(ms(round.begin()) + ms(round.length())) - x);
            String after = round.paused() ? "" : ", then " + count(round.dirtyAfter()) + " dirty";
            add("<rect class=\"%s\" x=\"%.2f\" y=\"%d\" width=\"%.2f\" height=\"14\"><title>round %d: %s pages, %s in %s%s</title></rect>",
                    round.paused() ? "last" : "round", x, ROUNDS_TOP, width, round.number(), count(round.pages()), bytes(round.bytes()),
                    time(round.length()), after);
            String text = round.number() + ": " + count(round.pages()) + " pages";
            if (rounds.size() == 1 || text.length() * CHARACTER <= width) {
                label(narrow, scale);
                narrow.clear();
                add("<text x=\"%.1f\" y=\"%d\">%s</text>", x, ROUNDS_TOP + 27, (text + after).length() * CHARACTER <= width ? text + after
                        : text);
            } else {
                narrow.add(round);
            }
        }
        label(narrow, scale);
    }

    /** One text for neighbouring rounds that are too short for their own. */
    private void label(List<Round> narrow, Scale scale) {
        if (narrow.isEmpty()) {
            return;
        }
        String text = String.join(", ", narrow.stream().map(r -> r.number() + ": " + count(r.pages())).toList()) + " pages";
        if (narrow.size() > 5) {
            text = narrow.getFirst().number() + " to " + narrow.getLast().number() + ": " + count(narrow.stream()
                    .mapToLong(Round::pages).sum()) + " pages in all";
        }
        double x = scale.at(ms(narrow.getFirst().begin()));
        boolean room = x + text.length() * CHARACTER < WIDTH - RIGHT;
        add("<text x=\"%.1f\" y=\"%d\" text-anchor=\"%s\">%s</text>", room ? x : WIDTH - RIGHT, ROUNDS_TOP + 27, room ? "start" : "end",
                text);
    }

    private void axis(Scale scale) {
        add("<path class=\"grid\" d=\"M%d %dH%d\"/>", LEFT, AXIS_TOP, WIDTH - RIGHT);
        for (double at : scale.ticks(14)) {
            add("<path class=\"grid\" d=\"M%.1f %dv4\"/><text class=\"muted\" x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>",
                    scale.at(at), AXIS_TOP, scale.at(at), AXIS_TOP + 16, number(at));
        }
        add("<text class=\"muted\" x=\"%d\" y=\"%d\" text-anchor=\"end\">ms</text>", LEFT - 18, AXIS_TOP + 16);
    }

    private double y(double mips) {
        return PLOT_TOP + PLOT * (1 - Math.min(1, mips / topMips));
    }

    private static double begin(CheckpointReport r) {
        return r.samples().isEmpty() ? 0 : Math.min(0, ms(r.samples().getFirst().at()));
    }

    private static double end(CheckpointReport r) {
        return Math.max(ms(r.latency()), r.samples().isEmpty() ? 1 : ms(r.samples().getLast().at()));
    }

    private static double ms(Duration duration) {
        return duration.toNanos() / 1e6;
    }

    private static String many(int count, String noun) {
        return count + " " + noun + (count == 1 ? "" : "s");
    }

    private void add(String format, Object... values) {
        svg.add(format, values);
    }
}
