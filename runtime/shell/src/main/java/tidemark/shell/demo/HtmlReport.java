package tidemark.shell.demo;

import static tidemark.api.shell.Units.bytes;
import static tidemark.api.shell.Units.count;
import static tidemark.api.shell.Units.digits;
import static tidemark.api.shell.Units.percent;
import static tidemark.api.shell.Units.time;

import tidemark.api.checkpoint.CheckpointReport;
import tidemark.api.checkpoint.CheckpointRequest;
import tidemark.api.checkpoint.Conditions;
import tidemark.report.HtmlTable;
import tidemark.report.HtmlTable.Judged;
import tidemark.report.Page;
import tidemark.report.Svg;
import tidemark.shell.demo.DemoReport.Row;

/** A report as one HTML page that needs nothing else. */
final class HtmlReport {
    private HtmlReport() {}

    static String of(DemoReport report) {
        boolean proved = report.isProved();
        Page page = new Page(report.guest().name() + ", checkpointed while it ran")
                .paragraph("muted", report.guest().description() + " · " + report.ramMiB() + " MiB RAM")
                .paragraph(proved ? "good" : "bad", proved ? "Every image was verified, every restored machine ran to its end, and all results are "
                + DemoReport.SUCCESSFUL + "." : "Not everything was proved.");
        report.failures().forEach(failure -> page.paragraph("bad", failure));
        report.doubts().forEach(doubt -> page.paragraph("bad", "Doubtful figures of " + doubt));
        return page.section("What the guest felt", Timeline.of(report.rows().stream().map(Row::report).toList()))
                .section("What each checkpoint cost", costs(report))
                .section("Where the time went", times(report))
                .words("The words", "latency", "request to durable image",
                "downtime", "last guest instruction before a pause to the first after it: the sum over all pauses, and the longest",
                "progress", "instructions that the guest retired during the latency, of those it would have retired at its undisturbed rate; "
                + "at most the share of the latency in which it did not stand",
                "undisturbed rate", "million instructions per second, in a window before the checkpoint and one after it",
                "copying ended by", "the rule by which the protocol stopped the guest for the last pages: the stop condition, the bound "
                + "of rounds or time that holds for every protocol, or the protocol's own",
                "doubt", "other processes kept more than a tenth of the host's CPUs busy, or the guest's rate changed by more than 15 %; "
                + "cut from: so much progress was counted, more than all, since the guest or the host was faster than beside the checkpoint",
                "pages", "copied pages of 4 KiB; a page copied twice counts twice",
                "restore", "request to a machine that stands ready for its next instruction",
                "verified", "the image was restored, and every page and state compared with what the machine held at the image's instant",
                "restored run", "the restored machine ran to the end of the computation; this is the benchmark's own word on its result")
                .measuredOn(report.host()).html();
    }

    private static String costs(DemoReport report) {
        HtmlTable table = new HtmlTable("protocol", "latency", "downtime", "longest", "progress", "pages copied", "rounds", "image", "restore",
                "verified", "restored run", "copying ended by", "doubt");
        for (Row row : report.rows()) {
            CheckpointReport r = row.report();
            table.row(row.protocol(), time(r.latency()), time(r.downtimeTotal()), time(r.downtimeLongest()), percent(r.progressPercent()),
                    count(r.pagesCopied()), r.rounds(), bytes(r.imageBytes()), time(row.restore()),
                    new Judged(row.verified(), row.verified() ? "yes" : "no"),
                    new Judged(row.restoredVerification().equals(DemoReport.SUCCESSFUL), row.restoredVerification().isEmpty() ? "none"
                    : row.restoredVerification()), r.copyingEndedBy(), new Judged(r.conditions().doubts().isEmpty(), r.conditions().mark()));
        }
        return table.toString();
    }

    private static String rates(Conditions c) {
        return digits(c.mipsBefore()) + ", " + digits(c.mipsDuring()) + ", " + digits(c.mipsAfter());
    }

    private static String times(DemoReport report) {
        HtmlTable table = new HtmlTable("protocol", "CPU time of the hart's thread", "CPU time of checkpoint threads", "longest handshake",
                "pauses", "undisturbed rate", "before, during, after", "CPUs of the harts beside, during", "CPUs of others",
                "oracle (not counted)");
        for (Row row : report.rows()) {
            CheckpointReport r = row.report();
            table.row(row.protocol(), time(r.hartThreadTime()), time(r.checkpointThreadTime()), time(r.handshakeLongest()),
                    r.pauses().size(), digits(r.undisturbedMips()) + " MIPS", rates(r.conditions()),
                    digits(r.conditions().hartCpusBeside()) + ", " + digits(r.conditions().hartCpusDuring()),
                    new Judged(!r.conditions().isHostBusy(), digits(r.conditions().othersCpus())), time(r.oracleTime()));
        }
        if (report.rows().isEmpty()) {
            return table.toString();
        }
        CheckpointRequest q = report.rows().getFirst().report().request();
        return table + "<p class=\"muted\">" + Svg.escape("Tracker " + q.tracker() + ", copier " + q.copier() + ", layout " + q.layout()
                + ", stop condition " + q.stop() + ".") + "</p>\n";
    }
}
