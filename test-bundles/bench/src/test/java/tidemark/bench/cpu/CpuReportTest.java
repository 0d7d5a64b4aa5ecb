package tidemark.bench.cpu;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.StringReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;
import tidemark.bench.Figure;
import tidemark.bench.Moment;
import tidemark.bench.TimedProcess.Line;
import tidemark.bench.cpu.KernelRun.Repetition;

class CpuReportTest {
    private final CpuReport report = Canned.report();

    @Test
    void speedsAreComparedWithinARoundAndTheirMedianCounts() {
        Figure figure = report.steady("core", Peer.TRANSLATOR, Peer.QEMU_SYSTEM);
        assertEquals((1 / .5 + 1.2 / .3) / 2, figure.value(), 1e-9);
        assertEquals((4.0 - 2) / 2 / 3, figure.spread(), 1e-9);
        assertEquals(2, figure.runs());
        assertEquals(1, report.steady("sieve", Peer.TRANSLATOR, Peer.QEMU_SYSTEM).value(), 1e-9);
        assertEquals(Math.sqrt(3), report.steadyGeometricMean(Peer.TRANSLATOR, Peer.QEMU_SYSTEM), 1e-9);
        assertEquals(1.25, report.cold("cg.A", Peer.TRANSLATOR, Peer.QEMU_SYSTEM).value(), 1e-9);
    }

    @Test
    void everyoneIsCreditedWithTheInstructionsThatAnEngineCounts() {
        assertEquals(100, report.mips("sieve", Peer.QEMU_SYSTEM), 1e-6);
        assertEquals(25, report.mips("sieve", Peer.INTERPRETER), 1e-6);
        assertEquals(2e9, report.instructionsOfGuest("cg.A").orElseThrow());
    }

    @Test
    void jsonHasTheAgreedFieldsAndTheRawFigures() throws Exception {
        Map<String, String> json = scalars(CpuJson.of(report));
        assertEquals("core", json.get("/steady/0/kernel"));
        assertEquals("3.0", json.get("/steady/0/translatorVsQemuSystem"));
        assertEquals("sieve", json.get("/steady/1/kernel"));
        assertEquals("4.0", json.get("/steady/1/translatorVsInterpreter"));
        assertEquals("1.7321", json.get("/steadyGeomean"));
        assertEquals("cg.A", json.get("/cold/0/guest"));
        assertEquals("1.25", json.get("/cold/0/translatorVsQemuSystem"));
        assertEquals("gcc is not installed", json.get("/missing/host"));
        assertEquals("version of translator", json.get("/peers/translator"));
        assertEquals("18000.0", json.get("/kernelRuns/2/wallMs/0"));
        assertEquals("500.0", json.get("/kernelRuns/2/threadMs/3"));
        assertEquals("10000.0", json.get("/wholeRuns/0/wallMs"));
    }

    @Test
    void jsonLeavesOutWhatNobodyWasThereToBeComparedWith() throws Exception {
        CpuReport alone = new CpuReport(Canned.HOST, 0.5, new Peers(List.of(Canned.peer(Peer.INTERPRETER)), List.of()), 100,
                List.of(Canned.kernel("core", Peer.INTERPRETER, 1, 1, 1, 1, 1)), List.of(Canned.whole("cg.A", Peer.INTERPRETER, 1, 50)));
        Map<String, String> json = scalars(CpuJson.of(alone));
        assertTrue(json.keySet().stream().noneMatch(key -> key.contains("Vs") || key.contains("Geomean")), json.toString());
        assertEquals("1000.0", json.get("/steady/0/threadMs/interpreter"));
    }

    @Test
    void resultsThatAreNotTheSameEverywhereAreFailures() {
        assertEquals(List.of(), report.failures());
        List<KernelRun> runs = new ArrayList<>(report.kernelRuns());
        runs.set(1, new KernelRun("core", Peer.INTERPRETER, 1, Canned.repetitions("0100", 100_000_000, 1), 1, true));
        runs.set(2, new KernelRun("core", Peer.TRANSLATOR, 1, Canned.repetitions("00ff", 100_000_001, 1), 1, true));
        WholeRun wrong = new WholeRun("cg.A", Peer.TRANSLATOR, 1, Duration.ofSeconds(1), Duration.ZERO, Duration.ZERO, 0, 0, "UNSUCCESSFUL");
        List<String> failures = new CpuReport(Canned.HOST, 0.5, report.peers(), 100, runs, List.of(wrong)).failures();
        assertEquals(3, failures.size(), failures.toString());
        assertTrue(failures.get(0).startsWith("The checksums of kernel core differ: ") && failures.get(0).contains("0100 on interpreter"), failures.get(0));
        assertTrue(failures.get(1).contains("100000001 on translator"), failures.get(1));
        assertEquals("guest cg.A on translator says of its result: UNSUCCESSFUL", failures.get(2));
    }

    @Test
    void countersOfQemuAreNoReasonToFail() {
        assertTrue(report.kernelRuns().stream().anyMatch(run -> run.repetitions().getFirst().instructions() == 77));
        assertEquals(List.of(), report.failures());
    }

    @Test
    void tablesHaveADashWhereThereIsNoFigureAndTheSpreadWhereThereIs() {
        CpuTables tables = new CpuTables(report);
        assertEquals(List.of("kernel", "qemu-system MIPS", "interpreter MIPS", "translator MIPS", "interpreter : qemu-system", "translator : qemu-system",
                "translator : interpreter"), tables.steady().head());
        assertEquals(List.of("core", "90.9", "25.0", "250", "0.28 ±9 %", "3.00 ±33 %", "10.7 ±25 %"), tables.steady().rows().get(0));
        assertEquals(List.of("geometric mean", "-", "-", "-", "0.26", "1.73", "6.53"), tables.steady().rows().get(2));
        assertEquals(List.of("cg.A", "translator", "8.00", "10.0", "250", "98.0", "1.25"), tables.cold().rows().get(2));
    }

    @Test
    void figuresWhoseRunsDifferTooMuchAreMarkedEverywhere() throws Exception {
        CpuReport odd = rounds(1, 1.4, 1);
        assertEquals("translator : qemu-system", new CpuTables(odd).steady().head().get(3));
        assertEquals("1.00 ±14 % ?", new CpuTables(odd).steady().entries().getFirst().get(3).marked());
        assertTrue(CpuPage.html(odd).contains("<td class=\"bad\">1.00 ±14 % ?</td>"), CpuPage.html(odd));
        assertEquals("true", scalars(CpuJson.of(odd)).get("/steady/0/translatorVsQemuSystemDoubtful"));
        assertEquals(List.of("Kernel core on translator: its 3 runs differ by 40 %"), odd.doubts());
        CpuReport even = rounds(1, 1.1, 1);
        assertEquals(List.of(), even.doubts());
        assertEquals("1.00 ±5 %", new CpuTables(even).steady().entries().getFirst().get(3).marked());
        assertFalse(CpuPage.html(even).contains("<dt>?</dt>"));
    }

    /** Three rounds of one kernel, in which QEMU takes a second for each repetition. */
    private static CpuReport rounds(double... translator) {
        List<KernelRun> runs = new ArrayList<>();
        for (int i = 0; i < translator.length; i++) {
            runs.add(Canned.kernel("core", Peer.QEMU_SYSTEM, i + 1, 1, 1, 1));
            runs.add(Canned.kernel("core", Peer.TRANSLATOR, i + 1, translator[i], translator[i], translator[i]));
        }
        Peers peers = new Peers(List.of(Canned.peer(Peer.QEMU_SYSTEM), Canned.peer(Peer.TRANSLATOR)), List.of());
        return new CpuReport(Canned.HOST, 0, peers, 100, runs, List.of());
    }

    @Test
    void figuresOfFewerThanThreeProcessesAreDoubted() {
        assertEquals(List.of("Some figures are of fewer than 3 processes: one odd run decides them"), rounds(1, 1).doubts());
    }

    @Test
    void thePageExplainsOnlyWhatIsOnItByTheClockOfEachTable() {
        String kernels = CpuPage.html(rounds(1, 1, 1));
        assertTrue(kernels.contains("for each second of CPU time of the computing thread") && !kernels.contains("whole run"), kernels);
        String guests = CpuPage.html(new CpuReport(Canned.HOST, 0, report.peers(), 100, List.of(), report.wholeRuns()));
        assertTrue(guests.contains("seconds and MIPS of whole runs</dt><dd>by the clock on the wall"), guests);
        assertFalse(guests.contains("picture") || guests.contains("steady") || guests.contains("computing thread"), guests);
    }

    @Test
    void thePageSaysWhoIsMissingAndItsPictureIsWellFormed() throws Exception {
        String html = CpuPage.html(report);
        assertTrue(html.contains("Not compared: host. gcc is not installed"), html);
        assertTrue(html.contains("version of qemu-system") && html.contains("A &amp; B, 2 CPUs"), html);
        var builder = DocumentBuilderFactory.newInstance().newDocumentBuilder();
        String picture = CpuPage.picture(report);
        assertDoesNotThrow(() -> builder.parse(new InputSource(new StringReader(picture))));
        assertFalse(picture.contains("NaN"), picture);
    }

    @Test
    void linesOfRepetitionsAreReadAndOthersPassedOver() {
        Moment at = new Moment(Duration.ofSeconds(3), Duration.ofSeconds(1), Duration.ofSeconds(2));
        assertEquals(new Repetition("06ae8ebbb4afee75", 106945612, at),
                Repetition.of(new Line("repetition 1 checksum 06ae8ebbb4afee75 ticks 6553 instructions 106945612", at)).orElseThrow());
        assertTrue(Repetition.of(new Line("repetition 1 checksum 06ae", at)).isEmpty());
        assertTrue(Repetition.of(new Line("WARNING: something", at)).isEmpty());
    }

    private static Map<String, String> scalars(String json) throws Exception {
        Map<String, String> found = new TreeMap<>();
        try (JsonParser parser = new JsonFactory().createParser(json)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token.isScalarValue()) {
                    found.put(parser.getParsingContext().pathAsPointer().toString(), parser.getText());
                }
            }
        }
        return found;
    }
}
