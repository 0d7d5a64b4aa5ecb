package tidemark.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The NAS Parallel Benchmarks as guests of the delivered platform: their results are right to NPB's tolerance on every engine. */
class NpbIT {
    private static final List<String> BENCHMARKS = List.of("bt", "cg", "ep", "ft", "is", "lu", "mg", "sp");
    private static final Duration LONG = Duration.ofHours(2);

    @TempDir
    Path home;

    /** Every engine of this tree, so that one that is added is tested too. */
    static List<String> engines() {
        try (Stream<Path> plugins = Files.list(Platform.ROOT.resolve("plugins"))) {
            return plugins.map(folder -> folder.getFileName().toString()).filter(name -> name.startsWith("cpu."))
                    .map(name -> name.substring("cpu.".length())).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("engines")
    void everyBenchmarkOfClassSVerifies(String engine) throws Exception {
        verify(engine, "S");
    }

    @ParameterizedTest
    @MethodSource("engines")
    @EnabledIfSystemProperty(named = "tidemark.npb.long", matches = "true", disabledReason = "takes minutes; give -Dtidemark.npb.long=true")
    void everyBenchmarkOfClassWVerifies(String engine) throws Exception {
        verify(engine, "W");
    }

    private void verify(String engine, String size) throws Exception {
        String script = BENCHMARKS.stream().map(name -> "vm:create %1$s --guest %1$s.%2$s --ram 128 --cpu %3$s --start; vm:wait %1$s; vm:console %1$s"
                .formatted(name, size, engine)).collect(Collectors.joining("; "));
        Launched end = Launched.tidemark(home, LONG, "exec", script);
        assertEquals(0, end.code(), end.toString());
        for (String name : BENCHMARKS) {
            assertTrue(end.out().contains(name.toUpperCase(Locale.ROOT) + " Benchmark Completed"), () -> name + " is missing in " + end);
        }
        assertEquals(BENCHMARKS.size(), end.out().lines().filter(line -> line.matches(" Verification +=\\s+SUCCESSFUL")).count(), end.toString());
    }
}
