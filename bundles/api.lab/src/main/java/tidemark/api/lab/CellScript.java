package tidemark.api.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import tidemark.api.lab.CellExecutor.Job;

/**
 * A cell as a POSIX shell script, for workers that share folders with the lab. The script keeps what the cell writes and leaves its exit
 * code in a file, by renaming.
 * The cell begins in the lab's working directory, if the worker has it.
 * A scheduler that runs the script a second time runs nothing: the cell's folder is claimed.
 */
public final class CellScript {
    private static final String SCRIPT = """
            #!/bin/sh
            # One cell of an experiment. Only the first who makes this folder runs it.
            mkdir %1$s 2>/dev/null || exit %4$d
            cd %6$s 2>/dev/null
            %2$s >%3$s 2>&1 </dev/null
            code=$?
            echo "$code" >%1$s/code && mv %1$s/code %5$s
            exit "$code"
            """;

    private CellScript() {}

    /** Writes it beside the job's log. @return the script */
    public static Path write(Job job) throws IOException {
        String command = job.command().stream().map(CellScript::quoted).collect(Collectors.joining(" "));
        return Files.writeString(job.log().resolveSibling("cell.sh"),
                SCRIPT.formatted(quoted(job.log().resolveSibling("claim").toString()), command,
                quoted(job.log().toString()), CellExecutor.NEVER_AGAIN, quoted(code(job.log()).toString()),
                quoted(System.getProperty("user.dir"))));
    }

    /** @param log of the job @return the cell's exit code; empty as long as it has not ended */
    public static OptionalInt exitCode(Path log) {
        try {
            return OptionalInt.of(Integer.parseInt(Files.readString(code(log)).strip()));
        } catch (IOException | NumberFormatException e) {
            return OptionalInt.empty();
        }
    }

    /** A word as the shell takes it literally. */
    public static String quoted(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }

    private static Path code(Path log) {
        return log.resolveSibling("exit-code");
    }
}
