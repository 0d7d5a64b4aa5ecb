package tidemark.lab.estimate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidemark.lab.experiment.Cell;
import tidemark.lab.experiment.Experiment;
import tidemark.lab.experiment.ExperimentFile;
import tidemark.lab.results.Column;
import tidemark.lab.results.Row;
import tidemark.lab.results.RowFile;
import tidemark.lab.run.RunFolder;

class EstimateTest {
    private static final String EXPERIMENT = """
            name: e
            repetitions: %d
            timeLimitSeconds: 100
            launch: {share: 0.25}
            defaults: {ram: 64}
            workloads: {%s: {guest: w}}
            methods: {stop: {protocol: stop}}
            """;

    @TempDir
    Path folder;

    private Experiment experiment(int repetitions, String workload) throws Exception {
        return ExperimentFile.read(Files.writeString(folder.resolve("e.yaml"), EXPERIMENT.formatted(repetitions, workload)));
    }

    /** Pilots took 8 s, controls 10, stop 30 or what is said. */
    private RunFolder run(boolean onlyPilots, double stop) throws Exception {
        RunFolder run = RunFolder.create(folder.resolve("run"),
                Files.writeString(folder.resolve("run.yaml"), EXPERIMENT.formatted(3, "W")));
        StringBuilder journal = new StringBuilder();
        for (Cell cell : run.plan()) {
            if (cell.isPilot() || !onlyPilots) {
                run.attempt(cell, 1);
                RowFile.publish(Row.of(cell, 1).put(Column.STATUS, Row.DONE)
                        .put(Column.CELL_S, cell.isPilot() ? 8.0 : cell.isControl() ? 10.0 : stop)
                        .put(Column.IMAGE_BYTES, cell.isControl() ? "" : "1000000"), run.result(cell, 1));
                journal.append("{\"event\":\"start\",\"cell\":%d,\"attempt\":1}\n".formatted(cell.number()));
            }
        }
        Files.writeString(run.path().resolve("journal.jsonl"), journal);
        return run;
    }

    @Test
    void eachCellTakesAsLongAsInTheEarlierRun() throws Exception {
        Estimate estimate = new Estimate(experiment(5, "W"), Optional.of(run(false, 30)));
        assertEquals(Optional.of(Duration.ofSeconds(8 + 5 * (10 + 30))), estimate.time(1));
        assertEquals(Optional.of(Duration.ofSeconds((8 + 5 * (10 + 30)) / 2)), estimate.time(2));
        assertEquals(OptionalDouble.of(2 * 1000000 + 11 * (16 << 10)), estimate.disk(2));
    }

    @Test
    void aPilotIsEnoughAndWhatIsRestoredRunsTheRestOnceMore() throws Exception {
        Estimate estimate = new Estimate(experiment(2, "W"), Optional.of(run(true, 0)));
        assertEquals(Optional.of(Duration.ofSeconds(8 + 2 * (8 + 14))), estimate.time(1));
        assertEquals(OptionalDouble.of((64 << 20) + 5 * (16 << 10)), estimate.disk(1), "an image is at most as large as RAM");
    }

    @Test
    void noCellTakesLongerThanItMay() throws Exception {
        assertEquals(Optional.of(Duration.ofSeconds(8 + 10 + 100)), new Estimate(experiment(1, "W"), Optional.of(run(false, 500))).time(1));
    }

    @Test
    void aWorkloadThatNobodyRanIsNotGuessed() throws Exception {
        Estimate estimate = new Estimate(experiment(1, "OTHER"), Optional.of(run(false, 30)));
        assertEquals(Optional.empty(), estimate.time(1));
        assertEquals(List.of("OTHER"), estimate.unknown());
        assertTrue(new Estimate(experiment(1, "W"), Optional.empty()).time(1).isEmpty());
    }
}
