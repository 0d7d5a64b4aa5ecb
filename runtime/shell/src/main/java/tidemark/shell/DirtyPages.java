package tidemark.shell;

import java.util.List;
import tidemark.api.checkpoint.DirtyTrace;
import tidemark.api.checkpoint.DirtyTrace.Epoch;
import tidemark.api.memory.PhysicalMemory;
import tidemark.api.shell.Table;
import tidemark.api.shell.Tabular;
import tidemark.api.shell.Units;

/** A trace as people read it: twenty lines at most, each of one or several epochs, with a bar for what was written. */
public record DirtyPages(DirtyTrace trace) implements Tabular {
    private static final int MOST_LINES = 20;
    private static final int BAR = 30;

    @Override
    public Table table() {
        List<Epoch> epochs = trace.epochs();
        int together = Math.ceilDiv(Math.max(1, epochs.size()), MOST_LINES);
        long most = epochs.stream().mapToLong(Epoch::written).max().orElse(0);
        Table table = Table.withHead("until", "pages per epoch", "written", "distinct so far", "");
        for (int first = 0; first < epochs.size(); first += together) {
            List<Epoch> some = epochs.subList(first, Math.min(epochs.size(), first + together));
            long begin = first == 0 ? 0 : epochs.get(first - 1).end().toNanos();
            long written = some.stream().mapToLong(Epoch::written).sum();
            double seconds = (some.getLast().end().toNanos() - begin) / 1e9;
            long mean = Math.round((double) written / some.size());
            table.row(Units.time(some.getLast().end()), Units.count(mean), Units.bytes(written * PhysicalMemory.PAGE_SIZE / seconds) + "/s",
                    Units.count(some.getLast().distinct()), "#".repeat(most == 0 ? 0 : (int) Math.round((double) BAR * mean / most)));
        }
        return table.row("in all", Units.count(epochs.isEmpty() ? 0 : Math.round(epochs.stream().mapToLong(Epoch::written).average().orElse(0))), "-",
                Units.count(trace.distinct()), Units.bytes(trace.distinct() * (double) PhysicalMemory.PAGE_SIZE) + " of " + Units.bytes(trace.pages()
                        * (double) PhysicalMemory.PAGE_SIZE) + " written; the guest stood for " + Units.time(trace.stood()) + " in " + epochs.size() + " looks");
    }
}
