package tidemark.jcstress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the stress tests of this package, each for half a second; for longer give {@code -Dtidemark.jcstress.ms=60000}. */
class DirtyLogStressIT {
    private static final int STRESS_TESTS = 6;

    @Test
    void noOutcomeThatLosesAMarkIsObserved(@TempDir Path results) throws IOException, InterruptedException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String flags = "-Xmx512m --sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED";
        String millis = System.getProperty("tidemark.jcstress.ms", "500");
        List<String> command = List.of(java, "-cp", System.getProperty("java.class.path"), "org.openjdk.jcstress.Main",
                "-r", results.toString(),
                "-f", "1", "-iters", "1", "-time", millis, "-c", "2", "-sc", "false", "-jvmArgs", flags);
        Process run = new ProcessBuilder(command).directory(results.toFile()).redirectErrorStream(true).start();
        String report = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, run.waitFor(), report);
        assertTrue(report.contains("(Results: " + STRESS_TESTS + " planned; "
                + STRESS_TESTS + " passed, 0 failed, 0 soft errs, 0 hard errs"), report);
    }
}
