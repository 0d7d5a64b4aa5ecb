package tidemark.lab.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidemark.lab.experiment.Cell;
import tidemark.lab.provenance.Parts;
import tidemark.lab.provenance.Parts.Part;
import tidemark.lab.provenance.Provenance;
import tidemark.lab.results.Column;
import tidemark.lab.results.Row;
import tidemark.lab.results.RowFile;
import tidemark.lab.run.RunFolder;
import tidemark.report.Host;

/** Two runs whose difference is known. */
class ComparisonTest {
    private static final String EXPERIMENT = """
            name: e
            repetitions: 8
            launch: {share: 0.5}
            workloads: {CG.A: {guest: cg.A}}
            methods: {stop: {protocol: stop}, %s: {protocol: thread}}
            """;
    private static final Part STOP = new Part("tidemark.protocol.stop", "0.1.0", "aa");
    private static final Part THREAD = new Part("tidemark.protocol.thread", "0.1.0", "bb");
    private static final Part FASTER = new Part("tidemark.protocol.thread", "0.1.0", "cc");

    @TempDir
    Path folder;

    private RunFolder run(String name, String method, double latency, String host, Parts parts) throws Exception {
        RunFolder run = RunFolder.create(folder.resolve(name), Files.writeString(folder.resolve("e.yaml"), EXPERIMENT.formatted(method)));
        StringBuilder journal = new StringBuilder();
        Random random = new Random(name.hashCode());
        parts.keep(run.parts());
        for (Cell cell : run.plan()) {
            run.attempt(cell, 1);
            Row row = Row.of(cell, 1).put(Column.STATUS, Row.DONE).put(Column.RUN_S, 10 + 0.1 * random.nextGaussian());
            if (!cell.isControl()) {
                row.put(Column.LATENCY_S, (cell.method().equals(method) ? latency : 2) + 0.01 * random.nextGaussian())
                        .put(Column.IMAGE_BYTES, 1 << 20);
            }
            RowFile.publish(new Provenance("1.0", host, Host.ofThisProcess(), 1, parts).put(row), run.result(cell, 1));
            journal.append("{\"event\":\"start\",\"cell\":%d,\"attempt\":1}\n".formatted(cell.number()));
        }
        Files.writeString(run.path().resolve("journal.jsonl"), journal);
        return run;
    }

    private static Comparison.Change change(Comparison comparison, String method, String measure) {
        return comparison.changes().stream().filter(each -> each.method().equals(method) && each.measure().startsWith(measure)).findFirst()
                .orElseThrow();
    }

    @Test
    void aChangeIsToldWithItsIntervalAndWhatDidNotChangeIsNot() throws Exception {
        Parts parts = new Parts(List.of(STOP, THREAD));
        Comparison comparison = new Comparison(run("a", "thread", 3, "h", parts),
                run("b", "thread", 1.5, "h", new Parts(List.of(STOP, FASTER))));
        Comparison.Change thread = change(comparison, "thread", "checkpoint time");
        assertEquals("less", thread.verdict());
        assertEquals(-1.5, thread.difference().value(), 0.02);
        assertTrue(thread.cells().get(5).matches("-1\\.(49|50|51)\\d* ±0\\.0\\d+"), thread.cells().toString());
        assertEquals("no change told", change(comparison, "stop", "state file").verdict(), "the same to the byte");
        assertEquals(3 + 2 * 2, comparison.changes().size(), "what was measured in both: " + comparison.changes());
        assertEquals(List.of("The parts differ: tidemark.protocol.thread."), comparison.surroundings());
    }

    @Test
    void anotherHostAndAnotherExperimentAreTold() throws Exception {
        Parts parts = new Parts(List.of(STOP, THREAD));
        List<String> differ = new Comparison(run("a", "thread", 3, "quick", parts), run("b", "mine", 3, "slow", parts)).surroundings();
        assertTrue(differ.getFirst().startsWith("The experiments' files differ"), differ.toString());
        assertTrue(differ.contains("The hosts differ: quick; then slow."), differ.toString());
        assertTrue(differ.contains("Only " + folder.resolve("b") + " has CG.A mine."), differ.toString());
    }

    @Test
    void aRunWithItselfShowsNoChangeAndNoDifference() throws Exception {
        RunFolder run = run("a", "thread", 3, "h", new Parts(List.of(STOP)));
        Comparison comparison = new Comparison(run, run);
        assertEquals(List.of(), comparison.surroundings());
        assertTrue(comparison.changes().stream().allMatch(change -> change.verdict().equals("no change told")));
        String page = comparison.html();
        assertTrue(page.contains("Parts, JVM, host and experiment are the same.") && page.contains("checkpoint time (s)"), "page");
        assertFalse(page.contains("NaN"));
    }
}
