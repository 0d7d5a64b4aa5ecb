package tidemark.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tidemark.testkit.HostTool;

/** The shell at a terminal of the host's, which {@code script} of util-linux makes. */
@Timeout(180)
class ConsoleIT {
    private static final Duration WITHIN = Duration.ofSeconds(40);
    private static final String PROMPT = "tidemark> ";

    @TempDir
    Path home;

    /** The launcher at a terminal, and what it has shown. */
    private static final class Terminal implements AutoCloseable {
        private final Process process;
        private final StringBuffer shown = new StringBuffer();
        private int seen;

        Terminal(Path home) throws IOException {
            ProcessBuilder builder = new ProcessBuilder("script", "--quiet", "--flush", "--return", "--command",
                    "stty rows 24 cols 100; " + Platform.ROOT.resolve("launch/tidemark") + "; stty -a; echo code $?", "/dev/null")
                    .directory(home.toFile()).redirectErrorStream(true);
            builder.environment().putAll(Map.of("TIDEMARK_HOME", home.resolve("tidemark").toString(), "TERM", "xterm-256color"));
            process = builder.start();
            Thread.ofPlatform().daemon().start(this::read);
        }

        private void read() {
            try (InputStream in = process.getInputStream()) {
                byte[] chunk = new byte[4096];
                for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                    shown.append(new String(chunk, 0, n, StandardCharsets.UTF_8));
                }
            } catch (IOException e) {
                shown.append(e);
            }
        }

        /** Waits for more output that contains the text. */
        void awaits(String text) throws InterruptedException {
            long end = System.nanoTime() + WITHIN.toNanos();
            while (shown.indexOf(text, seen) < 0) {
                assertTrue(process.isAlive() && System.nanoTime() < end, () -> "'" + text + "' was not shown in '" + shown.substring(seen) + "'");
                Thread.sleep(10);
            }
            seen = shown.indexOf(text, seen) + text.length();
        }

        void type(String text) throws IOException {
            process.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
        }

        @Override
        public void close() {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    @Test
    void everyKeyReachesTheGuestUntilTheShellIsBackAsItWas() throws Exception {
        HostTool.require("script", "bsdutils");
        try (Terminal terminal = new Terminal(home)) {
            terminal.awaits(PROMPT);
            terminal.type("vm:create m1 --guest echo --ram 16 --start\r");
            terminal.awaits("uart0");
            terminal.awaits(PROMPT);
            terminal.type("vm:console m1\r");
            terminal.awaits("Ctrl-] detaches. In Linux: resize, or stty rows 24 cols 100");
            terminal.awaits("Echo until q");
            terminal.type("<\u0003\u0004\u001a\u0011\u0016\u001b[Aü>");
            terminal.awaits("<\u0003\u0004\u001a\u0011\u0016\u001b[Aü>");
            terminal.type("\u001d");
            terminal.awaits("Detached from m1, which is running.");
            terminal.awaits(PROMPT);
            terminal.type("vm:console m1 | grep Echo\r");
            terminal.awaits(" until q");
            terminal.awaits(PROMPT);
            terminal.type("vm:console m1\r");
            terminal.awaits("detaches");
            terminal.type("q");
            terminal.awaits("SUCCESSFUL");
            terminal.awaits("m1 is off (powered off by the guest).");
            terminal.awaits(PROMPT);
            terminal.type("\u0004");
            terminal.awaits("code 0");
            assertTrue(terminal.process.waitFor(60, TimeUnit.SECONDS));
            assertEquals(0, terminal.process.exitValue());
            String modes = terminal.shown.substring(terminal.shown.lastIndexOf("speed"));
            for (String mode : new String[] {"isig", "icanon", "iexten", "echo", "icrnl", "ixon", "opost", "onlcr"}) {
                assertFalse(modes.contains("-" + mode + " "), mode + " in " + modes);
            }
        }
    }
}
