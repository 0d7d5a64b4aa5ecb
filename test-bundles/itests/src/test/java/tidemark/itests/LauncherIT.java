package tidemark.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
        Launched end = tidemark("exec", "vm:create m1 --guest cg.S --ram 64 --start; vm:wait m1 --for \"zeta\" --timeout 60;"
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

    private static void manifest(Path jar, String headers) throws IOException {
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(jar))) {
            out.putNextEntry(new ZipEntry("META-INF/MANIFEST.MF"));
            out.write(("Manifest-Version: 1.0\n" + headers + "\n").getBytes(StandardCharsets.UTF_8));
        }
    }

    @Test
    void theDemoEndsWithAVerifiedReport() throws Exception {
        Launched end = tidemark("demo", "--guest", "cg.S", "--ram", "64", "--out", home.resolve("report").toString(), "--json", home.resolve("r.json").toString());
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

    private Launched tidemark(String... words) throws IOException, InterruptedException {
        return Launched.tidemark(home, words);
    }
}
