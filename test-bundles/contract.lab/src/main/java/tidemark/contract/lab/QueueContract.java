package tidemark.contract.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import tidemark.api.lab.CellExecutor;
import tidemark.api.lab.CellExecutor.Job;
import tidemark.api.lab.CellExecutor.RunningCell;

/** What a {@link CellExecutor} promises beside that if it hands cells to a scheduler: cells wait there, and outlive the lab. */
public abstract class QueueContract extends ExecutorContract {
    /** Another executor that knows nothing of this one, as after the lab was killed. */
    protected abstract CellExecutor successor();

    /** How many cells run at once. */
    protected int workers() {
        return Runtime.getRuntime().availableProcessors();
    }

    @Test
    void aCellThatWaitsForAWorkerHasNotBegunAndCanBeCancelled() throws Exception {
        int workers = workers();
        assertTrue(executor().slots(1) > workers, "cells can wait");
        List<Job> jobs = new ArrayList<>();
        for (int i = 0; i <= workers; i++) {
            jobs.add(job("echo begun >begun; while [ ! -e go ]; do sleep 0.1; done"));
        }
        List<RunningCell> cells = start(jobs.toArray(Job[]::new));
        awaitFile(file(jobs.get(workers - 1), "begun"));
        assertFalse(cells.get(workers).hasBegun());
        cells.get(workers).cancel();
        for (int i = 0; i < workers; i++) {
            Files.createFile(file(jobs.get(i), "go"));
            assertEquals(CellExecutor.DONE, end(cells.get(i)));
        }
        assertTrue(isKill(end(cells.get(workers))));
        assertFalse(Files.exists(file(jobs.get(workers), "begun")), "it never ran");
    }

    @Test
    void aCellThatOutlivesItsLabIsFoundByItsId() throws Exception {
        CellExecutor next = successor();
        Job job = job("while [ ! -e go ]; do sleep 0.1; done; exit 6");
        RunningCell cell = start(job).getFirst();
        RunningCell found = next.find(cell.id(), job.log()).orElseThrow();
        assertEquals(OptionalInt.empty(), found.await(Duration.ZERO));
        Files.createFile(file(job, "go"));
        assertEquals(6, end(found));
        assertEquals(6, end(next.find(cell.id(), job.log()).orElseThrow()), "found after its end, too");
        assertEquals(cell.id(), found.id());
    }
}
