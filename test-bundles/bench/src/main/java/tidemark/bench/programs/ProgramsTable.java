package tidemark.bench.programs;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tidemark.api.shell.Table;
import tidemark.api.shell.Units;
import tidemark.bench.Figure;
import tidemark.bench.programs.ProgramsReport.Clock;
import tidemark.report.Bystanders;
import tidemark.report.HtmlTable;
import tidemark.report.HtmlTable.Judged;
import tidemark.report.Page;

/** The figures of a report for people: rows of programs, for the terminal and the page alike. */
record ProgramsTable(ProgramsReport report) {
    private static final String NONE = "-";
    private static final String MARK = " ?";

    private record Cell(String text, boolean isDoubtful) {}

    private List<String> head() {
        List<String> head = new ArrayList<>(List.of("program"));
        report.runners().forEach(runner -> head.add(runner.name() + " s"));
        for (Runner engine : report.engines()) {
            if (report.hasQemu()) {
                head.add(engine.name() + " : " + Runner.QEMU_SYSTEM);
                head.add("by the wall");
            }
        }
        return head;
    }

    private List<List<Cell>> rows(String kind) {
        List<List<Cell>> rows = new ArrayList<>();
        for (String program : report.programs(kind)) {
            List<Cell> row = new ArrayList<>(List.of(new Cell(program, false)));
            report.runners().forEach(runner -> row.add(plain(report.seconds(program, runner.name(), Clock.HART))));
            report.engines().stream().filter(engine -> report.hasQemu()).forEach(engine -> {
                row.add(withSpread(report.ratio(program, engine.name(), Clock.HART)));
                row.add(withSpread(report.ratio(program, engine.name(), Clock.WALL)));
            });
            rows.add(row);
        }
        rows.add(means(kind));
        return rows;
    }

    private List<Cell> means(String kind) {
        List<Cell> row = new ArrayList<>(List.of(new Cell("geometric mean", false)));
        report.runners().forEach(runner -> row.add(new Cell(NONE, false)));
        report.engines().stream().filter(engine -> report.hasQemu()).forEach(engine -> {
            for (Clock clock : Clock.values()) {
                row.add(new Cell(Units.digits(report.geometricMean(kind, engine.name(), clock)), false));
            }
        });
        return row;
    }

    private static Cell plain(Figure figure) {
        return new Cell(Double.isNaN(figure.value()) ? NONE : Units.digits(figure.value()), figure.isDoubtful());
    }

    private static Cell withSpread(Figure figure) {
        String spread = figure.runs() > 1 ? String.format(Locale.ROOT, " ±%.0f %%", 100 * figure.spread()) : "";
        return new Cell(plain(figure).text + spread, figure.isDoubtful());
    }

    static String title(String kind) {
        return kind.equals(ProgramRun.NPB) ? "NAS Parallel Benchmarks, whole runs from cold" : "System programs at Debian's shell, each once after a boot";
    }

    Table table(String kind) {
        Table table = Table.withHead(head().toArray(String[]::new));
        rows(kind).forEach(row -> table.row(row.stream().map(cell -> cell.text + (cell.isDoubtful ? MARK : "")).toArray()));
        return table;
    }

    String html() {
        Page page = new Page("How fast real programs run");
        report.failures().forEach(failure -> page.paragraph("bad", failure));
        report.missing().forEach(missing -> page.paragraph("bad", "Not compared: " + missing));
        page.paragraph("muted", Bystanders.sentence(report.othersCpus()));
        report.doubts().forEach(doubt -> page.paragraph("muted", doubt));
        for (String kind : report.kinds()) {
            HtmlTable table = new HtmlTable(head().toArray(String[]::new));
            rows(kind).forEach(row -> table.row(row.stream().map(cell -> cell.isDoubtful ? new Judged(false, cell.text + MARK) : cell.text).toArray()));
            page.section(title(kind), table.toString());
        }
        if (!report.programs(ProgramRun.SYSTEM).isEmpty()) {
            page.words("The system programs", SystemProgram.ALL.stream().filter(program -> report.programs(ProgramRun.SYSTEM).contains(program.name()))
                    .flatMap(program -> List.of(program.name(), program.what()).stream()).toArray(String[]::new));
        }
        return page.words("The words", "s", "CPU time of the hart's thread, median", "ratio",
                "speed to speed by CPU time of the hart's thread, run by run, above 1 if the first named is faster; the median, and half of the way from the "
                + "least to the most", "by the wall", "the same by the clock on the wall, from the making of the machine; a platform's start is not in it", "?",
                String.format(Locale.ROOT, "the runs differ by more than %.0f %%: another run may give another figure", 100 * Figure.MOST_DIFFERENCE))
                .words("Who was compared", report.runners().stream().flatMap(runner -> List.of(runner.name(), runner.version()).stream())
                        .toArray(String[]::new)).measuredOn(report.host()).html();
    }
}
