package tidemark.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What processes leave that are killed, and what becomes of it. {@code -Dtidemark.kills=300} kills more often. */
@Timeout(600)
class LeftoversTest {
    @TempDir
    Path folder;

    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void end() {
        started.forEach(Process::destroyForcibly);
    }

    private Process start(String what) throws IOException {
        String java = ProcessHandle.current().info().command().orElseThrow();
        Process process = new ProcessBuilder(java, "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"), Writer.class.getName(),
                folder.toString(), what).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        started.add(process);
        assertEquals('r', process.getInputStream().read(), "the writer is ready");
        return process;
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void whatALivingProcessUsesStaysAndAllThatADeadOneLeftGoes() throws Exception {
        Process writer = start("hold");
        List<String> theirs = names();
        assertEquals(7, theirs.size(), theirs::toString);
        assertEquals(List.of(), Leftovers.remove(folder));
        assertEquals(List.of(), TemporaryFolder.removeLeft(folder));
        assertEquals(theirs, names());
        writer.destroyForcibly().waitFor();
        assertEquals(theirs, names(), "nobody was there to remove it");
        Leftovers.remove(folder);
        TemporaryFolder.removeLeft(folder);
        assertEquals(List.of(), names());
    }

    @Test
    void processKilledAtAnyInstantLeavesPairsAndNeededLayersOnly() throws Exception {
        Random random = new Random(7);
        for (int run = 0; run < Integer.getInteger("tidemark.kills", 8); run++) {
            Process writer = start("publish");
            Thread.sleep(random.nextInt(40));
            writer.destroyForcibly().waitFor();
            Leftovers.remove(folder);
            for (String name : names()) {
                assertFalse(name.startsWith("."), name);
                if (name.startsWith("layer-")) {
                    assertEquals(0, Integer.parseInt(name.substring(name.lastIndexOf('-') + 1)) % 2, name + " is not needed");
                } else {
                    Path image = folder.resolve(name.replace(".oracle", ""));
                    assertEquals(9_000, Files.size(image));
                    assertEquals(3_000, Files.size(folder.resolve(image.getFileName() + ".oracle")));
                }
            }
        }
    }

    @Test
    void markBesideAFileOfWhichItDoesNotTellRemovesNothing() throws Exception {
        Files.writeString(folder.resolve("precious"), "precious");
        Files.writeString(folder.resolve("elsewhere"), "precious");
        Files.writeString(folder.resolve(".precious.disposable"), "");
        Files.createSymbolicLink(folder.resolve(".elsewhere.disposable"), folder.resolve("precious"));
        Files.createSymbolicLink(folder.resolve("link"), folder.resolve("precious"));
        Files.writeString(folder.resolve(".link.disposable"), "link");
        Leftovers.remove(folder);
        assertEquals("precious", Files.readString(folder.resolve("precious")));
        assertEquals("precious", Files.readString(folder.resolve("elsewhere")));
        assertTrue(Files.isSymbolicLink(folder.resolve("link")));
    }

    @Test
    void folderThatIsALinkOrHasNoOwnerIsNotEmptied() throws Exception {
        Path other = Files.createDirectory(folder.resolve("other"));
        Files.writeString(other.resolve(".owner"), "");
        Files.writeString(other.resolve("precious"), "precious");
        Files.createSymbolicLink(folder.resolve("tidemark-run-0123456789abcdef"), other);
        Path older = Files.createDirectory(folder.resolve("tidemark-run-0123456789abcdee"));
        Files.writeString(older.resolve("file"), "text");
        assertEquals(List.of(), TemporaryFolder.removeLeft(folder));
        assertTrue(Files.exists(other.resolve("precious")));
        assertTrue(Files.exists(older.resolve("file")));
    }
}
