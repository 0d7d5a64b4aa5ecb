package tidemark.executor.slurm;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Slurm's commands, one at a time. Any thread. */
final class Slurm {
    private static final int TIMEOUT_SECONDS = 120;
    private static final int DEFAULT_ARRAY_SIZE = 1001;
    private static final Pattern ARRAY_SIZE = Pattern.compile("^MaxArraySize\\s*=\\s*(\\d+)", Pattern.MULTILINE);

    private final Map<String, String> environment;

    /** @param environment beside that of this process */
    Slurm(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    /** Submits a batch script. @return the number of the job */
    String submit(String script, List<String> options) throws IOException {
        List<String> command = new ArrayList<>(List.of("sbatch", "--parsable"));
        command.addAll(options);
        return run(script, command.toArray(String[]::new)).strip().split(";")[0];
    }

    /** The states of this user's jobs that Slurm still knows: by {@code job_index}, {@code PENDING}, {@code RUNNING} and so on. */
    Map<String, String> states() throws IOException {
        Map<String, String> states = new HashMap<>();
        run("", "squeue", "--me", "--noheader", "--array", "--states=all", "--format=%F_%K %T").lines().map(line -> line.strip().split(" "))
                .filter(fields -> fields.length == 2).forEach(fields -> states.put(fields[0], fields[1]));
        return states;
    }

    /** How many tasks a job array may have. */
    int arraySize() throws IOException {
        Matcher matcher = ARRAY_SIZE.matcher(run("", "scontrol", "show", "config"));
        return (matcher.find() ? Integer.parseInt(matcher.group(1)) : DEFAULT_ARRAY_SIZE) - 1;
    }

    /** Cancels a task; one that has ended stays as it is. */
    void cancel(String task) throws IOException {
        run("", "scancel", "--quiet", task);
    }

    /** Kills every process of a task. */
    void kill(String task) throws IOException {
        run("", "scancel", "--quiet", "--full", "--signal=KILL", task);
    }

    private synchronized String run(String input, String... command) throws IOException {
        Path output = Files.createTempFile("slurm", ".txt");
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            try (OutputStream stdin = process.getOutputStream()) {
                stdin.write(input.getBytes(StandardCharsets.UTF_8));
            } finally {
                await(process, command[0]);
            }
            String text = Files.readString(output);
            if (process.exitValue() != 0) {
                throw new IOException("Slurm's " + String.join(" ", Arrays.copyOf(command, Math.min(3, command.length))) + " failed: "
                        + text.strip());
            }
            return text;
        } finally {
            Files.delete(output);
        }
    }

    private static void await(Process process, String name) throws IOException {
        try {
            if (process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
        throw new IOException("Slurm's " + name + " did not answer; is slurmctld there? 'scontrol ping' tells");
    }
}
