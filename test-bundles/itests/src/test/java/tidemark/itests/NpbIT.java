package tidemark.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tidemark.testkit.HostTool;

/** The NAS Parallel Benchmarks as guests of the delivered platform: their results are right to NPB's tolerance on every engine. */
class NpbIT {
    private static final List<String> BENCHMARKS = List.of("bt", "cg", "dc", "ep", "ft", "is", "lu", "mg", "sp");
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
        verify(engine, "S", BENCHMARKS);
    }

    /** On what machines have unless told otherwise; but DC, which takes two minutes by itself. */
    @Test
    void classWVerifiesOnTheDefaultEngine() throws Exception {
        verify("auto", "W", BENCHMARKS.stream().filter(name -> !name.equals("dc")).toList());
    }

    @ParameterizedTest
    @MethodSource("engines")
    @EnabledIfSystemProperty(named = "tidemark.npb.long", matches = "true", disabledReason = "takes minutes; give -Dtidemark.npb.long=true")
    void everyBenchmarkOfClassWVerifies(String engine) throws Exception {
        verify(engine, "W", BENCHMARKS);
    }

    @Test
    void dcGoesOnFromACheckpointOfItsMemoryAndItsDiskAndVerifies() throws Exception {
        Path image = home.resolve("dc.tdm");
        Launched end = Launched.tidemark(home, LONG, "exec", """
                vm:create d --guest dc.S --args rounds=400 --cpu auto --start
                vm:wait d --for 'Checksum'
                checkpoint:take d -p thread --oracle --to %1$s
                checkpoint:verify %1$s
                checkpoint:restore %1$s --name e --start
                vm:wait d
                vm:wait e
                vm:console d
                vm:console e
                """.formatted(image).replace("\n", "; "));
        assertEquals(0, end.code(), end.toString());
        assertEquals(2, end.out().lines().filter(line -> line.matches(" Iterations +=\\s+400")).count(), end.toString());
        assertEquals(2, end.out().lines().filter(line -> line.matches(" Verification +=\\s+SUCCESSFUL")).count(), end.toString());
    }

    @Test
    void linuxProgramsOfThreeBenchmarksVerifyInDebian() throws Exception {
        verifyInDebian(List.of("bt", "dc", "is"));
    }

    @Test
    @EnabledIfSystemProperty(named = "tidemark.npb.long", matches = "true", disabledReason = "takes a minute; give -Dtidemark.npb.long=true")
    void linuxProgramsOfAllBenchmarksVerifyInDebian() throws Exception {
        verifyInDebian(BENCHMARKS);
    }

    /** As the README of the guests says: the programs come on a disk, as an archive, and run in the folder of another disk's file system. */
    private void verifyInDebian(List<String> names) throws Exception {
        Path archive = home.resolve("npb.tar");
        Path disk = home.resolve("npb.img");
        build(names, archive);
        Launched fetched = Launched.tidemark(home, LONG, "guest", "fetch", "debian");
        assertEquals(0, fetched.code(), fetched.toString());
        Launched end = Launched.tidemark(home, LONG, "exec", """
                disk:create %2$s 64M
                vm:create d --guest debian --cpu auto --disk %1$s,format=raw,access=ro --disk %2$s --args 'tidemark.run="%3$s"' --start
                vm:wait d
                vm:console d --lines 1000
                """.formatted(archive, disk, "set -e; mkfs.ext4 -q /dev/vdb; mount /dev/vdb /mnt; cd /mnt; tar xf /dev/vda; for p in *.elf; do ./$p; done")
                .replace("\n", "; "));
        assertEquals(0, end.code(), end.toString());
        for (String name : names) {
            assertTrue(end.out().contains(name.toUpperCase(Locale.ROOT) + " Benchmark Completed"), () -> name + " is missing in " + end);
        }
        assertEquals(names.size(), end.out().lines().filter(line -> line.matches(" Verification +=\\s+SUCCESSFUL")).count(), end.toString());
        assertTrue(end.out().contains("tidemark.run: SUCCESSFUL"), end.toString());
    }

    private void build(List<String> names, Path archive) throws Exception {
        HostTool.require("riscv64-linux-gnu-gcc", "gcc-riscv64-linux-gnu");
        Path programs = home.resolve("programs");
        List<String> command = new ArrayList<>(List.of("sh", Platform.ROOT.resolve("plugins/guest.npb/src/main/c/build.sh").toString(), programs.toString(), "user"));
        names.forEach(name -> command.add(name + ".S"));
        assertEquals(new HostTool.Outcome(0, ""), HostTool.run(120, command.toArray(String[]::new)));
        assertEquals(new HostTool.Outcome(0, ""), HostTool.run(60, "tar", "-C", programs.toString(), "-cf", archive.toString(), "."));
    }

    private void verify(String engine, String size, List<String> names) throws Exception {
        String script = names.stream().map(name -> "vm:create %1$s --guest %1$s.%2$s --ram 128 --cpu %3$s --start; vm:wait %1$s; vm:console %1$s"
                .formatted(name, size, engine)).collect(Collectors.joining("; "));
        Launched end = Launched.tidemark(home, LONG, "exec", script);
        assertEquals(0, end.code(), end.toString());
        for (String name : names) {
            assertTrue(end.out().contains(name.toUpperCase(Locale.ROOT) + " Benchmark Completed"), () -> name + " is missing in " + end);
        }
        assertEquals(names.size(), end.out().lines().filter(line -> line.matches(" Verification +=\\s+SUCCESSFUL")).count(), end.toString());
    }
}
