package tidemark.itests;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A command at a terminal of the host's, which {@code script} of util-linux makes, and what it has shown. */
final class Terminal implements AutoCloseable {
    private static final Duration WITHIN = Duration.ofSeconds(40);

    private final Process process;
    private final StringBuffer shown = new StringBuffer();
    private int seen;

    /** @param home working directory; the platform's home lies in it */
    Terminal(Path home, String command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("script", "--quiet", "--flush", "--return", "--command", command, "/dev/null")
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
        awaits(text, WITHIN);
    }

    void awaits(String text, Duration within) throws InterruptedException {
        long end = System.nanoTime() + within.toNanos();
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

    /** All that was shown so far. */
    String shown() {
        return shown.toString();
    }

    /** @return the exit code */
    int awaitEnd() throws InterruptedException {
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), "still running");
        return process.exitValue();
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
