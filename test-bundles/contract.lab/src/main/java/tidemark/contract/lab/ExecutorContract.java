package tidemark.contract.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tidemark.api.lab.CellExecutor;
import tidemark.api.lab.CellExecutor.Job;
import tidemark.api.lab.CellExecutor.RunningCell;

/**
 * What every {@link CellExecutor} promises. Extend it in a test class and say which one; one that lets cells wait extends {@link
 * QueueContract}. Cells are shell
 * scripts here.
 */
@Timeout(180)
public abstract class ExecutorContract {
    private static final Duration LONG = Duration.ofSeconds(100);
    private static final String BUSY = "echo begun >begun; while :; do echo x >>alive; sleep 0.1; done";

    /** Workers see it by the same path. */
    @TempDir
    protected Path folder;

    private final List<RunningCell> started = new ArrayList<>();
    private int tries;

    protected abstract CellExecutor executor();

    /** Takes a cell's worker away behind the executor's back: kills it, switches its host off. */
    protected abstract void loseWorker(RunningCell cell, Path log) throws Exception;

    @AfterEach
    final void cancelAll() throws Exception {
        for (RunningCell each : started) {
            each.cancel();
        }
    }

    Job job(String script, String... words) throws IOException {
        Path own = Files.createDirectory(folder.resolve("try-" + tries));
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", "cd '" + own + "'\n" + script, "cell"));
        command.addAll(List.of(words));
        return new Job(command, own.resolve("log"), tries++ % executor().slots(1), 1, Duration.ofMinutes(5));
    }

    List<RunningCell> start(Job... jobs) throws IOException {
        List<RunningCell> cells = executor().start(List.of(jobs));
        started.addAll(cells);
        assertEquals(jobs.length, cells.size());
        return cells;
    }

    static int end(RunningCell cell) throws InterruptedException {
        return cell.await(LONG).orElseThrow(() -> new AssertionError("The cell " + cell.id() + " did not end"));
    }

    static Path file(Job job, String name) {
        return job.log().resolveSibling(name);
    }

    static void awaitFile(Path file) throws InterruptedException {
        for (long end = System.nanoTime() + LONG.toNanos(); !Files.exists(file); Thread.sleep(20)) {
            assertTrue(System.nanoTime() < end, "no " + file);
        }
    }

    static boolean isKill(int code) {
        return code == CellExecutor.KILLED || code == CellExecutor.TERMINATED;
    }

    private void twoSlots() {
        assumeTrue(executor().slots(1) > 1, "this host runs one cell at once");
    }

    @Test
    void everyCellEndsWithItsOwnExitCode() throws Exception {
        twoSlots();
        List<RunningCell> cells = start(job("exit 1"), job("exit 0"));
        assertEquals(List.of(1, CellExecutor.DONE), List.of(end(cells.get(0)), end(cells.get(1))));
        assertTrue(cells.stream().allMatch(RunningCell::hasBegun));
    }

    @Test
    void aCellGetsItsWordsAsTheyAreAndItsLogHasErrorsToo() throws Exception {
        List<String> words = List.of("it's", "\"two\" words", "$HOME `id` \\n *", "", "line\nline", "größer");
        Job job = job("for word; do printf '[%s]' \"$word\"; done; echo wrong >&2", words.toArray(String[]::new));
        assertEquals(CellExecutor.DONE, end(start(job).getFirst()));
        assertEquals("[it's][\"two\" words][$HOME `id` \\n *][][line\nline][größer]wrong\n", Files.readString(job.log()));
    }

    @Test
    void aPoisonedCellIsNotRunAgain() throws Exception {
        Job job = job("echo run >>runs; exit " + CellExecutor.NEVER_AGAIN);
        assertEquals(CellExecutor.NEVER_AGAIN, end(start(job).getFirst()));
        assertEquals(CellExecutor.DONE, end(start(job("exit 0")).getFirst()));
        assertEquals(1, Files.readAllLines(file(job, "runs")).size());
    }

    @Test
    void aCellThatIsKilledIsToldAndNotRunAgain() throws Exception {
        Job job = job("echo run >>runs; kill -9 $$");
        assertEquals(CellExecutor.KILLED, end(start(job).getFirst()));
        assertEquals(CellExecutor.DONE, end(start(job("exit 0")).getFirst()));
        assertEquals(1, Files.readAllLines(file(job, "runs")).size());
    }

    @Test
    void aLostWorkerIsToldAndTakesNoOtherCellWithIt() throws Exception {
        twoSlots();
        Job lost = job(BUSY);
        Job other = job("echo begun >begun; while [ ! -e go ]; do sleep 0.1; done; exit 3");
        List<RunningCell> cells = start(lost, other);
        awaitFile(file(lost, "alive"));
        awaitFile(file(other, "begun"));
        loseWorker(cells.get(0), lost.log());
        int code = end(cells.get(0));
        assertTrue(isKill(code), "exit code " + code);
        assertEquals(OptionalInt.empty(), cells.get(1).await(Duration.ZERO));
        Files.createFile(file(other, "go"));
        assertEquals(3, end(cells.get(1)));
    }

    @Test
    void aCancelledCellHasEndedWithWhatItStartedAndComesWithNoLateResult() throws Exception {
        twoSlots();
        // a cell that does not hear SIGTERM, and one that would publish when it hears it
        Job deaf = job("trap '' TERM; (" + BUSY + ") & wait");
        Job late = job("trap 'sleep 1; echo late >result; exit 0' TERM; echo begun >begun; while :; do sleep 0.1; done");
        List<RunningCell> cells = start(deaf, late);
        awaitFile(file(deaf, "alive"));
        awaitFile(file(late, "begun"));
        for (RunningCell each : cells) {
            each.cancel();
            assertTrue(each.await(Duration.ZERO).isPresent(), "it has ended");
        }
        long size = Files.size(file(deaf, "alive"));
        boolean published = Files.exists(file(late, "result"));
        Thread.sleep(1500);
        assertEquals(size, Files.size(file(deaf, "alive")), "what it started goes on");
        assertEquals(published, Files.exists(file(late, "result")), "a result came after the cell's end");
    }

    @Test
    void cancellingACellLeavesTheOthersOfItsBatch() throws Exception {
        twoSlots();
        Job other = job("while [ ! -e go ]; do sleep 0.1; done; exit 5");
        List<RunningCell> cells = start(job(BUSY), other);
        cells.get(0).cancel();
        cells.get(0).cancel();
        Files.createFile(file(other, "go"));
        assertEquals(5, end(cells.get(1)));
        cells.get(1).cancel();
        assertEquals(5, end(cells.get(1)), "what has ended stays as it was");
    }

    @Test
    void twoTriesOfOneCellRunBesideEachOtherAndEachPublishesItsOwnResult() throws Exception {
        twoSlots();
        String cell = "seq 50000 >result.part; mv result.part result";
        Job first = job(cell);
        Job second = job(cell);
        for (RunningCell each : start(first, second)) {
            assertEquals(CellExecutor.DONE, end(each));
        }
        for (Job each : List.of(first, second)) {
            assertEquals("50000", Files.readAllLines(file(each, "result")).getLast());
            assertFalse(Files.exists(file(each, "result.part")));
        }
    }

    @Test
    void aCellOfSomebodyElseIsNotFound() throws Exception {
        for (String id : List.of("", "nobody's 1", "process 1", "slurm 1_0", "kubernetes nothing/0")) {
            assertEquals(Optional.empty(), executor().find(id, folder.resolve("log")), id);
        }
    }

    @Test
    void aProgramThatIsNotThereIsNoCellThatIsDoneOrKilled() throws Exception {
        Job job = job("");
        try {
            int code = end(start(new Job(List.of("/nowhere/program"), job.log(), 0, 1, job.timeLimit())).getFirst());
            assertTrue(code != CellExecutor.DONE && !isKill(code), "exit code " + code);
        } catch (IOException e) {
            assertTrue(e.getMessage().contains("/nowhere/program"), e.getMessage());
        }
    }
}
