package tidemark.api.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidemark.api.lab.CellExecutor.Job;

class CellScriptTest {
    @TempDir
    Path folder;

    private Job job(String script) {
        return new Job(List.of("/bin/sh", "-c", script), folder.resolve("log"), 0, 1, Duration.ofMinutes(1));
    }

    private static int run(Path script) throws Exception {
        return new ProcessBuilder("/bin/sh", script.toString()).start().waitFor();
    }

    @Test
    void aCellLeavesItsExitCodeWhenItHasEnded() throws Exception {
        Job job = job("echo said; exit 7");
        assertEquals(OptionalInt.empty(), CellScript.exitCode(job.log()));
        assertEquals(7, run(CellScript.write(job)));
        assertEquals(OptionalInt.of(7), CellScript.exitCode(job.log()));
        assertEquals("said\n", Files.readString(job.log()));
    }

    @Test
    void aCellBeginsWhereTheLabWasStarted() throws Exception {
        Job job = job("pwd");
        new ProcessBuilder("/bin/sh", CellScript.write(job).toString()).directory(folder.toFile()).start().waitFor();
        assertEquals(System.getProperty("user.dir"), Files.readString(job.log()).strip());
    }

    @Test
    void aScriptThatASchedulerRunsTwiceRunsItsCellOnce() throws Exception {
        Path runs = folder.resolve("runs");
        Job job = job("echo run >>" + runs + "; exit 7");
        Path script = CellScript.write(job);
        run(script);
        assertEquals(CellExecutor.NEVER_AGAIN, run(script));
        assertEquals(1, Files.readAllLines(runs).size());
        assertEquals(OptionalInt.of(7), CellScript.exitCode(job.log()), "the first one's");
    }

    @Test
    void aFileThatIsNoExitCodeIsNone() throws Exception {
        Files.writeString(folder.resolve("exit-code"), "?");
        assertEquals(OptionalInt.empty(), CellScript.exitCode(folder.resolve("log")));
    }
}
