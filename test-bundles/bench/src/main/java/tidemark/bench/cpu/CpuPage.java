package tidemark.bench.cpu;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tidemark.bench.Figure;
import tidemark.bench.Moment;
import tidemark.bench.cpu.CpuTables.Grid;
import tidemark.bench.cpu.KernelRun.Repetition;
import tidemark.report.Bystanders;
import tidemark.report.Curves;
import tidemark.report.Curves.Curve;
import tidemark.report.Curves.Panel;
import tidemark.report.Curves.Step;
import tidemark.report.HtmlTable;
import tidemark.report.HtmlTable.Judged;
import tidemark.report.Page;

/** A report as a page, with a picture of how fast everyone becomes. */
final class CpuPage {
    /** How much longer than the second slowest the slowest may make a picture's axis of time. */
    private static final double CUT = 1.5;

    private CpuPage() {}

    static String html(CpuReport report) {
        CpuTables tables = new CpuTables(report);
        Page page = new Page("How fast guests compute");
        report.failures().forEach(failure -> page.paragraph("bad", failure));
        report.peers().missing().forEach(missing -> page.paragraph("bad", "Not compared: " + missing.peer() + ". " + missing.why()));
        page.paragraph("muted", Bystanders.sentence(report.othersCpus()));
        report.doubts().forEach(doubt -> page.paragraph("muted", doubt));
        if (!report.kernels().isEmpty()) {
            page.section("From a cold start", picture(report)).section("Steady state", table(tables.steady()));
        }
        if (!report.guests().isEmpty()) {
            page.section("Whole runs from cold", table(tables.cold()));
        }
        return page.words("The words", words(report, tables)).words("Who was compared", versions(report)).measuredOn(report.host()).html();
    }

    /** Of what is on the page, and nothing else. */
    private static String[] words(CpuReport report, CpuTables tables) {
        List<String> words = new ArrayList<>();
        if (!report.kernels().isEmpty()) {
            words.addAll(List.of("MIPS in the picture", "million guest instructions for each second by the clock on the wall",
                    "MIPS in the steady state", "million guest instructions for each second of CPU time of the computing thread",
                    "steady", "the last repetitions of each process, when they are no faster than as many before them and no other thread "
                    + "compiles; the median"));
        }
        if (!report.guests().isEmpty()) {
            words.addAll(List.of("whole run", "start of the process, a JVM that is cold included, to its end",
                    "seconds and MIPS of whole runs", "by the clock on the wall; the column CPU s has the CPU time of all threads",
                    "% translated", "of the guest's instructions; the engine interpreted the rest"));
        }
        words.addAll(List.of("instructions", "QEMU and the host are credited with those that this platform counts"));
        if (report.has(Peer.QEMU_SYSTEM) || report.has(Peer.TRANSLATOR) && report.has(Peer.INTERPRETER)) {
            words.addAll(List.of("ratio", "speed to speed, run by run, above 1 if the first named is faster; the median, and half of the way "
                    + "from the least to the most"));
        }
        if (tables.steady().hasDoubts() || tables.cold().hasDoubts()) {
            words.addAll(List.of("?", String.format(Locale.ROOT, "the runs of this figure differ by more than %.0f %%: another run may give "
                    + "another figure", 100 * Figure.MOST_DIFFERENCE)));
        }
        return words.toArray(String[]::new);
    }

    /** MIPS over time, a panel for each kernel: the first run of each peer. */
    static String picture(CpuReport report) {
        List<Panel> panels = new ArrayList<>();
        for (String kernel : report.kernels()) {
            double instructions = report.instructions(kernel).orElse(Double.NaN);
            List<Curve> curves = report.kernelRuns().stream().filter(run -> run.kernel().equals(kernel) && run.round() == 1)
                    .map(run -> new Curve(run.peer(), steps(run.repetitions(), instructions))).toList();
            panels.add(new Panel(kernel, until(curves), Double.isNaN(instructions) ? List.of() : curves));
        }
        return new Curves("MIPS over time from a cold start", "s", "MIPS", panels).svg();
    }

    private static List<Step> steps(List<Repetition> repetitions, double instructions) {
        List<Double> seconds = KernelRun.seconds(repetitions, Moment::wall);
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < repetitions.size(); i++) {
            steps.add(new Step(repetitions.get(i).end().wall().toNanos() / 1e9, instructions / 1e6 / seconds.get(i)));
        }
        return steps;
    }

    private static double until(List<Curve> curves) {
        double[] ends = curves.stream().mapToDouble(curve -> curve.steps().getLast().until()).sorted().toArray();
        return ends.length > 1 ? Math.min(ends[ends.length - 1], CUT * ends[ends.length - 2]) : ends[0];
    }

    private static String table(Grid grid) {
        HtmlTable table = new HtmlTable(grid.head().toArray(String[]::new));
        grid.entries().forEach(row -> table.row(row.stream().map(entry -> entry.isDoubtful() ? new Judged(false, entry.marked()) : entry.text())
                .toArray()));
        return table.toString();
    }

    private static String[] versions(CpuReport report) {
        return report.peers().present().stream().flatMap(peer -> java.util.stream.Stream.of(peer.name(), peer.version())).toArray(String[]::new);
    }
}
