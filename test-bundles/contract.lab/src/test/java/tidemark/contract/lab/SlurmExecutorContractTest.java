package tidemark.contract.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidemark.api.lab.CellExecutor;
import tidemark.api.lab.CellExecutor.Job;
import tidemark.api.lab.CellExecutor.RunningCell;
import tidemark.executor.slurm.SlurmExecutor;
import tidemark.testkit.SlurmCluster;

/** With Slurm's own controller and node. */
class SlurmExecutorContractTest extends QueueContract {
    @TempDir
    static Path home;

    private static SlurmCluster cluster;
    private final SlurmExecutor executor = new SlurmExecutor(cluster.environment());

    @BeforeAll
    static void startSlurm() throws Exception {
        cluster = SlurmCluster.start(home);
    }

    @AfterAll
    static void endSlurm() throws Exception {
        if (cluster != null) {
            cluster.stop();
        }
    }

    @Override
    protected CellExecutor executor() {
        return executor;
    }

    @Override
    protected CellExecutor successor() {
        return new SlurmExecutor(cluster.environment());
    }

    /** As an administrator takes a job away. */
    @Override
    protected void loseWorker(RunningCell cell, Path log) throws Exception {
        cluster.run("scancel", cell.id().split(" ")[1]);
    }

    @Test
    void aBatchIsOneJobArray() throws Exception {
        List<Job> jobs = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            Path own = Files.createDirectory(folder.resolve("array-" + i));
            jobs.add(new Job(List.of("/bin/sh", "-c", "exit " + i), own.resolve("log"), i, 1, Duration.ofMinutes(1)));
        }
        List<RunningCell> cells = executor.start(jobs);
        assertEquals(1, cells.stream().map(cell -> cell.id().replaceAll("_.*", "")).distinct().count());
        for (int i = 0; i < cells.size(); i++) {
            assertEquals(i, cells.get(i).await(Duration.ofSeconds(60)).orElseThrow());
        }
    }

    @Test
    void aBatchScriptThatIsKilledOutrightIsALostWorker() throws Exception {
        Path own = Files.createDirectory(folder.resolve("killed"));
        Job job = new Job(List.of("/bin/sh", "-c", "kill -9 $PPID; sleep 60"), own.resolve("log"), 0, 1, Duration.ofMinutes(1));
        assertEquals(CellExecutor.KILLED, executor.start(List.of(job)).getFirst().await(Duration.ofSeconds(60)).orElseThrow());
    }

    @Test
    void asManyCellsAtOnceAsAnArrayTakes() {
        assertEquals(1000, executor.slots(2));
    }

    @Test
    void whatSlurmRefusesIsToldInItsWords() throws Exception {
        Path own = Files.createDirectory(folder.resolve("refused"));
        Job job = new Job(List.of("true"), own.resolve("log"), 0, 1, Duration.ofMinutes(1));
        Map<String, String> environment = Map.of("SLURM_CONF", cluster.environment().get("SLURM_CONF"), "SBATCH_PARTITION", "nowhere");
        String message = assertThrows(IOException.class, () -> new SlurmExecutor(environment).start(List.of(job))).getMessage();
        assertTrue(message.contains("sbatch") && message.contains("nvalid partition"), message);
    }
}
