package tidemark.guest.npb;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tidemark.testkit.HostTool;

/** The guests' C as processes of the host: with sanitizers, against the host's C library, and in classes too long for a machine. */
class HostTest {
    private static final String SOURCES = "src/main/c/";
    private static final String TESTS = "src/test/c/";

    @TempDir
    Path directory;

    @BeforeEach
    void compilerIsInstalled() throws Exception {
        HostTool.require("gcc", "gcc");
    }

    @Test
    void printingMathematicsAndTheDeviceTreeReaderHoldAgainstTheHostsLibraryAndDamagedTrees() throws Exception {
        HostTool.require("dtc", "device-tree-compiler");
        String tree = directory.resolve("tree.dtb").toString();
        assertEquals(new HostTool.Outcome(0, ""), HostTool.run(60, "dtc", "-O", "dtb", "-o", tree, TESTS + "tree.dts"));
        String test = compile(List.of("-std=gnu17", "-O1", "-fno-builtin-printf", "-fsanitize=address,undefined", "-fno-sanitize-recover=all",
                TESTS + "runtime_test.c", SOURCES + "print.c", SOURCES + "math.c", SOURCES + "fdt.c"));
        assertEquals(new HostTool.Outcome(0, "passed\n"), HostTool.run(300, test, tree));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ep.W", "cg.W", "cg.A"})
    void benchmarksVerify(String name) throws Exception {
        verify(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ep.A", "ep.B", "cg.B"})
    @EnabledIfSystemProperty(named = "tidemark.npb.long", matches = "true", disabledReason = "takes minutes; give -Dtidemark.npb.long=true")
    void longBenchmarksVerify(String name) throws Exception {
        verify(name);
    }

    private void verify(String name) throws Exception {
        String[] parts = name.split("\\.");
        String benchmark = compile(List.of("-std=gnu17", "-O2", "-DCLASS='" + parts[1] + "'", "-DCFLAGS=\"-O2\"", SOURCES + parts[0] + ".c",
                SOURCES + "npb.c", SOURCES + "print.c", SOURCES + "math.c", SOURCES + "verification.c", TESTS + "host.c"));
        HostTool.Outcome outcome = HostTool.run(3600, benchmark);
        assertEquals(Optional.of("SUCCESSFUL"), new NpbGuests().guest(name).orElseThrow().verification(outcome.output()), outcome.output());
        assertEquals(0, outcome.exitCode());
    }

    private String compile(List<String> arguments) throws Exception {
        String program = directory.resolve("program").toString();
        List<String> command = new ArrayList<>(List.of("gcc", "-g", "-Wall", "-Wextra", "-Werror", "-ffp-contract=fast", "-fno-math-errno", "-I", SOURCES,
                "-o", program));
        command.addAll(arguments);
        command.add("-lm");
        assertEquals(new HostTool.Outcome(0, ""), HostTool.run(120, command.toArray(String[]::new)));
        return program;
    }
}
