package tidemark.lab.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tidemark.api.lab.CellExecutor;
import tidemark.lab.experiment.Cell;
import tidemark.lab.results.Column;
import tidemark.lab.results.Row;
import tidemark.lab.results.RowFile;

/** Cells that are told what to do instead of real ones. */
@Timeout(60)
class RunnerTest {
    @TempDir
    Path directory;

    private Path experiment;
    private final List<String> begun = new ArrayList<>();

    @BeforeEach
    void experiment() throws Exception {
        experiment = Files.writeString(directory.resolve("e.yaml"), """
                name: e
                repetitions: 3
                launch: {share: 0.5}
                timeLimitSeconds: 1
                workloads: {W: {guest: w}}
                methods: {stop: {protocol: stop}, thread: {protocol: thread}}
                """);
    }

    private RunFolder folder() throws Exception {
        Path run = directory.resolve("run");
        return Files.exists(run.resolve("experiment.yaml")) ? RunFolder.open(run) : RunFolder.create(run, experiment);
    }

    /** What a cell does when it is begun: gives its exit code, or nothing for one that never ends. */
    private interface Work {
        OptionalInt of(Cell cell, int attempt) throws IOException;
    }

    private Runner runner(RunFolder folder, Work work, List<String> failures) {
        CellExecutor executor = new CellExecutor() {
            @Override
            public int slots(int processors) {
                return 2;
            }

            @Override
            public RunningCell start(Job job) throws IOException {
                int number = Integer.parseInt(job.command().get(0));
                int attempt = Integer.parseInt(job.command().get(1));
                begun.add(number + "/" + attempt);
                OptionalInt code = work.of(folder.plan().get(number), attempt);
                return new RunningCell() {
                    @Override
                    public String id() {
                        return "0";
                    }

                    @Override
                    public OptionalInt await(Duration timeout) {
                        return code;
                    }

                    @Override
                    public void cancel() {
                        // does nothing any more
                    }
                };
            }
        };
        return new Runner(folder, executor, (run, cell, attempt) -> List.of(Integer.toString(cell.number()), Integer.toString(attempt)), new Runner.Listener() {
            @Override
            public void started(Cell cell) {
                // not looked at
            }

            @Override
            public void ended(Cell cell, String failure, int left) {
                if (!failure.isEmpty()) {
                    failures.add(failure);
                }
            }
        });
    }

    private static OptionalInt publish(RunFolder folder, Cell cell, int attempt) throws IOException {
        RowFile.publish(Row.of(cell, attempt).put(Column.STATUS, Row.DONE), folder.result(cell, attempt));
        return OptionalInt.of(CellExecutor.DONE);
    }

    @Test
    void everyCellRunsOncePilotsFirst() throws Exception {
        RunFolder folder = folder();
        List<String> failures = new ArrayList<>();
        runner(folder, (cell, attempt) -> publish(folder, cell, attempt), failures).run();
        assertEquals(folder.plan().size(), folder.rows().size());
        assertEquals(folder.plan().size(), begun.size());
        assertEquals("0/1", begun.getFirst());
        assertEquals(List.of(), failures);
    }

    @Test
    void aRunThatIsKilledAgainAndAgainEndsWithExactlyTheCellsItShouldHave() throws Exception {
        Files.writeString(experiment, Files.readString(experiment).replace("repetitions: 3", "repetitions: 30"));
        Random random = new Random(3);
        for (int kill = 0; kill < 50; kill++) {
            RunFolder folder = folder();
            assertThrows(Killed.class, () -> runner(folder, (cell, attempt) -> {
                if (random.nextBoolean()) {
                    return publish(folder, cell, attempt);
                }
                if (random.nextBoolean()) {
                    publish(folder, cell, attempt);
                }
                if (random.nextBoolean()) {
                    Files.writeString(folder.journal(), "{\"event\":\"do", StandardOpenOption.APPEND);
                }
                throw new Killed();
            }, new ArrayList<>()).run());
        }
        RunFolder folder = folder();
        runner(folder, (cell, attempt) -> publish(folder, cell, attempt), new ArrayList<>()).run();
        assertEquals(folder.plan().stream().map(Cell::number).toList(), folder.rows().stream().map(Row::cell).toList());
        assertTrue(folder.rows().stream().allMatch(Row::isDone));
    }

    private static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    @Test
    void aCellThatFailsIsKeptWithItsReasonAndNotTriedAgain() throws Exception {
        RunFolder folder = folder();
        List<String> failures = new ArrayList<>();
        Work oneDies = (cell, attempt) -> cell.number() == 2 ? OptionalInt.of(1) : publish(folder, cell, attempt);
        runner(folder, oneDies, failures).run();
        assertEquals(1, failures.size());
        assertTrue(failures.getFirst().contains("exit code 1 and no result"), failures.toString());
        Row row = folder.rows().get(2);
        assertTrue(!row.isDone() && row.get(Column.REASON).contains("exit code 1"), row.get(Column.REASON));
        int before = begun.size();
        runner(folder(), oneDies, failures).run();
        assertEquals(before, begun.size());
    }

    @Test
    void aCellThatDoesNotEndInTimeIsEnded() throws Exception {
        RunFolder folder = folder();
        List<String> failures = new ArrayList<>();
        runner(folder, (cell, attempt) -> cell.number() == 1 ? OptionalInt.empty() : publish(folder, cell, attempt), failures).run();
        assertEquals(List.of("it did not end within 1 s"), failures);
    }

    @Test
    void twoRunnersOfOneFolderAreRefused() throws Exception {
        RunFolder folder = folder();
        try (var lock = folder.lock()) {
            assertTrue(lock.isOpen());
            IOException refusal = assertThrows(IOException.class, () -> runner(folder, (cell, attempt) -> publish(folder, cell, attempt), new ArrayList<>()).run());
            assertTrue(refusal.getMessage().contains("goes on in another process"), refusal.getMessage());
        }
    }

    @Test
    void aFolderThatHasARunIsNotOverwritten() throws Exception {
        RunFolder folder = folder();
        assertTrue(assertThrows(IOException.class, () -> RunFolder.create(folder.path(), experiment)).getMessage().contains("lab resume"));
    }
}
