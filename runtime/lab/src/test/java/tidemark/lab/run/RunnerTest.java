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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tidemark.api.lab.CellExecutor;
import tidemark.api.lab.CellExecutor.RunningCell;
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

    /** Cells that a former process handed over, by id. */
    private final Map<String, RunningCell> found = new HashMap<>();
    private final List<String> cancelled = new ArrayList<>();

    private record FakeCell(String id, OptionalInt code, AtomicInteger waits, List<String> cancelled) implements RunningCell {
        @Override
        public boolean hasBegun() {
            return waits.get() <= 0;
        }

        @Override
        public OptionalInt await(Duration timeout) {
            return waits.getAndDecrement() > 0 ? OptionalInt.empty() : code;
        }

        @Override
        public void cancel() {
            cancelled.add(id);
        }
    }

    private Runner runner(RunFolder folder, Work work, List<String> failures) {
        return runner(folder, work, failures, 0);
    }

    /** @param waits how often the first cell is looked at before it has a worker */
    private Runner runner(RunFolder folder, Work work, List<String> failures, int waits) {
        CellExecutor executor = new CellExecutor() {
            @Override
            public int slots(int processors) {
                return 2;
            }

            @Override
            public List<RunningCell> start(List<Job> jobs) throws IOException {
                List<RunningCell> started = new ArrayList<>();
                for (Job job : jobs) {
                    String number = job.command().get(0);
                    int attempt = Integer.parseInt(job.command().get(1));
                    begun.add(number + "/" + attempt);
                    OptionalInt code = work.of(folder.plan().get(Integer.parseInt(number)), attempt);
                    started.add(new FakeCell(number + "/" + attempt, code, new AtomicInteger(number.equals("0") ? waits : 0), cancelled));
                }
                return started;
            }

            @Override
            public Optional<RunningCell> find(String id, Path log) {
                return Optional.ofNullable(found.get(id));
            }
        };
        return new Runner(folder, executor, (run, cell, attempt) -> List.of(Integer.toString(cell.number()), Integer.toString(attempt)), new Runner.Listener() {
            @Override
            public void started(Cell cell) {
                // not looked at
            }

            @Override
            public void lost(Cell cell, int attempt) {
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
    void aCellMayWaitForAWorkerLongerThanItMayRun() throws Exception {
        RunFolder folder = folder();
        List<String> failures = new ArrayList<>();
        // the limit is 1 s; cells are looked at every 100 ms
        runner(folder, (cell, attempt) -> publish(folder, cell, attempt), failures, 13).run();
        assertEquals(List.of(), failures);
    }

    @Test
    void aCellWhoseWorkerIsLostRunsOnceMore() throws Exception {
        RunFolder folder = folder();
        List<String> failures = new ArrayList<>();
        runner(folder, (cell, attempt) -> attempt == 1 ? OptionalInt.of(CellExecutor.KILLED) : publish(folder, cell, attempt), failures)
                .run();
        assertEquals(List.of(), failures);
        assertEquals(folder.plan().size(), folder.rows().size());
        assertTrue(folder.rows().stream().allMatch(row -> row.isDone() && row.get(Column.ATTEMPT).equals("2")), "each by its second try");
        assertEquals(2 * folder.plan().size(), begun.size());
    }

    @Test
    void aCellThatLosesEveryWorkerFails() throws Exception {
        RunFolder folder = folder();
        List<String> failures = new ArrayList<>();
        runner(folder, (cell, attempt) -> cell.number() == 3 ? OptionalInt.of(CellExecutor.TERMINATED) : publish(folder, cell, attempt),
                failures).run();
        assertEquals(1, failures.size());
        assertTrue(failures.getFirst().contains("3 times"), failures.getFirst());
        assertEquals(List.of("3/1", "3/2", "3/3"), begun.stream().filter(each -> each.startsWith("3/")).toList());
    }

    @Test
    void aLateResultOfATryThatWasTakenForLostIsTheCellsAndEndsTheTryInItsPlace() throws Exception {
        RunFolder folder = folder();
        runner(folder, (cell, attempt) -> {
            if (cell.number() != 2) {
                return publish(folder, cell, attempt);
            }
            if (attempt == 1) {
                return OptionalInt.of(CellExecutor.KILLED);
            }
            publish(folder, cell, 1);
            return OptionalInt.empty();
        }, new ArrayList<>()).run();
        assertEquals("1", folder.rows().get(2).get(Column.ATTEMPT));
        assertEquals(List.of("2/2"), cancelled);
    }

    @Test
    void theFirstResultStaysTheCellsWhenThatOfAnEarlierTryComesLater() throws Exception {
        RunFolder folder = folder();
        runner(folder, (cell, attempt) -> attempt == 1 ? OptionalInt.of(CellExecutor.KILLED) : publish(folder, cell, attempt),
                new ArrayList<>()).run();
        publish(folder, folder.plan().get(2), 1);
        assertEquals("2", folder().rows().get(2).get(Column.ATTEMPT));
    }

    @Test
    void aResultThatComesAfterItsCellWasEndedDoesNotCount() throws Exception {
        RunFolder folder = folder();
        List<String> failures = new ArrayList<>();
        runner(folder, (cell, attempt) -> cell.number() == 1 ? OptionalInt.empty() : publish(folder, cell, attempt), failures).run();
        publish(folder, folder.plan().get(1), 1);
        Row row = folder().rows().get(1);
        assertTrue(!row.isDone() && row.get(Column.REASON).contains("did not end within"), row.get(Column.REASON));
    }

    @Test
    void aResultOfAnotherCellOrTryIsNone() throws Exception {
        RunFolder folder = folder();
        List<String> failures = new ArrayList<>();
        runner(folder, (cell, attempt) -> {
            RowFile.publish(Row.of(folder.plan().get(cell.number() == 2 ? 3 : cell.number()), cell.number() == 1 ? 7 : attempt)
                    .put(Column.STATUS, Row.DONE),
                    folder.result(cell, attempt));
            return OptionalInt.of(CellExecutor.DONE);
        }, failures).run();
        assertEquals(2, failures.size(), failures.toString());
    }

    @Test
    void aResumedRunTakesBackTheCellsThatItsExecutorStillHas() throws Exception {
        RunFolder folder = folder();
        assertThrows(Killed.class, () -> runner(folder, (cell, attempt) -> {
            if (cell.number() == 2) {
                throw new Killed();
            }
            return cell.isPilot() ? publish(folder, cell, attempt) : OptionalInt.empty();
        }, new ArrayList<>()).run());
        // as a kill leaves it: the tries are in the journal, nobody has ended them
        Files.writeString(folder.journal(), "{\"event\":\"begun\",\"cell\":1,\"attempt\":1,\"id\":\"there 1\"}\n",
                StandardOpenOption.APPEND);
        found.put("there 1", new FakeCell("there 1", OptionalInt.of(CellExecutor.DONE), new AtomicInteger(2), cancelled));
        begun.clear();
        RunFolder again = folder();
        runner(again, (cell, attempt) -> {
            if (again.published(again.plan().get(1), 1).isEmpty()) {
                publish(again, again.plan().get(1), 1);
            }
            return publish(again, cell, attempt);
        }, new ArrayList<>()).run();
        assertTrue(begun.stream().noneMatch(each -> each.startsWith("1/")), begun.toString());
        assertEquals(folder.plan().size(), again.rows().stream().filter(Row::isDone).count());
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
