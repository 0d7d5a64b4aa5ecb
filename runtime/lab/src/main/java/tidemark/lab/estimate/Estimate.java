package tidemark.lab.estimate;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import tidemark.lab.experiment.Cell;
import tidemark.lab.experiment.Experiment;
import tidemark.lab.results.Column;
import tidemark.lab.results.Row;
import tidemark.lab.run.RunFolder;

/**
 * How long an experiment will take and how much disk, by cells of an earlier run. A cell that the earlier run did not have takes what a
 * control or a pilot of its workload lets expect.
 */
public final class Estimate {
    private static final double MIB = 1 << 20;
    /** Log, row and folder of a cell that has ended; its images are deleted. */
    private static final double KEPT_BYTES = 16 << 10;

    private final Experiment experiment;
    private final Map<String, List<Row>> known;

    /** @param earlier of the same workloads; empty if there is none */
    public Estimate(Experiment experiment, Optional<RunFolder> earlier) throws IOException {
        this.experiment = experiment;
        List<Row> rows = earlier.isPresent() ? earlier.get().rows() : List.of();
        known = rows.stream().filter(Row::isDone).collect(Collectors.groupingBy(row -> row.get(Column.WORKLOAD)));
    }

    /** Of all cells, one after the other by so many at once; empty if a workload is not known. */
    public Optional<Duration> time(int atOnce) {
        double seconds = 0;
        for (Cell cell : experiment.plan()) {
            OptionalDouble one = seconds(cell);
            if (one.isEmpty()) {
                return Optional.empty();
            }
            seconds += Math.min(one.getAsDouble(), experiment.timeLimit().toSeconds());
        }
        return Optional.of(Duration.ofMillis((long) (1000 * seconds / atOnce)));
    }

    /** Workloads of which the earlier run has no cell. */
    public List<String> unknown() {
        return experiment.workloads().keySet().stream().filter(workload -> !known.containsKey(workload)).toList();
    }

    private OptionalDouble seconds(Cell cell) {
        List<Row> ofWorkload = known.getOrDefault(cell.workload(), List.of());
        OptionalDouble same = mean(ofWorkload.stream()
                .filter(row -> row.get(Column.METHOD).equals(cell.method()) && row.counts() != cell.isPilot()).toList());
        if (same.isPresent() || cell.isControl()) {
            return same.isPresent() ? same : mean(ofWorkload.stream().filter(row -> row.get(Column.METHOD).equals(Cell.CONTROL)).toList());
        }
        // the whole workload, and what follows the checkpoint once more in the restored machine
        double again = experiment.restored() ? 1 - experiment.launch().share() : 0;
        OptionalDouble pilot = mean(ofWorkload.stream().filter(row -> row.get(Column.METHOD).equals(Cell.CONTROL)).toList());
        return pilot.isPresent() ? OptionalDouble.of(pilot.getAsDouble() * (1 + again)) : OptionalDouble.empty();
    }

    private static OptionalDouble mean(List<Row> rows) {
        return rows.stream().flatMapToDouble(row -> row.number(Column.CELL_S).stream()).average();
    }

    /**
     * Bytes of disk at most at once: an image of each cell that runs, and what stays of cells that have ended. Empty if a machine's RAM
     * is not known.
     */
    public OptionalDouble disk(int atOnce) {
        double image = 0;
        for (Cell cell : experiment.plan()) {
            OptionalDouble one = cell.isControl() ? OptionalDouble.of(0) : imageBytes(cell);
            if (one.isEmpty()) {
                return one;
            }
            image = Math.max(image, one.getAsDouble());
        }
        return OptionalDouble.of(atOnce * image + experiment.plan().size() * KEPT_BYTES);
    }

    /** As the earlier run had it; else as large as the machine's RAM. */
    private OptionalDouble imageBytes(Cell cell) {
        OptionalDouble before = known.getOrDefault(cell.workload(), List.of()).stream()
                .filter(row -> row.get(Column.METHOD).equals(cell.method()))
                .flatMapToDouble(row -> row.number(Column.IMAGE_BYTES).stream()).max();
        String ram = experiment.workloads().get(cell.workload()).machine().getOrDefault("ram", cell.machine().getOrDefault("ram", ""));
        return before.isPresent() || !ram.matches("\\d{1,9}") ? before : OptionalDouble.of(Integer.parseInt(ram) * MIB);
    }
}
