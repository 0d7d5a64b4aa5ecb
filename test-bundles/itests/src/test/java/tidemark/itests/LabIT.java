package tidemark.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code launch/tidemark lab} as a user calls it, with real cells. */
class LabIT {
    private static final int KILLS = Integer.getInteger("tidemark.lab.kills", 3);

    @TempDir
    Path home;

    @Test
    void anExperimentIsKilledGoesOnAndEndsInAReportOfEveryCellVerified() throws Exception {
        Path experiment = Platform.ROOT.resolve("launch/experiments/smoke.yaml");
        Path run = home.resolve("run");
        Random random = new Random(5);
        for (int kill = 0; kill < KILLS; kill++) {
            kill(random.nextInt(4000, 14_000), kill == 0 ? List.of("run", experiment.toString(), "--out", run.toString()) : List.of("resume", run.toString()));
        }
        Launched end = Launched.tidemark(home, "lab", Files.exists(run.resolve("experiment.yaml")) ? "resume" : "run",
                Files.exists(run.resolve("experiment.yaml")) ? run.toString() : experiment.toString(), "--executor", "local");
        assertEquals(0, end.code(), end.toString());
        List<String> rows = Files.readAllLines(run.resolve("results.csv"));
        assertEquals(1 + 7, rows.size(), "a pilot, and twice a control and two methods: " + rows);
        assertEquals(7, rows.stream().filter(row -> row.contains(",done,")).count(), rows.toString());
        assertEquals(4, rows.stream().filter(row -> row.contains("SUCCESSFUL,SUCCESSFUL")).count(), "restored machines verify: " + rows);
        String page = Files.readString(run.resolve("report.html"));
        assertTrue(page.contains("Figure 5.1") && page.contains("Table 3.14, 4.15"), "tables and figures");
        assertFalse(page.matches("(?s).*(src|href)=\"https?:.*"), "nothing from the network");
    }

    private void kill(int milliseconds, List<String> words) throws Exception {
        List<String> command = new ArrayList<>(List.of(Platform.ROOT.resolve("launch/tidemark").toString(), "lab"));
        command.addAll(words);
        ProcessBuilder builder = new ProcessBuilder(command).directory(home.toFile()).redirectErrorStream(true).redirectOutput(home.resolve("killed").toFile());
        builder.environment().put("TIDEMARK_HOME", home.resolve("tidemark").toString());
        Process process = builder.start();
        if (!process.waitFor(milliseconds, TimeUnit.MILLISECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void whatIsWrongWithAnExperimentIsToldWithItsLine() throws Exception {
        Path file = Files.writeString(home.resolve("wrong.yaml"), "name: wrong\nlaunch: {share: 0.5}\nworkloads: {A: {guest: is.S}}\nmethods: {stop: {protocl: stop}}\n");
        Launched end = Launched.tidemark(home, "lab", "check", file.toString());
        assertEquals(1, end.code(), end.toString());
        assertTrue(end.err().contains("wrong.yaml:4: unknown key 'protocl' of stop"), end.toString());
    }
}
