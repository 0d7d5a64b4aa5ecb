package tidemark.bench.handshake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintStream;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tidemark.api.shell.Screen;
import tidemark.report.Host;

class HandshakeReportTest {
    private static final Host HOST = new Host(2, "a processor", 4L << 30, "Linux 6", "a JVM 25");

    /** 1000 latencies, of which the longest two are these. */
    private static List<Double> thousand(double longest, double secondLongest) {
        List<Double> all = new java.util.ArrayList<>(IntStream.range(0, 998).mapToObj(i -> 0.02).toList());
        all.add(300, longest);
        all.add(secondLongest);
        return all;
    }

    private static HandshakeReport report(double longest, double secondLongest) {
        return new HandshakeReport(HOST, 0.5, List.of(new Latencies("", "control", 2, 0, thousand(40, 30), List.of()),
                new Latencies("translator", "cg.A", 2, 1500, thousand(longest, secondLongest), thousand(longest + 1, secondLongest + 1))));
    }

    @Test
    void theOneOfAThousandThatMayTakeLongerIsNotJudged() {
        assertTrue(report(50, 4).verdict().startsWith("All harts stand within 4.00 ms of the request in 99.9 % of all cases"), report(50, 4).verdict());
        assertTrue(report(50, 4).verdict().contains("promised are 5 ms: kept"));
        assertTrue(report(50, 6).verdict().contains("NOT KEPT"));
    }

    @Test
    void theControlIsToldBesideTheVerdictAndIsNotJudged() {
        assertTrue(report(50, 4).verdict().endsWith("(threads of this host that do nothing but answer: 30.0 ms)."), report(50, 4).verdict());
    }

    @Test
    void hartsThatWaitForAProcessorAreToldBesideTheVerdictAndAreNotJudged() {
        HandshakeReport report = new HandshakeReport(HOST, 0, List.of(new Latencies("", "control", 4, 0, thousand(13, 12), List.of()),
                new Latencies("translator", "cg.A", 2, 1500, thousand(5, 4), thousand(5, 4)),
                new Latencies("translator", "cg.A", 4, 1500, thousand(10, 9), thousand(10, 9))));
        List<String> lines = report.verdict().lines().toList();
        assertTrue(lines.getFirst().endsWith("within 4.00 ms of the request in 99.9 % of all cases, whatever the guest; promised are 5 ms: kept."), report.verdict());
        assertEquals("With more harts than processors, for which they wait: within 9.00 ms (threads of this host that do nothing but answer: 12.0 ms).",
                lines.getLast());
    }

    @Test
    void theTableShowsQuantilesOfBothTimes() {
        String table = report(50, 6).table().render(Screen.plain(new PrintStream(PrintStream.nullOutputStream())));
        List<String> lines = table.lines().toList();
        assertTrue(lines.get(1).matches("host alone +control +2 +- +0.020 ms +0.020 ms +30.000 ms +40.000 ms +- +- +1000"), table);
        assertTrue(lines.get(2).matches("translator +cg.A +2 +1,500 +0.020 ms +0.020 ms +6.000 ms +50.000 ms +0.020 ms +7.000 ms +1000"), table);
    }

    @Test
    void jsonHasTheQuantilesByTheirNames() {
        String json = report(50, 6).json().replaceAll("\\s", "");
        assertTrue(json.contains("\"standingMs\":{\"p50\":0.02,\"p99\":0.02,\"p99.9\":6.0,\"max\":50.0}"), json);
        assertTrue(json.contains("\"stoodMs\":{\"p50\":0.02,\"p99\":0.02,\"p99.9\":7.0,\"max\":51.0}"), json);
        assertTrue(json.contains("\"engine\":\"control\""), json);
    }

    @Test
    void theControlCountsEveryThread() {
        try (Control control = new Control(2)) {
            for (int i = 0; i < 100; i++) {
                assertTrue(control.call() > 0);
            }
        }
        assertEquals(1000, thousand(1, 1).size());
    }
}
