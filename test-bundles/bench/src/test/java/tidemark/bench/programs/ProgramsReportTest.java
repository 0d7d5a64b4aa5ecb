package tidemark.bench.programs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tidemark.bench.programs.ProgramsReport.Clock;
import tidemark.report.Host;

class ProgramsReportTest {
    private static final Host HOST = new Host(2, "A & B", 4L << 30, "Linux 6", "a JVM 25");
    private static final List<Runner> RUNNERS = List.of(runner(Runner.QEMU_SYSTEM), runner("auto"));

    private final ProgramsReport report = report(RUNNERS, npb("bt.S", Runner.QEMU_SYSTEM, 1, 4), npb("bt.S", "auto", 1, 2), npb("bt.S", "auto", 2, 1),
            npb("bt.S", Runner.QEMU_SYSTEM, 2, 4), npb("bt.S", Runner.QEMU_SYSTEM, 3, 4), npb("bt.S", "auto", 3, 4),
            system("fork", Runner.QEMU_SYSTEM, 1, 1, "400"), system("fork", "auto", 1, 2, "400"));

    private static Runner runner(String name) {
        return new Runner(name, "version of " + name, (spec, disk) -> {
            throw new AssertionError("nothing is started");
        });
    }

    private static ProgramsReport report(List<Runner> runners, ProgramRun... runs) {
        return new ProgramsReport(HOST, 0.5, runners, List.of(), List.of(runs));
    }

    private static ProgramRun npb(String program, String runner, int round, double seconds) {
        return run(ProgramRun.NPB, program, runner, round, seconds, ProgramRun.SUCCESSFUL);
    }

    private static ProgramRun system(String program, String runner, int round, double seconds, String result) {
        return run(ProgramRun.SYSTEM, program, runner, round, seconds, result);
    }

    /** Twice as long on the wall. */
    private static ProgramRun run(String kind, String program, String runner, int round, double seconds, String result) {
        Duration hart = Duration.ofNanos(Math.round(seconds * 1e9));
        return new ProgramRun(kind, program, runner, round, hart.multipliedBy(2).plusSeconds(runner.equals("auto") ? 1 : 0), hart, result);
    }

    @Test
    void speedsAreComparedWithinARoundAndTheirMedianCounts() {
        assertEquals(2, report.ratio("bt.S", "auto", Clock.HART).value(), 1e-9);
        assertEquals(8.0 / 5, report.ratio("bt.S", "auto", Clock.WALL).value(), 1e-9);
        assertEquals(0.5, report.geometricMean(ProgramRun.SYSTEM, "auto", Clock.HART), 1e-9);
        assertEquals(2, report.geometricMean(ProgramRun.NPB, "auto", Clock.HART), 1e-9);
    }

    @Test
    void jsonHasARowForEachProgram() {
        String json = new ProgramsJson(report).text().replaceAll("\\s", "");
        assertTrue(json.contains("\"kind\":\"npb\",\"program\":\"bt.S\",\"autoVsQemuSystem\":2,\"autoVsQemuSystemWall\":1.6,\"spreadPercent\":150,"), json);
        assertTrue(json.contains("\"hartSeconds\":{\"qemu-system\":[1],\"auto\":[2]}"), json);
        assertTrue(json.contains("\"npbAutoVsQemuSystem\":2") && json.contains("\"systemAutoVsQemuSystem\":0.5"), json);
    }

    @Test
    void withoutQemuThereAreSecondsAndNoRatios() {
        ProgramsReport alone = report(List.of(runner("auto")), npb("bt.S", "auto", 1, 2));
        assertFalse(new ProgramsJson(alone).text().contains("VsQemu"), new ProgramsJson(alone).text());
        assertTrue(new ProgramsJson(alone).text().contains("hartSeconds"));
        assertFalse(new ProgramsTable(alone).html().contains("auto : "));
    }

    @Test
    void resultsThatAreWrongOrNotTheSameEverywhereAreFailures() {
        assertEquals(List.of(), report.failures());
        List<ProgramRun> runs = new ArrayList<>(report.runs());
        runs.add(system("fork", "auto", 2, 1, "399"));
        runs.add(run(ProgramRun.NPB, "cg.S", "auto", 1, 1, ""));
        assertEquals(List.of("cg.S on auto says of its result: nothing", "The results of fork differ: 400 | 399"),
                report(RUNNERS, runs.toArray(ProgramRun[]::new)).failures());
    }

    @Test
    void figuresWhoseRunsDifferTooMuchAreMarked() {
        assertEquals(List.of("bt.S on auto: its 3 runs differ by 150 %", "Figures are of fewer than 3 processes: one odd run decides them"), report.doubts());
        String html = new ProgramsTable(report).html();
        assertTrue(html.contains("<td class=\"bad\">2.00 ?</td>"), html);
        assertTrue(html.contains("processes that end at once") && !html.contains("SHA-256"), html);
    }
}
