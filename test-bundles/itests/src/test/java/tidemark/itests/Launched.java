package tidemark.itests;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** How a process of {@code launch/tidemark} ended, and what it wrote. */
record Launched(int code, String out, String err) {
    private static final Duration USUAL = Duration.ofMinutes(5);
    private static final Duration ANSWERS_WITHIN = Duration.ofSeconds(5);

    /** @param home working directory; the platform's home lies in it */
    static Launched tidemark(Path home, String... words) throws IOException, InterruptedException {
        return tidemark(home, USUAL, Map.of(), words);
    }

    static Launched tidemark(Path home, Duration timeout, String... words) throws IOException, InterruptedException {
        return tidemark(home, timeout, Map.of(), words);
    }

    /** @param environment beside that of this process */
    static Launched tidemark(Path home, Map<String, String> environment, String... words) throws IOException, InterruptedException {
        return tidemark(home, USUAL, environment, words);
    }

    private static Launched tidemark(Path home, Duration timeout, Map<String, String> environment, String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Platform.ROOT.resolve("launch/tidemark").toString()));
        command.addAll(List.of(words));
        Path out = home.resolve("out");
        Path err = home.resolve("err");
        ProcessBuilder builder = new ProcessBuilder(command).directory(home.toFile()).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().put("TIDEMARK_HOME", home.resolve("tidemark").toString());
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        if (!process.waitFor(timeout.toSeconds(), TimeUnit.SECONDS)) {
            askForThreads(process);
            process.destroyForcibly();
            throw new AssertionError("Still running after " + timeout + ": " + command + "\n" + Files.readString(out) + Files.readString(err));
        }
        return new Launched(process.exitValue(), Files.readString(out, StandardCharsets.UTF_8), Files.readString(err, StandardCharsets.UTF_8));
    }

    /** A JVM that is sent SIGQUIT writes what each of its threads does. */
    private static void askForThreads(Process process) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-QUIT", Long.toString(process.pid())).start().waitFor();
        process.waitFor(ANSWERS_WITHIN.toSeconds(), TimeUnit.SECONDS);
    }
}
