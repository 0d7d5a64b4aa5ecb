package tidemark.shell.demo;

import static tidemark.shell.demo.Timeline.escape;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import tidemark.api.checkpoint.CheckpointReport;
import tidemark.shell.Units;
import tidemark.shell.demo.DemoReport.Row;

/** A report as one HTML page that needs nothing else. */
final class HtmlReport {
    private static final String PAGE = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>Tidemark: {guest} checkpointed while it ran</title>
            <style>
            :root { color-scheme: light dark; --ground: #f5f7f9; --card: #ffffff; --ink: #1c2733; --muted: #64717f; --line: #dde3e9; --good: #1e7b45; --bad: #c0302f }
            @media (prefers-color-scheme: dark) { :root { --ground: #12181e; --card: #1a222a; --ink: #e4eaf0; --muted: #96a3b0; --line: #333e49; --good: #6fd197; --bad: #ff7f7f } }
            body { margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.5 system-ui, sans-serif }
            main { max-width: 1200px; margin: 0 auto; padding: 28px 20px 40px }
            h1 { font-size: 26px; margin: 0 0 4px; letter-spacing: -.01em } h2 { font-size: 16px; margin: 0 0 12px } p { margin: 0 0 8px }
            .muted { color: var(--muted) } .good { color: var(--good); font-weight: 600 } .bad { color: var(--bad); font-weight: 600 }
            section { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 18px 20px; margin-top: 18px; overflow-x: auto }
            section svg { display: block; min-width: 760px }
            table { border-collapse: collapse; width: 100%; font-size: 14px; font-variant-numeric: tabular-nums; white-space: nowrap }
            th, td { padding: 7px 8px; text-align: right; border-bottom: 1px solid var(--line) } th { font-weight: 600; color: var(--muted); font-size: 13px }
            th:first-child, td:first-child, th.text, td.text { text-align: left } td:first-child { font-weight: 600 } tr:last-child td { border-bottom: 0 }
            dl { display: grid; grid-template-columns: max-content 1fr; gap: 4px 18px; margin: 0; font-size: 14px } dt { font-weight: 600 } dd { margin: 0; color: var(--muted) }
            </style>
            </head>
            <body>
            <main>
            <h1>{guest}, checkpointed while it ran</h1>
            <p class="muted">{description} · {ram} MiB RAM</p>
            <p class="{verdictClass}">{verdict}</p>
            {failures}<section><h2>What the guest felt</h2>
            {timeline}</section>
            <section><h2>What each checkpoint cost</h2>
            {table}</section>
            <section><h2>Where the time went</h2>
            {times}</section>
            <section><h2>The words</h2>
            <dl>
            <dt>latency</dt><dd>request to durable image</dd>
            <dt>downtime</dt><dd>last guest instruction before a pause to the first after it: the sum over all pauses, and the longest</dd>
            <dt>progress</dt><dd>instructions that the guest retired during the latency, of those it would have retired at its undisturbed rate</dd>
            <dt>pages</dt><dd>copied pages of 4 KiB; a page copied twice counts twice</dd>
            <dt>restore</dt><dd>request to a machine that stands ready for its next instruction</dd>
            <dt>verified</dt><dd>the image was restored, and every page and state compared with what the machine held at the image's instant</dd>
            <dt>restored run</dt><dd>the restored machine ran to the end of the computation; this is the benchmark's own word on its result</dd>
            </dl></section>
            <section><h2>Measured on</h2>
            <dl>
            <dt>processor</dt><dd>{model}, {cpus} CPUs</dd>
            <dt>memory</dt><dd>{memory}</dd>
            <dt>system</dt><dd>{os}</dd>
            <dt>Java</dt><dd>{java}</dd>
            </dl></section>
            </main>
            </body>
            </html>
            """;

    private HtmlReport() {}

    static String of(DemoReport report) {
        Host host = report.host();
        boolean proved = report.isProved();
        return PAGE.replace("{guest}", escape(report.guest().name())).replace("{description}", escape(report.guest().description()))
                .replace("{ram}", Integer.toString(report.ramMiB())).replace("{verdictClass}", proved ? "good" : "bad")
                .replace("{verdict}", proved ? "Every image was verified, every restored machine ran to its end, and all results are " + DemoReport.SUCCESSFUL + "."
                        : "Not everything was proved.")
                .replace("{failures}", failures(report.failures())).replace("{timeline}", Timeline.of(report.rows().stream().map(Row::report).toList()))
                .replace("{table}", table(report)).replace("{times}", times(report)).replace("{model}", escape(host.model()))
                .replace("{cpus}", Integer.toString(host.cpus())).replace("{memory}", String.format(Locale.ROOT, "%.1f GiB", host.memoryBytes() / (double) (1L << 30)))
                .replace("{os}", escape(host.os())).replace("{java}", escape(host.java()));
    }

    private static String failures(List<String> failures) {
        StringBuilder html = new StringBuilder();
        failures.forEach(failure -> html.append("<p class=\"bad\">").append(escape(failure)).append("</p>\n"));
        return html.toString();
    }

    private static String table(DemoReport report) {
        StringBuilder html = head("protocol", "latency", "downtime", "longest", "progress", "pages copied", "rounds", "image", "restore", "verified", "restored run");
        for (Row row : report.rows()) {
            CheckpointReport r = row.report();
            html.append("<tr>").append(cell(row.protocol())).append(cell(time(r.latency()))).append(cell(time(r.downtimeTotal()))).append(cell(time(r.downtimeLongest())))
                    .append(cell(Units.percent(r.progressPercent()))).append(cell(Units.count(r.pagesCopied()))).append(cell(Integer.toString(r.rounds())))
                    .append(cell(Units.bytes(r.imageBytes()))).append(cell(time(row.restore()))).append(judged(row.verified(), row.verified() ? "yes" : "no"))
                    .append(judged(row.restoredVerification().equals(DemoReport.SUCCESSFUL), row.restoredVerification().isEmpty() ? "none" : row.restoredVerification()))
                    .append("</tr>\n");
        }
        return html.append("</table>\n").toString();
    }

    private static String times(DemoReport report) {
        StringBuilder html = head("protocol", "CPU time of the hart's thread", "CPU time of checkpoint threads", "longest handshake", "pauses", "undisturbed rate", "oracle (not counted)");
        for (Row row : report.rows()) {
            CheckpointReport r = row.report();
            html.append("<tr>").append(cell(row.protocol())).append(cell(time(r.hartThreadTime()))).append(cell(time(r.checkpointThreadTime())))
                    .append(cell(time(r.handshakeLongest()))).append(cell(Integer.toString(r.pauses().size()))).append(cell(Units.digits(r.undisturbedMips()) + " MIPS"))
                    .append(cell(time(r.oracleTime()))).append("</tr>\n");
        }
        html.append("</table>\n");
        report.rows().stream().findFirst().map(row -> row.report().request()).ifPresent(q -> html.append(String.format(
                "<p class=\"muted\" style=\"margin:12px 0 0\">Tracker %s, copier %s, layout %s, stop condition %s.</p>%n", escape(q.tracker()), escape(q.copier()),
                escape(q.layout()), escape(q.stop()))));
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

    private static String time(Duration duration) {
        return Units.time(duration);
    }
}
