package tidemark.guest.debian;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;

/** Programs of the host, run to their end without input and in the C locale. */
final class HostCommand {
    private static final int NOT_FOUND = 127;
    private static final long ENDS_WITHIN_SECONDS = 5;

    private HostCommand() {}

    /**
     * @param eachLine is told of each line of output and errors, on a thread of its own
     * @return all lines
     * @throws Failed if it cannot be started or ends with another exit code than 0
     */
    static List<String> run(List<String> command, Consumer<String> eachLine) throws Failed, InterruptedException {
        return run(new ProcessBuilder(command).redirectErrorStream(true), Process::inputReader, eachLine);
    }

    /** Runs a program whose output goes into a file. */
    static void run(List<String> command, Path output) throws Failed, InterruptedException {
        run(new ProcessBuilder(command).redirectOutput(output.toFile()), Process::errorReader, line -> { });
    }

    private static List<String> run(ProcessBuilder builder, Function<Process, BufferedReader> output, Consumer<String> eachLine)
            throws Failed, InterruptedException {
        List<String> lines = new CopyOnWriteArrayList<>();
        String program = builder.command().getFirst();
        Process process = start(builder, program);
        Thread reader = Thread.ofVirtual().start(() -> read(output.apply(process), line -> {
            lines.add(line);
            eachLine.accept(line);
        }));
        try {
            int exitCode = process.waitFor();
            reader.join();
            if (exitCode != 0) {
                throw new Failed(program, exitCode, lines);
            }
            return lines;
        } catch (InterruptedException e) {
            end(process);
            throw e;
        }
    }

    private static Process start(ProcessBuilder builder, String program) throws Failed {
        builder.environment().put("LC_ALL", "C");
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            return process;
        } catch (IOException e) {
            throw new Failed(program, NOT_FOUND, List.of(String.valueOf(e.getMessage())));
        }
    }

    private static void end(Process process) throws InterruptedException {
        process.destroy();
        if (!process.waitFor(ENDS_WITHIN_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }

    private static void read(BufferedReader output, Consumer<String> eachLine) {
        try (output) {
            output.lines().forEach(eachLine);
        } catch (IOException | java.io.UncheckedIOException e) {
            eachLine.accept("E: its output cannot be read: " + e.getMessage());
        }
    }

    /** A program that cannot be started or does not succeed. */
    static final class Failed extends Exception {
        private static final long serialVersionUID = 1L;
        private final int exitCode;
        private final transient List<String> lines;

        Failed(String program, int exitCode, List<String> lines) {
            super(program + ": exit code " + exitCode);
            this.exitCode = exitCode;
            this.lines = List.copyOf(lines);
        }

        boolean isMissing() {
            return exitCode == NOT_FOUND;
        }

        /** What it printed. */
        List<String> lines() {
            return lines;
        }
    }
}
