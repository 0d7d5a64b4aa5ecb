package tidemark.shell.demo;

import static tidemark.api.shell.Units.bytes;
import static tidemark.api.shell.Units.count;
import static tidemark.api.shell.Units.digits;
import static tidemark.api.shell.Units.percent;
import static tidemark.api.shell.Units.time;
import static tidemark.shell.demo.Timeline.escape;

import java.util.List;
import java.util.Locale;
import tidemark.api.checkpoint.CheckpointReport;
import tidemark.api.checkpoint.CheckpointRequest;
import tidemark.shell.demo.DemoReport.Row;

/** A report as one HTML page that needs nothing else. */
final class HtmlReport {
    private static final String PAGE = Resource.text("report.html");

    private HtmlReport() {}

    static String of(DemoReport report) {
        Host host = report.host();
        boolean proved = report.isProved();
        return PAGE.replace("{guest}", escape(report.guest().name())).replace("{description}", escape(report.guest().description()))
                .replace("{ram}", Integer.toString(report.ramMiB())).replace("{verdictClass}", proved ? "good" : "bad")
                .replace("{verdict}", proved ? "Every image was verified, every restored machine ran to its end, and all results are "
                + DemoReport.SUCCESSFUL + "." : "Not everything was proved.").replace("{failures}", failures(report.failures()))
                .replace("{timeline}", Timeline.of(report.rows().stream().map(Row::report).toList())).replace("{table}", table(report))
                .replace("{times}", times(report)).replace("{model}", escape(host.model())).replace("{cpus}", Integer.toString(host.cpus()))
                .replace("{memory}", String.format(Locale.ROOT, "%.1f GiB", host.memoryBytes() / (double) (1L << 30)))
                .replace("{os}", escape(host.os())).replace("{java}", escape(host.java()));
    }

    private static String failures(List<String> failures) {
        StringBuilder html = new StringBuilder();
        failures.forEach(failure -> html.append("<p class=\"bad\">").append(escape(failure)).append("</p>\n"));
        return html.toString();
    }

    private static String table(DemoReport report) {
        StringBuilder html = head("protocol", "latency", "downtime", "longest", "progress", "pages copied", "rounds", "image", "restore",
                "verified", "restored run");
        for (Row row : report.rows()) {
            CheckpointReport r = row.report();
            html.append("<tr>").append(cell(row.protocol())).append(cell(time(r.latency()))).append(cell(time(r.downtimeTotal())))
                    .append(cell(time(r.downtimeLongest())))
                    .append(cell(percent(r.progressPercent()))).append(cell(count(r.pagesCopied())))
                    .append(cell(Integer.toString(r.rounds())))
                    .append(cell(bytes(r.imageBytes()))).append(cell(time(row.restore())))
                    .append(judged(row.verified(), row.verified() ? "yes" : "no"))
                    .append(judged(row.restoredVerification().equals(DemoReport.SUCCESSFUL), row.restoredVerification().isEmpty() ? "none"
                    : row.restoredVerification()))
                    .append("</tr>\n");
        }
        return html.append("</table>\n").toString();
    }

    private static String times(DemoReport report) {
        StringBuilder html = head("protocol", "CPU time of the hart's thread", "CPU time of checkpoint threads", "longest handshake",
                "pauses", "undisturbed rate", "oracle (not counted)");
        for (Row row : report.rows()) {
            CheckpointReport r = row.report();
            html.append("<tr>").append(cell(row.protocol())).append(cell(time(r.hartThreadTime())))
                    .append(cell(time(r.checkpointThreadTime())))
                    .append(cell(time(r.handshakeLongest()))).append(cell(Integer.toString(r.pauses().size())))
                    .append(cell(digits(r.undisturbedMips()) + " MIPS"))
                    .append(cell(time(r.oracleTime()))).append("</tr>\n");
        }
        html.append("</table>\n");
        if (!report.rows().isEmpty()) {
            CheckpointRequest q = report.rows().getFirst().report().request();
            html.append("<p class=\"muted\">Tracker ").append(escape(q.tracker())).append(", copier ").append(escape(q.copier()))
                    .append(", layout ").append(escape(q.layout())).append(", stop condition ").append(escape(q.stop())).append(".</p>\n");
        }
        return html.toString();
    }

    private static StringBuilder head(String... names) {
        StringBuilder html = new StringBuilder("<table>\n<tr>");
        for (String name : names) {
            html.append("<th>").append(name).append("</th>");
        }
        return html.append("</tr>\n");
    }

    private static String cell(String text) {
        return "<td>" + escape(text) + "</td>";
    }

    private static String judged(boolean good, String text) {
        return "<td class=\"" + (good ? "good" : "bad") + "\">" + escape(text) + "</td>";
    }

}
