package tidemark.shell.demo;

import static tidemark.api.shell.Units.bytes;
import static tidemark.api.shell.Units.count;
import static tidemark.api.shell.Units.percent;
import static tidemark.api.shell.Units.time;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import tidemark.api.checkpoint.CheckpointReport;
import tidemark.api.shell.Screen.Style;
import tidemark.api.shell.Table;
import tidemark.api.shell.Table.Cell;
import tidemark.api.shell.Tabular;
import tidemark.report.Host;

/**
 * What the main job found.
 *
 * @param ramMiB of the guest
 * @param rows a checkpoint each, in the order in which they were taken
 * @param failures what went wrong, a sentence each; empty if everything is proved
 * @param folder where the report's files are
 */
public record DemoReport(Guest guest, int ramMiB, Host host, List<Row> rows, List<String> failures, Path folder) implements Tabular {
    /** NPB's word for a result that is right. */
    public static final String SUCCESSFUL = "SUCCESSFUL";

    /** @param verification the guest's word on the run that was checkpointed; empty if it printed none */
    public record Guest(String name, String description, String verification) {}

    /**
     * A checkpoint and what became of its image.
     *
     * @param verified whether the oracle found every page and state equal
     * @param restoredVerification the guest's word in the machine that was restored and ran to its end
     */
    public record Row(CheckpointReport report, Duration restore, boolean verified, String restoredVerification) {
        public String protocol() {
            return report.request().protocol();
        }

        public boolean isProved() {
            return verified && restoredVerification.equals(SUCCESSFUL);
        }
    }

    public boolean isProved() {
        return failures.isEmpty();
    }

    /** Why figures are doubtful, a sentence each. */
    public List<String> doubts() {
        return rows.stream().flatMap(row -> row.report.conditions().doubts().stream().map(doubt -> row.protocol() + ": " + doubt)).toList();
    }

    /** A row per checkpoint. */
    @Override
    public Table table() {
        Table table = Table.withHead("protocol", "latency", "downtime", "longest", "progress", "pages", "rounds", "image", "restore",
                "verified", "NPB of the restored run", "ended by", "doubt");
        for (Row row : rows) {
            CheckpointReport r = row.report;
            table.row(new Cell(row.protocol(), Style.CYAN), time(r.latency()), time(r.downtimeTotal()), time(r.downtimeLongest()),
                    percent(r.progressPercent()), count(r.pagesCopied()), r.rounds(), bytes(r.imageBytes()), time(row.restore),
                    judged(row.verified, row.verified ? "yes" : "NO"), judged(row.restoredVerification.equals(SUCCESSFUL),
                    row.restoredVerification), r.copyingEndedBy(), new Cell(r.conditions().mark(),
                    r.conditions().doubts().isEmpty() ? Style.PLAIN : Style.YELLOW));
        }
        return table;
    }

    private static Cell judged(boolean good, String text) {
        return new Cell(text.isEmpty() ? "none" : text, good ? Style.GREEN : Style.RED);
    }
}
