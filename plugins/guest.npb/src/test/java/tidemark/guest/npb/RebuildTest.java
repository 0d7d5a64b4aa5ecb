package tidemark.guest.npb;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidemark.testkit.HostTool;

class RebuildTest {
    private static final Path SOURCES = Path.of("src/main/c");

    @Test
    void theCommittedElfFilesAreWhatTheirSourcesCompileTo(@TempDir Path out) throws Exception {
        HostTool.require("riscv64-linux-gnu-gcc", "gcc-riscv64-linux-gnu");
        List<String> wanted = Files.readAllLines(SOURCES.resolve("compiler.txt"));
        List<String> found = List.of(version("riscv64-linux-gnu-gcc"), version("riscv64-linux-gnu-ld"));
        if (!found.equals(wanted.subList(1, 3))) {
            HostTool.unavailable("Other compilers make other bytes; here are " + found + ". " + String.join("\n", wanted));
        }
        HostTool.Outcome build = HostTool.run(300, SOURCES.resolve("build.sh").toString(), out.toString());
        assertEquals(new HostTool.Outcome(0, ""), build);
        for (Program program : NpbGuests.PROGRAMS) {
            assertArrayEquals(Files.readAllBytes(out.resolve(program.name() + ".elf")), program.kernel(),
                    () -> program.name() + ".elf is not what src/main/c gives: run src/main/c/build.sh src/main/resources/tidemark/guest/npb and commit");
        }
    }

    private static String version(String command) throws Exception {
        return HostTool.run(60, command, "--version").output().lines().findFirst().orElse("");
    }
}
