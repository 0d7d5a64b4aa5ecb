package tidemark.shell.demo;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import tidemark.api.checkpoint.CheckpointReport;
import tidemark.api.checkpoint.CheckpointReport.Pause;
import tidemark.api.checkpoint.CheckpointReport.Round;
import tidemark.api.checkpoint.CheckpointReport.Sample;
import tidemark.api.checkpoint.CheckpointRequest;
import tidemark.api.checkpoint.Conditions;
import tidemark.shell.demo.DemoReport.Row;
import tidemark.report.Host;

/** Reports with figures as they come in practice. */
final class Reports {
    private Reports() {}

    static DemoReport demo() {
        return new DemoReport(new DemoReport.Guest("cg.W", "conjugate gradient <class W>", DemoReport.SUCCESSFUL), 512,
                new Host(2, "A & B processor", 16L << 30, "Linux 6.1", "OpenJDK 64-Bit Server VM 25.0.3"), List.of(row(stop()), row(live()),
                row(thread())), List.of(), Path.of("/report"));
    }

    private static Row row(CheckpointReport report) {
        return new Row(report, Duration.ofNanos(98_765_432), true, DemoReport.SUCCESSFUL);
    }

    static CheckpointReport stop() {
        return report("stop", 312, List.of(pause("pause", 2, 298)), List.of(round(1, 4, 280, 131_072, true, 0)));
    }

    static CheckpointReport live() {
        List<Pause> pauses = new ArrayList<>();
        pauses.add(pause("start", 1, 0.2));
        for (int i = 0; i < 12; i++) {
            pauses.add(pause("slice", 100 + i * 100, 18));
        }
        pauses.add(pause("pause", 1320, 9));
        return report("live", 1370, pauses, List.of(round(1, 100, 1118, 131_072, false, 1830), round(2, 1220, 90, 1830, false, 240),
                round(3, 1322, 3, 240, true, 0)));
    }

    static CheckpointReport thread() {
        return report("thread", 420, List.of(pause("start", 1, 0.12), pause("epoch", 296, 0.08), pause("epoch", 331, 0.08),
                pause("pause", 344, 2.4)), List.of(round(1, 2, 294, 131_072, false, 1912), round(2, 297, 34, 1912, false, 410),
                round(3, 332, 12, 410, false, 260), round(4, 345, 2, 260, true, 0)));
    }

    static CheckpointReport report(String protocol, double latency, List<Pause> pauses, List<Round> rounds) {
        List<Sample> samples = new ArrayList<>();
        for (double at = -500; at <= latency + 500; at += 10) {
            double from = at - 10;
            double to = at;
            double stood = pauses.stream().mapToDouble(p -> Math.max(0, Math.min(to, nanos(p.begin()) + nanos(p.length())) - Math.max(from,
                    nanos(p.begin())))).sum();
            samples.add(new Sample(ms(at), (118 - (at > 0 && at < latency ? 9 : 0) + 3 * Math.sin(at / 17)) * (1 - stood / 10)));
        }
        Duration total = pauses.stream().map(Pause::length).reduce(Duration.ZERO, Duration::plus);
        Duration longest = pauses.stream().map(Pause::length).max(Duration::compareTo).orElseThrow();
        return new CheckpointReport(CheckpointRequest.of("demo", Path.of("/report/x.tdm"), protocol).withOracle(true), ms(latency), pauses,
                total, longest, 100 * (1 - nanos(total) / latency), 118.4, rounds.stream().mapToLong(Round::pages).sum(), rounds.size(),
                27_123_456, ms(3), ms(latency * .8), ms(.3), ms(61), rounds, samples,
                protocol.equals("stop") ? CheckpointReport.BY_PROTOCOL : "stop condition downtime", 0, CheckpointReport.Stalls.NONE, conditions(0.04));
    }

    static CheckpointReport under(CheckpointReport r, Conditions conditions) {
        return new CheckpointReport(r.request(), r.latency(), r.pauses(), r.downtimeTotal(), r.downtimeLongest(), r.progressPercent(),
                r.undisturbedMips(), r.pagesCopied(), r.rounds(), r.imageBytes(), r.hartThreadTime(), r.checkpointThreadTime(),
                r.handshakeLongest(), r.oracleTime(), r.roundList(), r.samples(), r.copyingEndedBy(), r.sideMemoryPeak(), r.stalls(), conditions);
    }

    static Conditions conditions(double othersCpus) {
        return new Conditions(118, 109, 118.8, 92, 0.99, 0.93, othersCpus, 2);
    }

    private static Pause pause(String kind, double begin, double length) {
        return new Pause(kind, ms(begin), ms(length));
    }

    private static Round round(int number, double begin, double length, long pages, boolean paused, long dirty) {
        return new Round(number, ms(begin), ms(length), pages, pages * 200, paused, dirty);
    }

    private static Duration ms(double ms) {
        return Duration.ofNanos((long) (ms * 1e6));
    }

    private static double nanos(Duration d) {
        return d.toNanos() / 1e6;
    }
}
