package tidemark.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script that users run: a Debian whose every part is replaced while it computes and writes. It fails by itself if the guest noticed more than pauses. */
class ReplaceEverythingIT {
    private static final Path SCRIPT = Platform.ROOT.resolve("launch/examples/replace-everything.tidemark");
    private static final List<String> BY_NAME = List.of("cpu", "memory", "firmware", "uart0", "plic0", "clint0", "power0", "rtc0", "rng0", "vmgenid0",
            "disk0", "disk0.image", "virtio-console0", "net0", "net0.backend");
    private static final List<String> BY_UPDATE = List.of("protocol thread", "tracker writefault", "copier single", "stop downtime", "layout stream",
            "layout mapped");
    private static final List<String> ENGINES = List.of("cpu interpreter translator", "cpu translator interpreter");

    @Test
    void everyKindOfPartIsReplacedThreeTimesAndTheGuestNoticesPausesOnly(@TempDir Path home) throws Exception {
        Launched fetched = Launched.tidemark(home, "guest", "fetch", "debian");
        assertEquals(0, fetched.code(), fetched.toString());
        Launched end = Launched.tidemark(home, "exec", "-f", SCRIPT.toString());
        assertEquals(0, end.code(), end.toString());
        Map<String, Long> exchanged = count(end.out(), "^(\\S+) +\\S+ +\\S+ +[\\d.,]+ (?:us|ms|s)$");
        BY_NAME.forEach(part -> assertTrue(exchanged.getOrDefault(part, 0L) >= 3, () -> part + ": " + exchanged + "\n" + end));
        Map<String, Long> engines = count(end.out(), "^(cpu +\\S+ +\\S+) +[\\d.,]+ (?:us|ms|s)$");
        ENGINES.forEach(change -> assertTrue(engines.getOrDefault(change, 0L) >= 2, () -> change + ": " + engines));
        Map<String, Long> updated = count(end.out(), "^([a-z]+ +\\S+) +tidemark\\.\\S+ +\\S+ +d1 [\\d.,]+(?: us| ms| s)?$");
        BY_UPDATE.forEach(part -> assertTrue(updated.getOrDefault(part, 0L) >= 3, () -> part + ": " + updated + "\n" + end));
        for (String proof : List.of("verdict  equal", "SUMS0RIGHT", "NET0WORKS", "RTC0WORKS", "CONSOLE0WORKS", "FS0CLEAN")) {
            assertTrue(end.out().contains(proof), () -> proof + " is missing:\n" + end);
        }
        summary(end.out()).forEach(System.out::println);
    }

    /** How often lines show each part. @param line a regular expression whose first group is the part */
    private static Map<String, Long> count(String output, String line) {
        Map<String, Long> counts = new TreeMap<>();
        for (MatchResult match : Pattern.compile(line, Pattern.MULTILINE).matcher(output).results().toList()) {
            counts.merge(match.group(1).replaceAll(" +", " "), 1L, Long::sum);
        }
        return counts;
    }

    private static Stream<String> summary(String output) {
        return output.lines().dropWhile(line -> !line.matches("part +kind +exchanges.*")).takeWhile(line -> !line.startsWith("END0"));
    }
}
