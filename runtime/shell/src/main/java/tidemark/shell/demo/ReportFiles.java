package tidemark.shell.demo;

import java.io.IOException;
import java.nio.file.Path;
import tidemark.files.Audience;
import tidemark.files.NewFile;
import tidemark.shell.demo.DemoReport.Row;

/** Writes a report's files. */
public final class ReportFiles {
    private ReportFiles() {}

    /** {@code report.json}, {@code report.html} and {@code timeline.svg} into the report's folder, which exists. */
    public static void write(DemoReport report) throws IOException {
        NewFile.replace(report.folder().resolve("report.json"), Audience.EVERYBODY, JsonReport.of(report));
        NewFile.replace(report.folder().resolve("report.html"), Audience.EVERYBODY, HtmlReport.of(report));
        NewFile.replace(report.folder().resolve("timeline.svg"), Audience.EVERYBODY, Timeline.of(report.rows().stream().map(Row::report).toList()));
    }

    /** The JSON at a place of its own. */
    public static void writeJson(DemoReport report, Path file) throws IOException {
        NewFile.replace(file, Audience.EVERYBODY, JsonReport.of(report));
    }
}
