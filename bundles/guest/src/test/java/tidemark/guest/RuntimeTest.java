package tidemark.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidemark.testkit.HostTool;

/** The runtime's C as a process of the host, with sanitizers, against the host's C library. */
class RuntimeTest {
    private static final String SOURCES = "src/main/c/";
    private static final String TESTS = "src/test/c/";

    @TempDir
    Path directory;

    @Test
    void printingMathematicsAndTheDeviceTreeReaderHoldAgainstTheHostsLibraryAndDamagedTrees() throws Exception {
        HostTool.require("gcc", "gcc");
        HostTool.require("dtc", "device-tree-compiler");
        String tree = directory.resolve("tree.dtb").toString();
        String test = directory.resolve("test").toString();
        HostTool.Outcome silent = new HostTool.Outcome(0, "");
        assertEquals(silent, HostTool.run(60, "dtc", "-O", "dtb", "-o", tree, TESTS + "tree.dts"));
        assertEquals(silent, HostTool.run(120, "gcc", "-std=gnu17", "-g", "-O1", "-Wall", "-Wextra", "-Werror", "-fno-builtin-printf",
                "-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-I", SOURCES, "-o", test, TESTS + "runtime_test.c",
                SOURCES + "print.c", SOURCES + "math.c", SOURCES + "fdt.c", "-lm"));
        assertEquals(new HostTool.Outcome(0, "passed\n"), HostTool.run(300, test, tree));
    }
}
