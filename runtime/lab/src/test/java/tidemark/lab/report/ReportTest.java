package tidemark.lab.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
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
import tidemark.lab.statistics.Sample;
import tidemark.report.Host;

/** The report of rows whose truth is known. */
class ReportTest {
    @TempDir
    Path directory;

    private RunFolder run;

    @BeforeEach
    void rows() throws Exception {
        Path file = Files.writeString(directory.resolve("e.yaml"), """
                name: e
                repetitions: 10
                launch: {share: 0.5}
                workloads: {EP.W: {guest: ep.W}, CG.A: {guest: cg.A}, DC.S: {guest: dc.S}, MINE: {kernel: k, success: ok}}
                methods: {stop: {protocol: stop}, live: {protocol: live}, thread: {protocol: thread}}
                """);
        run = RunFolder.create(directory.resolve("run"), file);
        Random random = new Random(2);
        StringBuilder journal = new StringBuilder();
        for (Cell cell : run.plan()) {
            run.attempt(cell, 1);
            RowFile.publish(row(cell, random), run.result(cell, 1));
            journal.append("{\"event\":\"start\",\"cell\":%d,\"attempt\":1}\n".formatted(cell.number()));
        }
        Files.writeString(run.path().resolve("journal.jsonl"), journal);
    }

    /** A control takes 10 s; stop costs 1 s more, live 0.6, thread 0.2. */
    private static Row row(Cell cell, Random random) {
        double cost = switch (cell.method()) {
            case "stop" -> 1;
            case "live" -> 0.6;
            case "thread" -> 0.2;
            default -> 0;
        };
        Row row = Row.of(cell, 1).put(Column.STATUS, Row.DONE).put(Column.RAM_MIB, 128).put(Column.CPU, "translator").put(Column.HARTS, 1)
                .put(Column.RUN_S, 10 + cost + 0.02 * random.nextGaussian()).put(Column.OTHERS_CPUS, 0.01).put(Column.MACHINE_CPU_S, 9.0).put(Column.INSTRUCTIONS, 1_000_000);
        if (cell.workload().equals("DC.S")) {
            row.put(Column.DATA_TUPLES, 1000).put(Column.CUBE_VIEWS, 31).put(Column.CUBE_ROWS, 60_000).put(Column.ITERATIONS, 2).put(Column.CUBE_DISK_BYTES, 3 << 19);
        }
        return cell.isControl() ? row : row.put(Column.LATENCY_S, 2 * cost).put(Column.PROGRESS_PERCENT, 50.0 + random.nextGaussian()).put(Column.DOWNTIME_S, cost / 10)
                .put(Column.DOWNTIME_LONGEST_S, cost / 20).put(Column.PAUSES, 3).put(Column.ROUNDS, 2).put(Column.PAGES_COPIED, 1000).put(Column.IMAGE_BYTES, 5 << 20)
                .put(Column.HART_CPU_S, 0.1).put(Column.CHECKPOINT_CPU_S, 0.2).put(Column.RESTORE_S, 0.05).put(Column.RESTORED_VERIFICATION, "SUCCESSFUL");
    }

    @Test
    void everyTableAndFigureOfTheThesisIsThere() throws Exception {
        String page = Files.readString(new Report(run).write());
        for (String number : List.of("3.1, 3.2", "3.3", "3.4, 3.5", "3.6, 4.2", "4.1", "3.8, 4.5", "3.9, 4.8", "4.6", "3.10, 4.9", "4.7", "4.4", "4.12", "4.13", "3.13, 4.14", "3.14, 4.15", "A.1", "A.2", "A.4", "B.1", "B.2")) {
            assertTrue(page.contains("Table " + number + ":"), "Table " + number);
        }
        for (String number : List.of("3.14, 4.1", "5.1", "5.2", "5.3", "5.4", "B.1")) {
            assertTrue(page.contains("Figure " + number + ":"), "Figure " + number);
        }
        assertFalse(page.matches("(?s).*(src|href)=\"https?:.*"), "nothing from the network");
        assertFalse(page.contains("NaN"), "what is not known is a dash");
        try (Stream<Path> pictures = Files.list(run.path().resolve("figures"))) {
            assertEquals(7, pictures.filter(file -> file.toString().endsWith(".svg")).count());
        }
    }

    @Test
    void findingsAreComputedFromTheRows() throws Exception {
        List<String> findings = new Report(run).findings();
        String thread = findings.stream().filter(sentence -> sentence.startsWith("EP.W: thread's overhead")).findFirst().orElseThrow();
        assertTrue(thread.matches(".*is 0\\.(1[89]|2[012]).* of stop's.*smaller than stop's, as the paper finds\\."), thread);
        String taken = findings.stream().filter(sentence -> sentence.startsWith("EP.W: By the sessions, thread takes 0.")).findFirst().orElseThrow();
        assertTrue(taken.matches(".* 0\\.(1[89]|2[012])\\d* \\(95 % interval .*\\) of what stop takes from the guest\\. It is smaller than stop's, as the paper finds\\."), taken);
        assertTrue(findings.stream().anyMatch(sentence -> sentence.startsWith("CG.A: live's downtime is 0.600 of stop's")), findings.toString());
    }

    @Test
    void overheadByRunsAgreesWithWhatTheSessionSawTaken() throws Exception {
        new Report(run).write();
        String table = Files.readString(run.path().resolve("tables/overhead-by-runs-and-by-the-session.csv"));
        assertEquals(12, table.lines().skip(1).filter(line -> line.endsWith(",yes")).count(), table);
    }

    @Test
    void aFindingSaysOfEachMethodWhetherRunsAndSessionsAgree() throws Exception {
        List<String> all = new Report(run).findings();
        assertEquals(12, all.stream().filter(sentence -> sentence.endsWith("they agree within both intervals.")).count(), all.toString());
        for (Cell cell : run.plan()) {
            if (cell.method().equals("stop") && cell.workload().equals("EP.W")) {
                // its sessions hide half of what it costs
                RowFile.publish(row(cell, new Random(cell.number())).put(Column.PROGRESS_PERCENT, 75), run.result(cell, 1));
            }
        }
        List<String> odd = new Report(run).findings().stream().filter(sentence -> sentence.contains("do NOT agree")).toList();
        assertEquals(1, odd.size(), odd.toString());
        assertTrue(odd.getFirst().startsWith("EP.W: Of stop's overhead the sessions report 0.500") && odd.getFirst()
                .endsWith("that its session does not see."), odd.getFirst());
    }

    @Test
    void thePageSaysOnWhatHostAndWithWhichPartsEachFigureWasMeasured() throws Exception {
        Parts parts = new Parts(List.of(new Part("tidemark.protocol.thread", "0.1.0", "ab12"),
                new Part("tidemark.cpu.<b>", "0.1.0", "cd34")));
        parts.keep(run.parts());
        for (Cell cell : run.plan()) {
            RowFile.publish(new Provenance("0123456789abcdef0123456789abcdef01234567-dirty", "node" + cell.number() % 2,
                    Host.ofThisProcess(), 7, parts)
                    .put(row(cell, new Random(cell.number()))), run.result(cell, 1));
        }
        String page = Files.readString(new Report(run).write());
        assertTrue(page.contains("0123456789ab-dirty") && page.contains("node0") && page.contains("node1") && page.contains("ab12")
                && page.contains("tidemark.cpu.&lt;b&gt;"), "provenance");
        assertTrue(page.contains("do not all come from one platform on one host"), "two hosts");
        assertTrue(Files.readAllLines(run.path().resolve("parts.csv")).contains(parts.digest() + ",tidemark.protocol.thread,0.1.0,ab12"),
                "parts.csv");
        assertTrue(Files.readString(run.path().resolve("data-dictionary.csv")).contains("\nparts_sha256,"), "explained");
    }

    @Test
    void anOverheadThatIsNothingGivesNoRatio() {
        Sample control = new Sample("control", 10, 10.5, 9.5, 10.2);
        Overhead nothing = Overhead.of(new Sample("stop", 10.1, 10.4, 9.6, 10.3), control);
        assertTrue(Overhead.of(new Sample("thread", 11, 11.1, 10.9, 11), control).partOf(nothing).isEmpty());
    }

    @Test
    void failedRowsAreShownAndInNoFigure() throws Exception {
        Cell cell = run.plan().stream().filter(each -> each.method().equals("stop")).findFirst().orElseThrow();
        RowFile.publish(Row.failed(cell, 1, "the restored machine's result is wrong: <UNSUCCESSFUL>"), run.result(cell, 1));
        String page = Files.readString(new Report(run).write());
        assertTrue(page.contains("1 failed; they are in no figure") && page.contains("<td class=\"words\">the restored") && page.contains("&lt;UNSUCCESSFUL&gt;"), "shown, escaped");
        assertTrue(Files.readString(run.path().resolve("results.csv")).contains(",failed,"), "kept in the results");
    }

    @Test
    void methodsKeepTheirOrderAndColoursWhicheverCellsFailed() throws Exception {
        for (Cell cell : run.plan()) {
            if (cell.workload().equals("EP.W") && cell.method().equals("live")) {
                RowFile.publish(Row.failed(cell, 1, "it ended too soon"), run.result(cell, 1));
            }
        }
        new Report(run).write();
        String legend = Files.readString(run.path().resolve("figures/figure-5.1.svg"));
        assertTrue(legend.matches("(?s).*>control<.*>stop<.*>live<.*>thread<.*"), legend);
    }

    @Test
    void wholeRunsThatTellNothingAreSaidToOnce() throws Exception {
        for (Cell cell : run.plan()) {
            if (cell.workload().equals("CG.A") && cell.method().equals("stop")) {
                RowFile.publish(row(cell, new Random(cell.number())).put(Column.RUN_S, 10 + cell.number() % 7 - 3), run.result(cell, 1));
            }
        }
        assertEquals(1, new Report(run).findings().stream().filter(sentence -> sentence.startsWith("CG.A: Whole runs cannot tell stop's overhead from nothing")).count());
    }

    @Test
    void tablesAreWrittenForPapersToo() throws Exception {
        new Report(run).write();
        String latex = Files.readString(run.path().resolve("tables.tex"));
        assertTrue(latex.contains("\\caption{Table 3.14, 4.15: Overhead of each method}") && latex.contains("of the control (\\%)"), latex.substring(0, 400));
        String markdown = Files.readString(run.path().resolve("tables.md"));
        assertTrue(markdown.contains("| benchmark | method | overhead (s) |"), "Markdown");
        try (Stream<Path> files = Files.list(run.path().resolve("tables"))) {
            long tables = Files.readString(run.path().resolve("tables.md")).lines().filter(line -> line.startsWith("**")).count();
            assertEquals(tables, files.count(), "each table has a file of its own");
        }
        long columns = Files.readString(run.path().resolve("results.csv")).lines().findFirst().orElseThrow().split(",").length;
        assertEquals(Column.values().length, columns);
    }
}
