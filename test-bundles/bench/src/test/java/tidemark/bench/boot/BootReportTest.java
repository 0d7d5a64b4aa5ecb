package tidemark.bench.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tidemark.api.shell.Screen;
import tidemark.bench.Moment;
import tidemark.report.Host;

class BootReportTest {
    private static final Host HOST = new Host(2, "A & B", 4L << 30, "Linux 6", "a JVM 25");

    private static Duration time(double seconds) {
        return Duration.ofNanos(Math.round(seconds * 1e9));
    }

    private static Moment moment(double wall, double thread, double all) {
        return new Moment(time(wall), time(thread), time(all));
    }

    private static BootRun qemu(int round, double wall) {
        return new BootRun(BootPeer.QEMU, round, moment(0, 0, 0), moment(wall, wall / 2, wall), 0);
    }

    private static BootRun ours(int round, double wall) {
        return new BootRun("interpreter", round, moment(1.5, .25, 1), moment(1.5 + wall, .25 + wall / 2, 1 + 2 * wall), 400_000_000);
    }

    private static BootReport report(BootRun... runs) {
        List<BootPeer> peers = Stream.of(runs).map(BootRun::peer).distinct().map(name -> new BootPeer(name, "version of " + name, () -> {
            throw new AssertionError("nothing is started");
        })).toList();
        boolean hasQemu = Stream.of(runs).anyMatch(run -> run.peer().equals(BootPeer.QEMU));
        return new BootReport(HOST, "debian", 512, 1, "console=ttyS0", peers, hasQemu ? "" : "apt-get install it", List.of(runs));
    }

    @Test
    void figuresAreMediansWithoutThePlatformsStartAndRatiosAreToQemu() {
        BootReport report = report(qemu(1, 2), ours(1, 6), qemu(2, 30), ours(2, 7), qemu(3, 2.5), ours(3, 50));
        assertEquals(2.5, report.median(BootPeer.QEMU, BootReport::wall));
        assertEquals(7, report.median("interpreter", BootReport::wall));
        assertEquals(14, report.median("interpreter", BootReport::cpu));
        assertEquals(3.5, report.median("interpreter", BootReport::hart));
        assertEquals(2.8, report.ratio("interpreter", BootReport::wall), 1e-9);
        assertEquals(5.6, report.ratio("interpreter", BootReport::cpu), 1e-9);
    }

    @Test
    void theTableHasARowForEachPeer() {
        List<String> lines = report(qemu(1, 2), ours(1, 6)).table().render(Screen.plain(System.out)).lines().toList();
        assertEquals(3, lines.size());
        assertTrue(lines.get(1).matches("qemu +2.00 +2.00 +1.00 +- +1.00 +1.00 +-"), lines.get(1));
        assertTrue(lines.get(2).matches("interpreter +6.00 +12.0 +3.00 +400 M +3.00 +6.00 +1.50 s"), lines.get(2));
    }

    @Test
    void withoutQemuThereAreNoRatiosAndTheJsonSaysWhatIsMissing() {
        BootReport report = report(ours(1, 6));
        String line = report.table().render(Screen.plain(System.out)).lines().toList().get(1);
        assertTrue(line.matches("interpreter +6.00 +12.0 +3.00 +400 M +- +- +1.50 s"), line);
        String json = report.json();
        assertTrue(json.contains("\"missing\" : \"apt-get install it\""), json);
        assertFalse(json.contains("Ratio"), json);
    }

    @Test
    void jsonHasEveryRunInSeconds() {
        String json = report(qemu(1, 2), ours(1, 6), ours(2, 7)).json().replaceAll("\\s+", "");
        assertTrue(json.contains("\"name\":\"interpreter\",\"version\":\"versionofinterpreter\",\"wallSeconds\":6.5,\"cpuSeconds\":13,\"hartCpuSeconds\":3.25,"
                + "\"instructions\":400000000,\"wallRatioToQemu\":3.25,\"cpuRatioToQemu\":6.5,\"runs\":[{\"startSeconds\":1.5,\"wallSeconds\":6,\"cpuSeconds\":12,"
                + "\"hartCpuSeconds\":3,\"instructions\":400000000},{\"startSeconds\":1.5,\"wallSeconds\":7,"), json);
    }
}
