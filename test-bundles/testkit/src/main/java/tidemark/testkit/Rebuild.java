package tidemark.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Holds committed ELF files to what their sources compile to. */
public final class Rebuild {
    private Rebuild() {}

    /**
     * @param script builds all of them into the folder that it is given
     * @param compiler a text with a sentence on how to get the compilers, and the first lines of what gcc and ld say of their versions
     * @param committed the folder with the files
     * @param out an empty folder
     */
    public static void requireSame(Path script, Path compiler, Path committed, Path out) throws Exception {
        HostTool.require("riscv64-linux-gnu-gcc", "gcc-riscv64-linux-gnu");
        List<String> wanted = Files.readAllLines(compiler);
        List<String> found = List.of(version("riscv64-linux-gnu-gcc"), version("riscv64-linux-gnu-ld"));
        if (!found.equals(wanted.subList(1, 3))) {
            HostTool.unavailable("Other compilers make other bytes; here are " + found + ". " + String.join("\n", wanted));
        }
        assertEquals(new HostTool.Outcome(0, ""), HostTool.run(300, "sh", script.toString(), out.toString()));
        assertEquals(names(out), names(committed));
        for (String name : names(out)) {
            assertArrayEquals(Files.readAllBytes(out.resolve(name)), Files.readAllBytes(committed.resolve(name)),
                    () -> name + " is not what its sources give: run sh " + script + " " + committed + " and commit");
        }
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(".elf")).sorted().toList();
        }
    }

    private static String version(String command) throws Exception {
        return HostTool.run(60, command, "--version").output().lines().findFirst().orElse("");
    }
}
