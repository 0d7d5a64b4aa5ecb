package tidemark.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class BystandersTest {
    @Test
    void waitingIsNotBusyAndGuestsOfThisHostCountOnce() {
        assertEquals(Duration.ofMillis(10 * (1 + 2 + 4 + 32 + 64 + 128)), Bystanders.busy("cpu  1 2 4 1000 2000 32 64 128 4000 8000"));
    }

    @Test
    void aProcessThatIsNoChildIsABystander() throws Exception {
        Bystanders before = Bystanders.watch();
        // the shell's child is not this process's; its shell ends at once
        Process shell = new ProcessBuilder(List.of("sh", "-c", "(timeout 1 sh -c 'while :; do :; done') >/dev/null 2>&1 &")).start();
        assertTrue(shell.waitFor(10, TimeUnit.SECONDS));
        Thread.sleep(1200);
        assertTrue(before.cpus() > 0.1, "CPUs: " + before.cpus());
    }
}
