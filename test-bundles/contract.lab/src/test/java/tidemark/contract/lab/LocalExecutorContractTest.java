package tidemark.contract.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import tidemark.api.lab.CellExecutor;
import tidemark.api.lab.CellExecutor.Job;
import tidemark.api.lab.CellExecutor.RunningCell;
import tidemark.executor.local.LocalExecutor;

class LocalExecutorContractTest extends ExecutorContract {
    private final LocalExecutor executor = new LocalExecutor();

    @Override
    protected CellExecutor executor() {
        return executor;
    }

    @Override
    protected void loseWorker(RunningCell cell, Path log) {
        ProcessHandle.of(Long.parseLong(cell.id().split(" ")[1])).orElseThrow().destroyForcibly();
    }

    @Test
    void cellsThatRunAtOnceHaveProcessorsOfTheirOwn() throws Exception {
        assumeTrue(executor.slots(1) > 1, "this host has one processor");
        String allowed = "grep Cpus_allowed_list /proc/self/status";
        List<Path> logs = List.of(folder.resolve("a"), folder.resolve("b"));
        List<RunningCell> cells = executor.start(List.of(job(logs.get(0), 0, allowed), job(logs.get(1), 1, allowed)));
        for (RunningCell each : cells) {
            assertEquals(0, each.await(Duration.ofSeconds(10)).orElseThrow());
        }
        assertEquals(2, logs.stream().map(LocalExecutorContractTest::text).filter(text -> text.matches("Cpus_allowed_list:\\s+\\d+\\s+"))
                .distinct().count());
    }

    private static Job job(Path log, int slot, String script) {
        return new Job(List.of("/bin/sh", "-c", script), log, slot, 1, Duration.ofMinutes(1));
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
