package tidemark.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code launch/tidemark} as a user calls it, each time in a process of its own. */
class LauncherIT {
    @TempDir
    Path home;

    @Test
    void aScriptSavesRestoresAndVerifiesAGuest() throws Exception {
        Path image = home.resolve("m.tdm");
        Launched end = tidemark("exec", "vm:create m1 --guest cg.A --ram 64 --start; vm:wait m1 --for \"zeta\" --timeout 60;"
                + "checkpoint:take m1 -p thread --oracle --to " + image + "; checkpoint:verify " + image + ";"
                + "vm:wait m1 --timeout 120; checkpoint:restore " + image + " --name m2 --start; vm:wait m2 --timeout 120; vm:console m2");
        assertEquals(0, end.code(), end.toString());
        assertTrue(end.out().contains("Verification    =               SUCCESSFUL"), end.toString());
        assertEquals("", end.err(), "nothing on stderr when all is well");
    }

    @Test
    void aCommandThatFailsEndsTheScriptWithItsMessageOnStderr() throws Exception {
        Launched end = tidemark("exec", "vm:create m1 --guest cg.Z; vm:list");
        assertEquals(1, end.code(), end.toString());
        assertTrue(end.err().contains("cg.Z") && end.err().contains("cg.S"), "names what is wrong and what there is: " + end);
        assertEquals(1, end.err().strip().lines().count(), "one line: " + end.err());
        assertEquals("", end.out());
    }

    @Test
    void aScriptFileRuns() throws Exception {
        Path script = Files.writeString(home.resolve("script"), "vm:create m1 --guest hello --ram 16\nvm:start m1\nvm:wait m1 --timeout 30\nvm:console m1\n");
        Launched end = tidemark("exec", "-f", script.toString());
        assertEquals(0, end.code(), end.toString());
        assertTrue(end.out().contains("Hello from Tidemark"), end.toString());
    }

    @Test
    void foldersMayHaveAnyNameWhateverTheLocale() throws Exception {
        Path folder = Files.createDirectory(home.resolve("Übung é"));
        Path script = Files.writeString(folder.resolve("größer.tidemark"), "disk:create ü.img 1M\ndisk:info ü.img\n");
        Launched end = Launched.tidemark(folder, Map.of("LC_ALL", "C"), "exec", "-f", script.toString());
        assertEquals(0, end.code(), end.toString());
        assertTrue(Files.exists(folder.resolve("ü.img")), end.toString());
    }

    @Test
    void bundlesThatMachinesLiveInStopOnlyIfThatIsMeant() throws Exception {
        String tries = String.join(" || ", List.of("felix:stop machine", "felix:uninstall machine", "felix:update machine", "part:remove machine",
                "part:update machine machine.jar", "felix:refresh api.machine", "felix:stop org.apache.felix.scr", "felix:stop 0", "vm:info m1"));
        Launched end = tidemark("exec", "vm:create m1 --guest storm --ram 32 --start; " + tries);
        assertEquals(0, end.code(), end.toString());
        assertTrue(end.out().contains("running"), end.toString());
        assertEquals(8, end.err().lines().filter(line -> line.contains("m1 would be lost; write ") && line.endsWith(" --yes if that is meant")).count(), end.err());
        end = tidemark("exec", "vm:create m1 --guest storm --ram 32 --start; felix:stop tracker.card; part:remove tracker.log; felix:stop machine --yes; echo done");
        assertEquals("", end.err());
        assertTrue(end.out().endsWith("done\n"), end.toString());
    }

    @Test
    void wrongWordsAreRefusedWithTheRightOnes() throws Exception {
        Launched end = tidemark("frobnicate");
        assertEquals(1, end.code());
        assertTrue(end.err().contains("frobnicate") && end.err().contains("launch/tidemark exec"), end.err());
    }

    @Test
    void whatTheLauncherCannotUseIsRefusedInOneLine() throws Exception {
        Path binary = Files.write(home.resolve("binary"), new byte[] {(byte) 0xff, 0});
        for (Path script : List.of(home, binary)) {
            Launched end = tidemark("exec", "-f", script.toString());
            assertEquals(1, end.code(), end.toString());
            assertTrue(end.err().matches("tidemark: .*script " + script + ".*\n"), end.err());
        }
        Files.writeString(home.resolve("tidemark"), "a file where the platform's home should be");
        Launched end = tidemark("exec", "vm:list");
        assertEquals(1, end.code(), end.toString());
        assertTrue(end.err().matches("tidemark: cannot make the folder .*; set TIDEMARK_HOME .*\n"), end.err());
    }

    @Test
    void brokenPlugInsAreReportedALineEachAndTheOthersWork() throws Exception {
        Path plugins = Files.createDirectories(home.resolve("tidemark/plugins"));
        Files.writeString(plugins.resolve("text.jar"), "no jar");
        manifest(plugins.resolve("plain.jar"), "Created-By: nobody");
        manifest(plugins.resolve("import.jar"), "Bundle-ManifestVersion: 2\nBundle-SymbolicName: broken\nImport-Package: no.such.thing");
        Launched end = tidemark("exec", "vm:list");
        assertEquals(0, end.code(), end.toString());
        List<String> lines = end.err().lines().toList();
        assertEquals(3, lines.size(), end.err());
        for (String jar : List.of("text.jar", "plain.jar", "import.jar")) {
            assertEquals(1, lines.stream().filter(line -> line.contains(jar)).count(), jar + " in " + end.err());
        }
        assertTrue(end.err().contains("no.such.thing"), end.err());
    }

    @Test
    void frameworkThatDoesNotStartEndsWithAnErrorInsteadOfHanging() throws Exception {
        Path bundles = Files.createDirectories(home.resolve("platform/bundles"));
        try (Stream<Path> jars = Files.list(Platform.ROOT.resolve("launch/target/platform/bundles"))) {
            for (Path jar : jars.toList()) {
                Files.copy(jar, bundles.resolve(jar.getFileName()));
            }
        }
        Files.copy(bundles.resolve("device.uart.jar"), bundles.resolve("device.uart-again.jar"));
        Launched end = tidemark(Map.of("TIDEMARK_JAVA_OPTS", "-Dtidemark.platform=" + bundles.getParent()), "exec", "vm:list");
        assertEquals(70, end.code(), end.toString());
        assertTrue(end.err().matches("tidemark: the platform does not start: .*tidemark.device.uart.*\n"), end.err());
    }

    @Test
    void onlyBundlesOfTheAllowListAreLetIn() throws Exception {
        Path plugins = Files.createDirectories(home.resolve("tidemark/plugins"));
        Path good = plugins.resolve("good.jar");
        manifest(good, "Bundle-ManifestVersion: 2\nBundle-SymbolicName: good");
        manifest(plugins.resolve("other.jar"), "Bundle-ManifestVersion: 2\nBundle-SymbolicName: other");
        Path mine = home.resolve("mine.jar");
        manifest(mine, "Bundle-ManifestVersion: 2\nBundle-SymbolicName: mine");
        Path list = Files.writeString(home.resolve("allowed"), "# mine\n" + sha256(good) + "  good.jar\n");
        Launched end = tidemark("--allow-list", list.toString(), "exec", "felix:lb good; part:install " + mine);
        assertEquals(1, end.code(), end.toString());
        assertTrue(end.out().contains("Active") && end.out().contains("good"), end.out());
        List<String> lines = end.err().lines().toList();
        assertEquals(2, lines.size(), end.err());
        assertTrue(lines.getFirst().contains("other.jar is not taken: its SHA-256 " + sha256(plugins.resolve("other.jar")) + " is not on the allow list "
                + list), end.err());
        assertTrue(lines.getLast().contains(mine + " is not taken: its SHA-256 "), end.err());
        assertTrue(Files.readString(home.resolve("tidemark/tidemark.log")).contains("Admitted " + good + ": bundle good 0.0.0, SHA-256 " + sha256(good)));
        end = tidemark(Map.of("TIDEMARK_ALLOW_LIST", list.toString()), "exec", "part:install " + mine);
        assertEquals(1, end.code(), "the environment holds too: " + end);
    }

    @Test
    void badAllowListIsRefusedWithTheNumberOfItsLine() throws Exception {
        Path list = Files.writeString(home.resolve("allowed"), "# mine\n\nnonsense\n");
        Launched end = tidemark("--allow-list=" + list, "exec", "vm:list");
        assertEquals(1, end.code(), end.toString());
        assertTrue(end.err().matches("tidemark: allow list " + list + ", line 3: 'nonsense' is no line of sha256sum: .*\n"), end.err());
        end = tidemark("--allow-list", home.resolve("none").toString(), "exec", "vm:list");
        assertEquals(1, end.code());
        assertTrue(end.err().matches("tidemark: cannot read the allow list .*none\n"), end.err());
        Files.move(list, Files.createDirectories(home.resolve("tidemark")).resolve("allow-list"));
        assertEquals(1, tidemark("exec", "vm:list").code(), "allow-list in the platform's home holds too");
    }

    @Test
    void folderThatOthersMayWriteToIsIgnoredWithTheCommandThatMendsIt() throws Exception {
        Path plugins = Files.createDirectories(home.resolve("tidemark/plugins"));
        manifest(plugins.resolve("good.jar"), "Bundle-ManifestVersion: 2\nBundle-SymbolicName: good");
        Files.setPosixFilePermissions(plugins, PosixFilePermissions.fromString("rwxrwxrwx"));
        Launched end = tidemark("exec", "felix:lb good");
        assertEquals(0, end.code(), end.toString());
        assertTrue(end.out().contains("No matching bundles") || !end.out().contains("Active"), end.out());
        assertTrue(end.err().matches("WARN .*" + plugins + " is ignored: others than its owner may write to .*: chmod go-w " + plugins + "\n"), end.err());
    }

    /** A running platform, shell included, has no socket that listens. */
    @Test
    void shellListensNowhere() throws Exception {
        Path log = home.resolve("tidemark/tidemark.log");
        Files.writeString(Files.createDirectories(home.resolve("tidemark/machines")).resolve("tidemark.machine-m1.config"),
                "name=\"m1\"\nguest=\"cg.S\"\nram=\"64\"\n");
        ProcessBuilder builder = new ProcessBuilder(Platform.ROOT.resolve("launch/tidemark").toString()).redirectErrorStream(true).redirectOutput(home.resolve("out").toFile());
        builder.environment().put("TIDEMARK_HOME", home.resolve("tidemark").toString());
        Process process = builder.start();
        try {
            Platform.await("machine m1 is on", () -> Files.exists(log) && Files.readString(log).contains("Machine m1 is on"));
            // the prompt comes after the machines
            Thread.sleep(1000);
            assertTrue(process.isAlive());
            assertEquals(Set.of(), listening(process.pid()));
        } finally {
            process.destroy();
            process.waitFor();
        }
    }

    /** Local addresses and ports, in hexadecimal as proc(5) has them. */
    private static Set<String> listening(long pid) throws IOException {
        Set<String> own = new TreeSet<>();
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            for (Path descriptor : descriptors.toList()) {
                own.add(Files.readSymbolicLink(descriptor).toString());
            }
        }
        Set<String> listening = new TreeSet<>();
        for (String table : List.of("tcp", "tcp6", "udp", "udp6")) {
            Path file = Path.of("/proc/" + pid + "/net/" + table);
            for (String socket : Files.exists(file) ? Files.readAllLines(file) : List.<String>of()) {
                String[] fields = socket.strip().split("\\s+");
                if (fields.length > 9 && own.contains("socket:[" + fields[9] + "]") && (table.startsWith("udp") || fields[3].equals("0A"))) {
                    listening.add(table + " " + fields[1]);
                }
            }
        }
        return listening;
    }

    private static String sha256(Path file) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    }

    private static void manifest(Path jar, String headers) throws IOException {
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(jar))) {
            out.putNextEntry(new ZipEntry("META-INF/MANIFEST.MF"));
            out.write(("Manifest-Version: 1.0\n" + headers + "\n").getBytes(StandardCharsets.UTF_8));
        }
    }

    @Test
    void theDemoEndsWithAVerifiedReport() throws Exception {
        Launched end = tidemark("demo", "--guest", "cg.A", "--ram", "64", "--out", home.resolve("report").toString(), "--json",
                home.resolve("r.json").toString());
        assertEquals(0, end.code(), end.toString());
        String json = Files.readString(home.resolve("r.json"));
        for (String field : List.of("guest", "host", "checkpoints", "protocol", "tracker", "copier", "layout", "latencyMs", "downtimeTotalMs",
                "downtimeLongestMs", "progressPercent", "pagesCopied", "rounds", "imageBytes", "restoreMs", "verified", "restoredVerification")) {
            assertTrue(json.contains("\"" + field + "\""), field + " is missing in " + json);
        }
        assertTrue(json.contains("\"SUCCESSFUL\""), json);
        String html = Files.readString(home.resolve("report/report.html"));
        assertTrue(html.contains("<svg") && !html.matches("(?s).*(src|href)=\"https?:.*"), "a picture, and nothing from the network");
    }

    private Launched tidemark(Map<String, String> environment, String... words) throws IOException, InterruptedException {
        return Launched.tidemark(home, environment, words);
    }

    private Launched tidemark(String... words) throws IOException, InterruptedException {
        return Launched.tidemark(home, words);
    }
}
