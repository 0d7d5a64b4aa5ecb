package tidemark.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every example of every command's help, as {@code help COMMAND} shows it, runs in one platform. Each has a folder of its own, with what its {@link #STAGE} prepares.
 * {@link #NOT_RUN} lists those that do not run here, with the reason.
 */
class HelpExamplesIT {
    private static final Path BUNDLES = Platform.ROOT.resolve("launch/target/platform/bundles");
    private static final Path KERNEL = Platform.ROOT.resolve("plugins/guest.kernels/src/main/resources/tidemark/guest/kernels/kernel.core.elf");
    private static final String DEBIAN = "needs Debian, which is fetched from the network (DebianIT)";

    /** Regular expressions of whole examples, and why these do not run. */
    private static final Map<String, String> NOT_RUN = inOrder(
            "guest:fetch .*", "fetches from the network",
            "vm:create web --guest debian .*|bench:guest debian .*|bench:boot.*", DEBIAN,
            "vm:console linux .*--expect.*", DEBIAN,
            "checkpoint:restore web.tdm .*", "listens on a port of the host, which may be in use",
            "bench:(cpu|programs|tracking|handshake).*|bench:guest cg.W .*", "takes minutes (BenchIT runs short ones)",
            "demo:run|demo:run --guest lu.W .*", "takes minutes (LauncherIT runs a short one)",
            "disk:commit data.img.layer3", "needs layers that a machine registered (DiskLayerCommandsTest)",
            "lab:(run|resume|report|cell|compare) .*|lab:check .*--run .*",
            "takes a minute or more, or needs a run that did (LabIT runs a short experiment)",
            "vm:pauses .*--within.*", "depends on how busy the host is");

    /** Regular expressions that are found in an example, and the commands that come before it; all that match, in this order. */
    private static final Map<String, String> STAGE = inOrder(
            "\\bm1\\b", "disk:create m1.img 1M; vm:create m1 --guest storm --ram 32 --disk m1.img,format=raw --start",
            "grep running", "vm:create m1 --guest storm --ram 32 --start",
            "disk:(layers|tidy) data.img", "disk:create data.img 1M",
            "data.img.layer3", "disk:create data.img 1M; disk:create data.img.layer1 --backing data.img; "
                    + "disk:create data.img.layer2 --backing data.img.layer1; disk:create data.img.layer3 --backing data.img.layer2",
            "theirs.tdm", "vm:create theirs --guest bt.A --ram 64 --start; checkpoint:take theirs --to theirs.tdm; vm:destroy theirs",
            "vm:console linux", "vm:create linux --guest echo --ram 16 --start",
            "vm:(wait|console) cg", "vm:create cg --guest cg.S --ram 64 --start",
            "vm:start cg", "vm:create cg --guest bt.A --ram 64",
            "(?<!vm:(wait|console|start|create)) cg\\b(?!\\.)", "vm:create cg --guest bt.A --ram 64 --start",
            "checkpoint:\\w+ cg-thread-1", "checkpoint:take cg --oracle",
            "--until paused|vm:resume cg|--into cg", "vm:pause cg",
            "disk:info root.qcow2|--disk root.qcow2", "disk:create root.qcow2 8M",
            "--backing root.img", "disk:create root.img 8M",
            "part:(update|remove|why) protocol.mine", "try { part:install target/protocol.mine-0.1.0-SNAPSHOT.jar } catch { echo installed by an example before }",
            "--device my-device", "try { part:install my-device.jar } catch { echo installed by an example before }",
            "contract:run my-protocol", "try { part:install my-protocol.jar } catch { echo installed by an example before }");
    private static final String CLEAN = "each (vm:list) { vm:destroy $it }; checkpoint:delete (checkpoint:list)";
    /** Examples that end the shell, and with which code. */
    private static final Map<String, String> ENDS = inOrder("exit", "0", "exit 3", "3", "quit", "0");
    /** Examples of what fails, and what is said then. */
    private static final Map<String, String> FAILS = inOrder("vm:crate", "did you mean vm:create?");

    @TempDir
    Path home;

    private static Map<String, String> inOrder(String... pairs) {
        Map<String, String> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put(pairs[i], pairs[i + 1]);
        }
        return map;
    }

    @Test
    void everyExampleOfEveryHelpDoesWhatItSays() throws Exception {
        List<String> examples = examples();
        Map<String, String> omitted = omitted(examples);
        omitted.forEach((example, reason) -> System.out.println("Not run: " + example + ": " + reason));
        // those that change the framework come last
        List<String> run = examples.stream().filter(example -> !omitted.containsKey(example) && !ENDS.containsKey(example))
                .sorted(Comparator.comparing(example -> example.startsWith("felix:uninstall") ? 2 : example.startsWith("felix:") ? 1 : 0)).toList();
        StringBuilder script = new StringBuilder("echo begin\n");
        for (int i = 0; i < run.size(); i++) {
            script.append(staged(i, run.get(i)));
        }
        Launched end = Launched.tidemark(home, Duration.ofMinutes(10), "exec", "-f", Files.writeString(home.resolve("examples.tidemark"), script).toString());
        assertEquals(0, end.code(), end.toString());
        List<String> wrong = new ArrayList<>();
        for (int i = 0; i < run.size(); i++) {
            String said = between(end.out(), "example " + i + "\n", "example " + (i + 1) + "\n");
            String expected = FAILS.get(run.get(i));
            if (said.contains("UNSTAGED") || (expected == null ? said.contains("FAILED") : !said.contains("FAILED") || !said.contains(expected))) {
                wrong.add(run.get(i) + "\n" + said);
            }
        }
        assertEquals("", String.join("\n", wrong), end.err());
    }

    @Test
    void examplesThatEndTheShellEndItWithTheirCode() throws Exception {
        assertTrue(examples().containsAll(ENDS.keySet()), "help exit, help quit");
        for (Map.Entry<String, String> each : ENDS.entrySet()) {
            assertEquals(Integer.parseInt(each.getValue()), Launched.tidemark(home, "exec", each.getKey() + "; echo never").code(), each.getKey());
        }
    }

    private List<String> examples() throws Exception {
        Launched overview = Launched.tidemark(home, "exec", "help");
        List<String> commands = new ArrayList<>(overview.out().lines().filter(line -> line.matches("  \\w+:\\w+ .*")).map(line -> line.strip().split(" ")[0]).toList());
        assertTrue(commands.size() > 40, overview.toString());
        commands.add("shell:default");
        Launched helps = Launched.tidemark(home, "exec", String.join("; ", commands.stream().map(command -> "help " + command).toList()));
        assertEquals(0, helps.code(), helps.toString());
        List<String> examples = new ArrayList<>();
        boolean among = false;
        for (String line : helps.out().lines().toList()) {
            among = line.equals("Examples") || among && line.startsWith("  ");
            if (among && line.startsWith("  ")) {
                examples.add(line.replaceFirst("\\s+#.*", "").strip());
            }
        }
        assertTrue(examples.size() > commands.size(), examples.toString());
        return examples.stream().distinct().toList();
    }

    private static Map<String, String> omitted(List<String> examples) {
        Map<String, String> omitted = new LinkedHashMap<>();
        NOT_RUN.forEach((regex, reason) -> {
            List<String> meant = examples.stream().filter(example -> example.matches(regex)).toList();
            assertTrue(!meant.isEmpty(), "no example is " + regex);
            meant.forEach(example -> omitted.put(example, reason));
        });
        return omitted;
    }

    private String staged(int number, String example) throws IOException {
        Path folder = Files.createDirectories(home.resolve("examples/" + number));
        furnish(folder);
        List<String> before = new ArrayList<>(List.of(CLEAN));
        STAGE.forEach((regex, commands) -> {
            if (Pattern.compile(regex).matcher(example).find()) {
                before.add(commands);
            }
        });
        return "cd " + folder + "\necho example " + number + "\ntry {\n" + String.join("\n", before) + "\n} catch { echo UNSTAGED $exception }\ntry {\n"
                + example.replace("/tmp/", folder + "/") + "\n} catch { echo FAILED $exception }\n";
    }

    /** The files that examples name. */
    private static void furnish(Path folder) throws IOException {
        Files.createDirectories(folder.resolve("build"));
        Files.createDirectories(folder.resolve("target"));
        Files.copy(KERNEL, folder.resolve("build/mine.elf"));
        Files.copy(KERNEL, folder.resolve("Image"));
        Files.createDirectories(folder.resolve("launch"));
        Files.createSymbolicLink(folder.resolve("launch/experiments"), Platform.ROOT.resolve("launch/experiments"));
        Files.write(folder.resolve("rd.img"), new byte[512]);
        Files.copy(BUNDLES.resolve("tracker.card.jar"), folder.resolve("tracker.card.jar"));
        renamed("protocol.stop", "protocol.mine", "stop", "mine", folder.resolve("target/protocol.mine-0.1.0-SNAPSHOT.jar"));
        renamed("protocol.stop", "protocol.mine", "stop", "mine", folder.resolve("target/protocol.mine-0.1.1.jar"));
        renamed("protocol.stop", "my-protocol", "stop", "my-protocol", folder.resolve("my-protocol.jar"));
        renamed("device.virtio.entropy", "my-device", "virtio.entropy", "my-device", folder.resolve("my-device.jar"));
    }

    /** A bundle of the platform under another name, with its part under another name. */
    private static void renamed(String bundle, String name, String part, String newPart, Path target) throws IOException {
        Path jar = BUNDLES.resolve(bundle + ".jar");
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            String component = zip.stream().map(entry -> entry.getName()).filter(entry -> entry.matches("OSGI-INF/.*\\.xml")).findFirst().orElseThrow();
            Files.write(target, JarFiles.with(jar, component, text(zip, component).replace("value=\"" + part + "\"", "value=\"" + newPart + "\"")
                    .getBytes(StandardCharsets.UTF_8)));
            String manifest = text(zip, "META-INF/MANIFEST.MF").replaceFirst("Bundle-SymbolicName: \\S+", "Bundle-SymbolicName: " + name);
            Files.write(target, JarFiles.with(target, "META-INF/MANIFEST.MF", manifest.getBytes(StandardCharsets.UTF_8)));
        }
    }

    private static String text(ZipFile zip, String entry) throws IOException {
        try (InputStream in = zip.getInputStream(zip.getEntry(entry))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String between(String text, String begin, String end) {
        int from = text.indexOf(begin);
        int to = text.indexOf(end, Math.max(from, 0));
        return from < 0 ? "was never reached" : text.substring(from + begin.length(), to < 0 ? text.length() : to);
    }
}
