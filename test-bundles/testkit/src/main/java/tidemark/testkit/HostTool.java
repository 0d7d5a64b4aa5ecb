package tidemark.testkit;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** Programs of the host that tests need. A test is skipped where they are missing; with {@code CI=true} in the environment it fails. */
public final class HostTool {
    /** @param output standard output and errors together */
    public record Outcome(int exitCode, String output) {}

    private HostTool() {}

    /** Goes on only if the host has a command. @param debianPackage where Debian has it */
    public static void require(String command, String debianPackage) throws Exception {
        try {
            run(60, command, "--version");
        } catch (IOException e) {
            unavailable(command + " is missing: apt-get install " + debianPackage);
        }
    }

    /** Ends the test: skipped, or failed where nothing may be skipped. */
    public static void unavailable(String message) {
        if ("true".equals(System.getenv("CI"))) {
            fail(message);
        }
        Assumptions.abort(message);
    }

    /** Runs a command to its end, without input. */
    public static Outcome run(int timeoutSeconds, String... command) throws Exception {
        return runWithInput("", timeoutSeconds, command);
    }

    /** Runs a command to its end; its output and errors are one text, carriage returns left out. */
    public static Outcome runWithInput(String input, int timeoutSeconds, String... command) throws Exception {
        Path output = Files.createTempFile("output", ".txt");
        Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()).start();
        try {
            try (OutputStream stdin = process.getOutputStream()) {
                stdin.write(input.getBytes(StandardCharsets.UTF_8));
            }
            boolean ended = process.waitFor(timeoutSeconds, TimeUnit.SECONDS);
            String text = Files.readString(output).replace("\r", "");
            assertTrue(ended, () -> String.join(" ", command) + " took more than " + timeoutSeconds + " s; so far:\n" + text);
            return new Outcome(process.exitValue(), text);
        } finally {
            process.destroyForcibly().waitFor();
            Files.delete(output);
        }
    }
}
