package tidemark.shell.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tidemark.shell.demo.DemoReport.Row;

/** Writes a report's files. */
public final class ReportFiles {
    private ReportFiles() {}

    /** {@code report.json}, {@code report.html} and {@code timeline.svg} into the report's folder, which exists. */
    public static void write(DemoReport report) throws IOException {
        Files.writeString(report.folder().resolve("report.json"), JsonReport.of(report));
        Files.writeString(report.folder().resolve("report.html"), HtmlReport.of(report));
        Files.writeString(report.folder().resolve("timeline.svg"), Timeline.of(report.rows().stream().map(Row::report).toList()));
    }

    /** The JSON at a place of its own. */
    public static void writeJson(DemoReport report, Path file) throws IOException {
        Files.writeString(file, JsonReport.of(report));
    }
}
