package tidemark.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidemark.testkit.SmallFileSystem;

/** What platforms write and leave, and what they say when they may not write, in processes of their own. */
class FilesIT {
    @TempDir
    Path folder;
    private Path home;
    private Path temporary;

    @BeforeEach
    void makeFolders() throws IOException {
        home = folder.resolve("tidemark");
        temporary = Files.createDirectory(folder.resolve("tmp"));
    }

    private Map<String, String> environment() {
        return Map.of("TIDEMARK_JAVA_OPTS", "-Djava.io.tmpdir=" + temporary);
    }

    private Launched tidemark(String script) throws Exception {
        return Launched.tidemark(folder, environment(), "exec", script);
    }

    /** By a shell that does something first. */
    private Launched after(String first, String script) throws Exception {
        Path err = folder.resolve("err");
        String launcher = Platform.ROOT.resolve("launch/tidemark").toString();
        ProcessBuilder builder = new ProcessBuilder("bash", "-c", first + "; exec " + launcher + " exec '" + script + "'")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(err.toFile());
        builder.environment().put("TIDEMARK_HOME", home.toString());
        builder.environment().putAll(environment());
        int code = builder.start().waitFor();
        return new Launched(code, "", Files.readString(err));
    }

    private List<Path> files(Path of) throws IOException {
        if (!Files.isDirectory(of)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(of)) {
            return all.sorted().toList();
        }
    }

    @Test
    void everythingIsItsOwnersAlone() throws Exception {
        Launched end = tidemark("vm:create m1 --guest storm --ram 32 --start; checkpoint:take m1 --oracle");
        assertEquals(0, end.code(), end.toString());
        assertEquals("rwx------", mode(home));
        assertEquals("rw-------", mode(home.resolve("tidemark.log")));
        List<Path> images = files(home.resolve("checkpoints"));
        assertEquals(2, images.size(), images::toString);
        for (Path file : images) {
            assertEquals("r--------", mode(file));
        }
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    @Test
    void shortRunLeavesNoStackTraceInTheLog() throws Exception {
        for (int run = 0; run < 3; run++) {
            Launched end = tidemark("vm:create m1 --guest cg.S --ram 32 --start; vm:list");
            assertEquals("", end.err());
        }
        String log = Files.readString(home.resolve("tidemark.log"));
        assertFalse(log.contains("\tat "), log);
        assertEquals(List.of(), files(temporary));
    }

    @Test
    void tooFewFileHandlesAreRefusedInOneLine() throws Exception {
        Launched end = after("ulimit -n 64", "vm:list");
        assertEquals(1, end.code(), end.toString());
        assertTrue(end.err().matches("tidemark: this process may have 64 files open, the platform needs \\d+; write ulimit -n .*\n"), end.err());
    }

    @Test
    void logThatCannotBeWrittenIsSaidInOneLineAndThePlatformRuns() throws Exception {
        Files.createDirectories(home.resolve("tidemark.log"));
        Launched end = tidemark("vm:create m1 --guest hello --ram 16; vm:list");
        assertEquals(0, end.code(), end.toString());
        assertTrue(end.err().matches("tidemark: cannot write the log .*tidemark.log \\(.*\\); the platform runs without one\n"), end.err());
    }

    @Test
    void homeThatFillsWhileThePlatformRunsIsSaidInALineAndTheGuestGoesOn() throws Exception {
        try (SmallFileSystem host = SmallFileSystem.mount(Files.createDirectory(home), 1 << 20)) {
            CompletableFuture<Void> filling = CompletableFuture.runAsync(() -> fillWhenReady(host));
            Launched end = tidemark("vm:create m1 --guest ep.S --cpu interpreter --ram 32 --start; echo READY; sleep 4; vm:create m2 --guest hello --ram 16; "
                    + "checkpoint:take m1 || echo REFUSED; vm:wait m1; vm:list");
            filling.get(1, TimeUnit.SECONDS);
            assertEquals(0, end.code(), end.toString());
            assertTrue(end.out().contains("REFUSED\n") && end.out().matches("(?s).*\nm1 +off .*powered off by the guest.*"), end.toString());
            assertTrue(end.err().matches("tidemark: the log .*tidemark.log is not written: its file system is full; make room there. .*\n"
                    + "tidemark: Cannot create image .*No space left on device; make room there or choose another place\n"), end.err());
        }
    }

    private void fillWhenReady(SmallFileSystem host) {
        try {
            while (!Files.exists(folder.resolve("out")) || !Files.readString(folder.resolve("out")).contains("READY")) {
                Thread.sleep(50);
            }
            Files.write(host.folder().resolve("filling"), new byte[(int) host.free()]);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void fullTemporaryFolderIsRefusedInOneLine() throws Exception {
        try (SmallFileSystem host = SmallFileSystem.mount(temporary, 1 << 20)) {
            Launched end = tidemark("vm:list");
            assertEquals(1, end.code(), end.toString());
            assertTrue(end.err().matches("tidemark: cannot use the temporary folder .*/tmp \\(it has room for \\d+ KiB, .*\\); make room there, .*\n"), end.err());
            assertTrue(host.free() > 0);
        }
    }
}
