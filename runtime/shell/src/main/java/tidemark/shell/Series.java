package tidemark.shell;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import tidemark.api.checkpoint.CheckpointException;
import tidemark.api.checkpoint.CheckpointReport;
import tidemark.api.checkpoint.Checkpoints;
import tidemark.api.shell.Table;
import tidemark.api.shell.Tabular;
import tidemark.api.shell.Units;

/** A series of checkpoints of one machine, and what it has cost. One thread. */
public final class Series implements Tabular {
    private final String machine;
    private final Duration period;
    private final int keep;
    private final List<CheckpointReport> reports = new ArrayList<>();
    /** Images that have not been removed, the oldest first. */
    private final List<Path> kept = new ArrayList<>();
    private int merges;
    private int late;
    private long next = System.nanoTime();

    /** @param keep images that stay at least; 0 if all do */
    Series(String machine, Duration period, int keep) {
        this.machine = machine;
        this.period = period;
        this.keep = keep;
    }

    int taken() {
        return reports.size();
    }

    /** Waits until the next one is due. If that is over, the ones that were missed are left out. */
    void awaitNext() throws InterruptedException {
        long wait = next - System.nanoTime();
        if (wait < 0 && !reports.isEmpty()) {
            late++;
            next = System.nanoTime();
        }
        Thread.sleep(Duration.ofNanos(Math.max(0, wait)));
        next += period.toNanos();
    }

    /**
     * Adds an image. The first one, which is whole, stays. If there are twice as many as are to stay, the one in the middle takes what those before it have since the first,
     * and these go, children first: that costs what was written, not the whole RAM.
     */
    void add(CheckpointReport report, Checkpoints checkpoints) throws CheckpointException {
        reports.add(report);
        kept.add(report.request().image());
        if (keep == 0 || kept.size() <= 2 * keep) {
            return;
        }
        checkpoints.merge(kept.get(keep + 1), Optional.of(kept.getFirst()));
        merges++;
        List<Path> older = kept.subList(1, keep + 1);
        checkpoints.deleteAll(List.copyOf(older));
        older.clear();
    }

    @Override
    public Table table() {
        Table table = Table.ofProperties().row("machine", machine).row("checkpoints", Units.count(reports.size()) + ", one every " + Units.time(period)
                + (late > 0 ? "; " + Units.count(late) + " later than due" : ""));
        if (reports.isEmpty()) {
            return table;
        }
        table.row("latency", spread(CheckpointReport::latency)).row("downtime", spread(CheckpointReport::downtimeTotal));
        List<CheckpointReport> increments = reports.subList(Math.min(1, reports.size() - 1), reports.size());
        table.row("pages", "the first " + Units.count(reports.getFirst().pagesCopied()) + ", then " + Units.count(median(increments.stream()
                .map(CheckpointReport::pagesCopied).toList())) + " (median)");
        table.row("bytes", "the first " + Units.bytes(reports.getFirst().imageBytes()) + ", then " + Units.bytes(median(increments.stream()
                .map(CheckpointReport::imageBytes).toList())) + " (median), in all " + Units.bytes(reports.stream().mapToLong(CheckpointReport::imageBytes).sum()));
        if (merges > 0) {
            table.row("merged", merges);
        }
        return table.row("images", kept.getFirst() + (kept.size() > 1 ? " to " + kept.getLast().getFileName() : ""));
    }

    private String spread(Function<CheckpointReport, Duration> figure) {
        List<Duration> all = reports.stream().map(figure).toList();
        return "median " + Units.time(median(all)) + ", longest " + Units.time(all.stream().max(Comparator.naturalOrder()).orElseThrow());
    }

    private static <T extends Comparable<T>> T median(List<T> figures) {
        return figures.stream().sorted().toList().get(figures.size() / 2);
    }

    @Override
    public String toString() {
        return reports.isEmpty() ? "no checkpoint yet" : reports.size() + ", the last: " + Units.count(reports.getLast().pagesCopied()) + " pages, "
                + Units.time(reports.getLast().latency());
    }
}
