package tidemark.bench.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tidemark.api.shell.CommandError;
import tidemark.bench.TimedProcess;

/** With shell scripts in place of emulators. */
@Timeout(60)
class BootBenchTest {
    private final BootBench bench = new BootBench(Pattern.compile("~ # "), Duration.ofSeconds(20));

    private static BootPeer peer(String name, String script) {
        return new BootPeer(name, "", () -> TimedProcess.start(List.of("sh", "-c", script), ""));
    }

    @Test
    void peersBootByTurnsAndTheShellIsWhatCounts() throws Exception {
        BootPeer qemu = peer(BootPeer.QEMU, "echo OpenSBI; sleep 0.2; printf '~ # '; exec sleep 100");
        BootPeer ours = peer("interpreter", "sleep 0.3; echo Guest debian begins; sleep 0.1; printf '~ # '; sleep 0.1; "
                + "printf '\\nInstructions retired: 42\\n'");
        List<String> progress = new ArrayList<>();
        List<BootRun> runs = bench.run(List.of(qemu, ours), 2, progress::add);
        assertEquals(List.of("qemu", "interpreter", "qemu", "interpreter"), runs.stream().map(BootRun::peer).toList());
        assertEquals(List.of(1, 1, 2, 2), runs.stream().map(BootRun::round).toList());
        assertEquals(List.of("round 1 of 2: qemu", "round 1 of 2: interpreter", "round 2 of 2: qemu", "round 2 of 2: interpreter"), progress);
        BootRun first = runs.get(1);
        assertTrue(first.begin().wall().toMillis() >= 300, first.toString());
        assertTrue(first.wall().toMillis() >= 100, first.toString());
        assertEquals(42, first.instructions());
        assertEquals(0, runs.getFirst().instructions());
    }

    @Test
    void aGuestThatDoesNotComeToItsShellEndsTheBenchmarkWithItsLastWords() {
        BootPeer panics = peer("interpreter", "echo Guest x begins; echo Kernel panic");
        CommandError error = assertThrows(CommandError.class, () -> bench.run(List.of(panics), 1, text -> { }));
        assertTrue(error.getMessage().startsWith("bench:boot: the guest did not come to its shell on interpreter: nothing matched '~ # '"), error.getMessage());
        assertTrue(error.getMessage().endsWith("\nGuest x begins\nKernel panic"), error.getMessage());
    }

    @Test
    void aPlatformThatDoesNotCountIsAFailure() {
        assertThrows(CommandError.class, () -> bench.run(List.of(peer("interpreter", "echo Guest x begins; printf '~ # '")), 1, text -> { }));
    }
}
