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
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.service.component.annotations.Component;
import tidemark.api.lab.CellExecutor;

/** Processes of this host; several at once are pinned to processors of their own. */
@Component(property = CellExecutor.NAME + "=local")
public final class LocalExecutor implements CellExecutor {
    private static final boolean CAN_PIN = Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":"))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, "taskset")));

    private final List<Integer> processors = AllowedProcessors.ofThisProcess();

    @Override
    public int slots(int needed) {
        return Math.max(1, processors.size() / needed);
    }

    @Override
    public List<RunningCell> start(List<Job> jobs) throws IOException {
        List<LocalCell> started = new ArrayList<>();
        try {
            for (Job job : jobs) {
                started.add(start(job));
            }
            return List.copyOf(started);
        } catch (IOException e) {
            started.forEach(LocalCell::kill);
            throw e;
        }
    }

    private LocalCell start(Job job) throws IOException {
        List<String> command = new ArrayList<>();
        if (CAN_PIN && slots(job.processors()) > 1) {
            command.addAll(List.of("taskset", "--cpu-list", processorsOf(job)));
        }
        command.addAll(job.command());
        Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(job.log().toFile()).start();
        process.getOutputStream().close();
        return new LocalCell(process);
    }

    private String processorsOf(Job job) {
        int first = job.slot() * job.processors();
        return processors.subList(first, first + job.processors()).stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    private record LocalCell(Process process) implements RunningCell {
        @Override
        public String id() {
            return "process " + process.pid();
        }

        @Override
        public boolean hasBegun() {
            return true;
        }

        @Override
        public OptionalInt await(Duration timeout) throws InterruptedException {
            return process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS) ? OptionalInt.of(process.exitValue()) : OptionalInt.empty();
        }

        @Override
        public void cancel() throws InterruptedException {
            kill();
            process.waitFor();
        }

        private void kill() {
            try (Stream<ProcessHandle> children = process.descendants()) {
                List<ProcessHandle> all = children.toList();
                process.destroyForcibly();
                all.forEach(ProcessHandle::destroyForcibly);
            }
        }
    }
}
