package tidemark.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Platforms that are killed while they take increments, make some of them whole and delete the older ones: every image that is left is what the machine was, and nothing
 * else is left. {@code -Dtidemark.series.kills=300} kills more often.
 */
class SeriesKillIT {
    private static final int KILLS = Integer.getInteger("tidemark.series.kills", 2);
    private static final int LAST_MS = 1_500;

    @TempDir
    private Path folder;
    private final Random random = new Random(Long.getLong("tidemark.kills.seed", 7));
    /** Whether the last platform had begun an image before it was killed. */
    private boolean tookImages;

    @Test
    void everyImageThatIsLeftIsWhatTheMachineWasWheneverASeriesIsKilled() throws Exception {
        Path images = Files.createDirectory(folder.resolve("images"));
        int proven = 0;
        for (int kill = 0; kill <= KILLS; kill++) {
            List<Path> before = files(images);
            proven += run(script(images, before, kill), kill < KILLS);
            if (tookImages) { // who begins an image removes what others left unfinished
                assertEquals(List.of(), before.stream().filter(file -> isUnfinished(file) && Files.exists(file)).toList(), "unfinished images of a former platform");
            }
            for (Path file : before) {
                if (!isUnfinished(file)) {
                    Files.deleteIfExists(file);
                }
            }
        }
        assertTrue(proven >= KILLS, proven + " images of " + KILLS + " series that were killed");
    }

    /** Proves what the last one left, and takes a series of its own. */
    private static List<String> script(Path images, List<Path> before, int number) {
        String name = "s" + number;
        List<String> commands = new ArrayList<>();
        for (Path image : before) {
            if (image.toString().endsWith(".tdm")) {
                boolean hasProof = Files.exists(image.resolveSibling(image.getFileName() + ".oracle"));
                commands.add(hasProof ? "checkpoint:verify " + image : "checkpoint:restore " + image + " --name old; vm:destroy old");
            }
        }
        commands.addAll(List.of("vm:create " + name + " --guest storm --ram 20 --args 'workingSetMiB=2 rateMiBps=20 seconds=3600' --start", "vm:wait " + name + " --for workingSet",
                "echo READY", "checkpoint:series " + name + " --every 10ms --keep 2 --count " + 4 + " --oracle --to " + images, "echo AGAIN",
                "checkpoint:series " + name + " --every 10ms --keep 2 --oracle --to " + images));
        return commands;
    }

    /** @return images that were proven */
    private int run(List<String> script, boolean killed) throws Exception {
        List<String> commands = killed ? script : script.subList(0, script.size() - 2);
        ProcessBuilder builder = new ProcessBuilder(Platform.ROOT.resolve("launch/tidemark").toString(), "exec", String.join("; ", commands)).redirectErrorStream(true);
        builder.environment().putAll(Map.of("TIDEMARK_HOME", folder.resolve("home").toString()));
        Process platform = builder.start();
        platform.getOutputStream().close();
        List<String> output = new ArrayList<>();
        try (BufferedReader lines = platform.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                output.add(line);
                if (killed && line.equals("READY")) {
                    CompletableFuture.runAsync(platform::destroyForcibly, CompletableFuture.delayedExecutor(random.nextInt(LAST_MS), TimeUnit.MILLISECONDS));
                }
            }
        } catch (IOException e) {
            assertTrue(killed, () -> "its output ended: " + e);
        }
        tookImages = output.contains("AGAIN") || !killed;
        int code = platform.waitFor();
        assertEquals(killed ? 137 : 0, code, () -> String.join("\n", output));
        return (int) output.stream().filter(line -> line.matches("verdict +equal")).count();
    }

    private static boolean isUnfinished(Path file) {
        return file.getFileName().toString().startsWith(".");
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.sorted().toList();
        }
    }
}
