package tidemark.lab.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import tidemark.lab.experiment.Experiment;
import tidemark.lab.results.Column;
import tidemark.lab.results.Row;
import tidemark.lab.results.RowFile;
import tidemark.lab.run.RunFolder;
import tidemark.report.HtmlTable;
import tidemark.report.Page;
import tidemark.report.Svg;

/** The report of a run: a page, and each table and figure as files of its own. */
public final class Report {
    private final RunFolder run;
    private final Experiment experiment;
    private final List<Row> rows;
    private final List<ReportTable> tables;
    private final Map<String, String> figures;
    private final Map<String, List<String>> findings;
    private final ProvenanceSection provenance;

    public Report(RunFolder run) throws IOException {
        this.run = run;
        experiment = run.experiment();
        rows = run.rows();
        provenance = new ProvenanceSection(rows, run.parts());
        Groups groups = new Groups(rows, List.copyOf(experiment.workloads().keySet()), List.copyOf(experiment.methods().keySet()));
        ThesisTables thesis = new ThesisTables(groups);
        boolean something = !groups.workloads().isEmpty();
        tables = something ? thesis.all() : List.of();
        figures = something ? new Figures(groups, thesis).all() : Map.of();
        findings = something ? new Findings(groups, thesis).all() : Map.of();
    }

    /** A sentence each. */
    public List<String> findings() {
        return findings.entrySet().stream().flatMap(entry -> entry.getValue().stream().map(sentence -> (entry.getKey().isEmpty() ? "" : entry.getKey() + ": ") + sentence)).toList();
    }

    /** How many cells failed. */
    public long failed() {
        return rows.stream().filter(row -> !row.isDone()).count();
    }

    /** Writes all files. @return the page */
    public Path write() throws IOException {
        RowFile.write(run.path().resolve("results.csv"), RowFile.csv(rows));
        RowFile.write(run.path().resolve("data-dictionary.csv"), RowFile.dictionary());
        RowFile.write(run.path().resolve("parts.csv"), provenance.csv());
        Path folder = Files.createDirectories(run.path().resolve("tables"));
        for (ReportTable table : tables) {
            RowFile.write(folder.resolve(table.fileName() + ".csv"), table.csv());
        }
        RowFile.write(run.path().resolve("tables.md"), tables.stream().map(ReportTable::markdown).collect(Collectors.joining("\n")));
        RowFile.write(run.path().resolve("tables.tex"), tables.stream().map(ReportTable::latex).collect(Collectors.joining("\n")));
        Path pictures = Files.createDirectories(run.path().resolve("figures"));
        for (Map.Entry<String, String> figure : figures.entrySet()) {
            RowFile.write(pictures.resolve(figure.getKey().split(":")[0].toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9.]+", "-") + ".svg"), figure.getValue());
        }
        Path page = run.path().resolve("report.html");
        RowFile.write(page, html());
        return page;
    }

    private String html() {
        long done = rows.stream().filter(Row::counts).count();
        long planned = run.plan().stream().filter(cell -> !cell.isPilot()).count();
        Page page = new Page(experiment.title());
        page.paragraph("muted", done + " of " + planned + " runs; " + experiment.repetitions() + " repetitions, order by seed " + experiment.seed() + ". "
                + (experiment.restored() ? "Each restored machine ran to its end and had to verify." : "Restored machines did not run on."));
        failures(page);
        if (!findings.isEmpty()) {
            page.section("What holds here", "<div class=\"columns\">" + findings.entrySet().stream().map(entry -> list(entry.getKey(), entry.getValue())).collect(Collectors.joining())
                    + "</div>\n");
        }
        figures.forEach(page::section);
        tables.forEach(table -> page.section(table.caption(), table.html()));
        return page.words("Words", "execution time", "from power-on to the workload's end, by the clock on the wall", "checkpoint time", "request to durable image",
                "downtime", "how long the guest stood for the checkpoint, in all", "overhead", "mean of the runs with a checkpoint minus mean of the controls",
                "restart", "request to a machine that stands ready for its next instruction", "SD", "standard deviation", "±", "half width of the 95 % confidence interval")
                .section("What was measured, and where", provenance.html()).html();
    }

    private static String list(String workload, List<String> sentences) {
        return "<div><h3>" + Svg.escape(workload.isEmpty() ? "The host" : workload) + "</h3>\n<ul>"
                + sentences.stream().map(sentence -> "<li>" + Svg.escape(sentence) + "</li>").collect(Collectors.joining("\n")) + "</ul></div>\n";
    }

    private void failures(Page page) {
        if (failed() == 0) {
            page.paragraph("good", "Every run that has ended verified.");
        } else {
            HtmlTable table = new HtmlTable("workload", "method", "repetition", "why it failed");
            rows.stream().filter(row -> !row.isDone())
                    .forEach(row -> table.row(row.get(Column.WORKLOAD), row.get(Column.METHOD), row.get(Column.BLOCK),
                    new HtmlTable.Words(row.get(Column.REASON))));
            page.paragraph("bad", failed() + " failed; they are in no figure.").section("Runs that failed", table.toString());
        }
    }
}
