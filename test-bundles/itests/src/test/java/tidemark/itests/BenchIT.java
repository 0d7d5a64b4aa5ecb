package tidemark.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidemark.testkit.HostTool;

/** {@code launch/tidemark bench} as a user calls it, in its shortest forms. */
class BenchIT {
    @TempDir
    Path home;

    @Test
    void aKernelAndAGuestHaveTheSameResultsWhereverTheyRunAndAreCompared() throws Exception {
        HostTool.require("qemu-system-riscv64", "qemu-system-misc");
        HostTool.require("qemu-riscv64", "qemu-user");
        HostTool.require("riscv64-linux-gnu-gcc", "gcc-riscv64-linux-gnu");
        Launched end = Launched.tidemark(home, "bench", "cpu", "--quick", "--runs", "1", "--kernels", "crc32", "--percent", "4", "--guests", "cg.S", "--json", "cpu.json");
        assertEquals(0, end.code(), end.toString());
        String json = Files.readString(home.resolve("cpu.json"));
        for (String field : List.of("steady", "kernel", "cold", "guest", "interpreterVsQemuSystem", "host", "kernelRuns", "wholeRuns")) {
            assertTrue(json.contains("\"" + field + "\""), field + " is missing in " + json);
        }
        for (String peer : List.of("native", "qemu-user", "qemu-system", "interpreter")) {
            assertTrue(end.out().contains(peer) && json.contains("\"" + peer + "\""), peer + " is missing in " + end);
        }
        String html = Files.readString(home.resolve("tidemark-bench/cpu.html"));
        assertTrue(html.contains("<svg") && !html.matches("(?s).*(src|href)=\"https?:.*"), "a picture, and nothing from the network");
    }

    @Test
    void whatTrackersCostIsMeasuredOnRunningMachines() throws Exception {
        Launched end = Launched.tidemark(home, "bench", "tracking", "--cpu", "interpreter", "--guests", "kernel.store", "--trackers", "writefault,card",
                "--turns", "2", "--window", "50", "--warm-up", "0", "--json", "tracking.json");
        assertEquals(0, end.code(), end.toString());
        assertTrue(end.out().matches("(?s).*interpreter +kernel.store +writefault +first write +.*interpreter +kernel.store +card +every store +.*"), end.out());
        assertTrue(Files.readString(home.resolve("tracking.json")).contains("\"onVsNone\""));
    }

    @Test
    void howSoonHartsStandIsMeasuredOnRunningMachines() throws Exception {
        Launched end = Launched.tidemark(home, "bench", "handshake", "--cpu", "interpreter", "--guests", "kernel.store", "--harts", "1,2", "--count", "100",
                "--warm-up", "0", "--json", "handshake.json");
        assertEquals(0, end.code(), end.toString());
        assertTrue(end.out().matches("(?s).*interpreter +kernel.store +1 .* ms .*interpreter +kernel.store +2 .* ms .*"), end.out());
        assertTrue(Files.readString(home.resolve("handshake.json")).contains("\"p99.9\""));
    }

    @Test
    void realProgramsHaveTheSameResultsHereAndOnQemu() throws Exception {
        HostTool.require("qemu-system-riscv64", "qemu-system-misc");
        assertEquals(0, Launched.tidemark(home, "guest", "fetch", "debian").code());
        Launched end = Launched.tidemark(home, "bench", "programs", "--quick", "--runs", "1", "--guests", "dc.S,is.S", "--programs",
                "fork,disk,sort", "--json", "programs.json");
        assertEquals(0, end.code(), end.toString());
        assertTrue(end.out().matches("(?s).*is.S +[0-9.]+ +[0-9.]+ +[0-9.]+ .*geometric mean.*fork +[0-9.]+ .*disk +.*sort +.*geometric mean.*"), end.out());
        String json = Files.readString(home.resolve("programs.json"));
        for (String field : List.of("programs", "program", "autoVsQemuSystem", "spreadPercent", "systemAutoVsQemuSystem")) {
            assertTrue(json.contains("\"" + field + "\""), field + " is missing in " + json);
        }
        assertTrue(Files.readString(home.resolve("tidemark-bench/programs.html")).contains("How fast real programs run"));
    }

    @Test
    void theNamesOfBenchmarksAreToldAndOthersRefused() throws Exception {
        assertTrue(Launched.tidemark(home, "bench", "--help").out().contains("launch/tidemark bench cpu"));
        Launched end = Launched.tidemark(home, "bench", "fast");
        assertEquals(1, end.code());
        assertTrue(end.err().contains("'fast'") && end.err().contains("bench cpu"), end.err());
    }
}
