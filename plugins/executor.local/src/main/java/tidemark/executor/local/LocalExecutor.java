package tidemark.executor.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.osgi.service.component.annotations.Component;
import tidemark.api.lab.CellExecutor;

/** Processes of this host; several at once are pinned to processors of their own. */
@Component(property = CellExecutor.NAME + "=local")
public final class LocalExecutor implements CellExecutor {
    private static final boolean CAN_PIN = Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":"))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, "taskset")));

    @Override
    public int slots(int processors) {
        return Math.max(1, Runtime.getRuntime().availableProcessors() / processors);
    }

    @Override
    public RunningCell start(Job job) throws IOException {
        List<String> command = new ArrayList<>();
        if (CAN_PIN && slots(job.processors()) > 1) {
            int first = job.slot() * job.processors();
            command.addAll(List.of("taskset", "--cpu-list", first + "-" + (first + job.processors() - 1)));
        }
        command.addAll(job.command());
        Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(job.log().toFile()).start();
        process.getOutputStream().close();
        return new LocalCell(process);
    }

    private record LocalCell(Process process) implements RunningCell {
        @Override
        public String id() {
            return Long.toString(process.pid());
        }

        @Override
        public OptionalInt await(Duration timeout) throws InterruptedException {
            return process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS) ? OptionalInt.of(process.exitValue()) : OptionalInt.empty();
        }

        @Override
        public void cancel() throws InterruptedException {
            try (Stream<ProcessHandle> children = process.descendants()) {
                children.toList().forEach(ProcessHandle::destroyForcibly);
            }
            process.destroyForcibly().waitFor();
        }
    }
}
