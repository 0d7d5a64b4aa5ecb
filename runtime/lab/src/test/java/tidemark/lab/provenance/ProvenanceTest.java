package tidemark.lab.provenance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidemark.lab.experiment.Cell;
import tidemark.lab.provenance.Parts.Part;
import tidemark.lab.results.Column;
import tidemark.lab.results.Row;
import tidemark.report.Host;
import tidemark.testkit.HostTool;

class ProvenanceTest {
    private static final Part ONE = new Part("tidemark.protocol.stop", "0.1.0", "00ff");
    private static final Part TWO = new Part("tidemark.protocol.thread", "0.1.0", "11ee");
    private static final String VERSION = "1.2.3";

    @TempDir
    Path folder;

    @Test
    void partsAreFoundAgainByTheirDigestWhateverTheirOrder() throws Exception {
        Parts parts = new Parts(List.of(TWO, ONE));
        parts.keep(folder);
        parts.keep(folder);
        assertEquals(parts.digest(), new Parts(List.of(ONE, TWO)).digest());
        assertEquals(parts, Parts.read(folder, parts.digest()));
        Path file = folder.resolve(parts.digest() + ".csv");
        assertTrue(HostTool.run(10, "sha256sum", file.toString()).output().startsWith(parts.digest()), "the file's own digest");
    }

    @Test
    void partsThatSomebodyChangedAreNotBelieved() throws Exception {
        Parts parts = new Parts(List.of(ONE, TWO));
        Files.writeString(folder.resolve(parts.digest() + ".csv"), parts.csv().replace("11ee", "11ef"));
        assertEquals(List.of(), Parts.read(folder, parts.digest()).all());
        assertEquals(List.of(), Parts.read(folder, "../" + parts.digest()).all());
    }

    @Test
    void anotherBuildOfAPartIsADifference() {
        Part rebuilt = new Part(TWO.bundle(), TWO.version(), "22dd");
        assertEquals(List.of(TWO), new Parts(List.of(ONE, TWO)).without(new Parts(List.of(ONE, rebuilt))));
    }

    @Test
    void theCommitIsTheCheckoutsAndSaysWhetherFilesDiffer() throws Exception {
        HostTool.require("git", "git");
        assertEquals(VERSION, Provenance.commit(folder, VERSION), "no checkout");
        Path file = Files.writeString(folder.resolve("file"), "one");
        git("init", "-q");
        git("add", "file");
        git("-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "-q", "-m", "one");
        String commit = Provenance.commit(Files.createDirectories(folder.resolve("deep/er")), VERSION);
        assertTrue(commit.matches("[0-9a-f]{40}"), commit);
        Files.writeString(file, "two");
        assertEquals(commit + "-dirty", Provenance.commit(folder, VERSION));
    }

    private void git(String... words) throws Exception {
        String[] command = new String[words.length + 3];
        System.arraycopy(new String[] {"git", "-C", folder.toString()}, 0, command, 0, 3);
        System.arraycopy(words, 0, command, 3, words.length);
        HostTool.Outcome outcome = HostTool.run(30, command);
        assertEquals(0, outcome.exitCode(), outcome.output());
    }

    @Test
    void aRowSaysWhereItIsFrom() {
        Cell cell = new Cell(0, 0, "W", Cell.CONTROL, Map.of(), Map.of());
        Row row = new Provenance("abc", "node7", Host.ofThisProcess(), 5, new Parts(List.of(ONE))).put(Row.of(cell, 1));
        for (Column column : List.of(Column.PLATFORM_COMMIT, Column.HOST, Column.PROCESSOR, Column.HOST_CPUS, Column.OS, Column.JVM,
                Column.SEED, Column.PARTS_SHA256)) {
            assertTrue(!row.get(column).isEmpty(), column.label());
        }
        assertEquals("node7", row.get(Column.HOST));
    }
}
