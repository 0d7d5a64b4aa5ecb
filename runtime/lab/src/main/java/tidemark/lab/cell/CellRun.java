package tidemark.lab.cell;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.api.checkpoint.CheckpointException;
import tidemark.api.checkpoint.CheckpointReport;
import tidemark.api.checkpoint.CheckpointRequest;
import tidemark.api.checkpoint.Checkpoints;
import tidemark.api.checkpoint.Checkpoints.RestoreReport;
import tidemark.api.machine.GuestPart;
import tidemark.api.machine.Machine;
import tidemark.api.machine.Machines;
import tidemark.api.machine.Parts;
import tidemark.lab.experiment.Cell;
import tidemark.lab.experiment.Experiment;
import tidemark.lab.experiment.Launch;
import tidemark.lab.experiment.Workload;
import tidemark.lab.results.Column;
import tidemark.lab.results.Row;
import tidemark.report.Bystanders;

/** Runs a cell in this platform, always the same way: warm-up, run, one checkpoint in it or none, restore, run of the restored machine. */
public final class CellRun {
    private static final Logger LOG = LoggerFactory.getLogger(CellRun.class);
    private static final String MACHINE = "cell";
    private static final String RESTORED = "restored";
    private static final String WARM_UP = "warmup";
    private static final int WARM_UP_TRIES = 3;
    private static final Duration WARM_UP_RUN = Duration.ofMillis(500);
    private static final Map<Column, Pattern> PRINTED = Map.of(
            Column.PROBLEM_SIZE, Pattern.compile("^ Size +=\\s+(\\S+)", Pattern.MULTILINE),
            Column.ITERATIONS, Pattern.compile("^ Iterations +=\\s+(\\S+)", Pattern.MULTILINE),
            Column.OWN_TIME_S, Pattern.compile("^ Time in seconds +=\\s+(\\S+)", Pattern.MULTILINE),
            Column.DATA_TUPLES, Pattern.compile("^ Input Tuples +=\\s+(\\S+)", Pattern.MULTILINE),
            Column.CUBE_VIEWS, Pattern.compile("^ Number of Views +=\\s+(\\S+)", Pattern.MULTILINE),
            Column.CUBE_ROWS, Pattern.compile("^ Tuples Generated +=\\s+(\\S+)", Pattern.MULTILINE),
            Column.CUBE_DISK_BYTES, Pattern.compile("^ Bytes on Disk +=\\s+(\\S+)", Pattern.MULTILINE));
    private static final Pattern RATE = Pattern.compile("^ Mop/s total +=\\s+([\\d.]+)", Pattern.MULTILINE);

    private final Machines machines;
    private final Checkpoints checkpoints;
    private final Parts parts;
    private final Experiment experiment;
    private final Cell cell;
    private final Workload workload;
    private final Path folder;
    private final Row row;

    /** @param folder for images; they go when the cell has ended */
    public CellRun(Machines machines, Checkpoints checkpoints, Parts parts, Experiment experiment, Cell cell, int attempt, Path folder) {
        this.machines = machines;
        this.checkpoints = checkpoints;
        this.parts = parts;
        this.experiment = experiment;
        this.cell = cell;
        this.folder = folder;
        workload = experiment.workloads().get(cell.workload());
        row = Row.of(cell, attempt).put(Column.STARTED, Instant.now().truncatedTo(ChronoUnit.SECONDS));
    }

    /** @param pilotInstructions how long the workload is; 0 if that is not known yet */
    public Row run(long pilotInstructions) throws InterruptedException {
        try {
            Bystanders others = Bystanders.watch();
            if (experiment.warmUp() && !cell.isPilot()) {
                warmUp();
            }
            measure(launchAt(pilotInstructions));
            row.put(Column.STATUS, Row.DONE).put(Column.OTHERS_CPUS, others.cpus());
        } catch (CellException | CheckpointException | IOException e) {
            row.put(Column.STATUS, Row.FAILED).put(Column.REASON, String.valueOf(e.getMessage()));
        }
        return row;
    }

    private long launchAt(long pilotInstructions) {
        Launch launch = experiment.launch();
        return launch.share() > 0 ? (long) (launch.share() * pilotInstructions) : launch.instructions();
    }

    /** Has the JVM compile what saves and restores: by this cell's method, controls by the first one, so that all cells begin alike. */
    private void warmUp() throws CheckpointException, IOException, InterruptedException {
        Cell model = cell.isControl() ? experiment.plan().stream().filter(other -> !other.isControl()).findFirst().orElse(null) : cell;
        if (model == null) {
            return;
        }
        Machine machine = machines.create(machines.specify(properties(WARM_UP)));
        try {
            for (int tries = 0; tries < WARM_UP_TRIES && !warmUp(machine, model); tries++) {
                LOG.info("{} ended while it was saved for the first time; once more, now that less is cold", workload.name());
            }
        } finally {
            machines.destroy(WARM_UP);
        }
    }

    /** @return false if the workload ended meanwhile: a checkpoint takes longest when all is cold */
    private boolean warmUp(Machine machine, Cell model) throws CheckpointException, IOException, InterruptedException {
        Path image = folder.resolve("warmup.tdm");
        machine.start();
        Thread.sleep(WARM_UP_RUN);
        try {
            checkpoints.start(request(WARM_UP, image, model.checkpoint())).await(progress -> { });
        } catch (CheckpointException e) {
            if (machine.status().power() == Machine.Power.OFF) {
                return false;
            }
            throw e;
        }
        RestoreReport restored = checkpoints.restore(image, WARM_UP + "-restored");
        machines.destroy(restored.machine().name());
        checkpoints.delete(image);
        return true;
    }

    private void measure(long launchAt) throws CheckpointException, IOException, InterruptedException {
        Path image = folder.resolve("cell.tdm");
        Machine machine = machines.create(machines.specify(properties(MACHINE)));
        row.put(Column.CPU, machine.spec().cpu()).put(Column.RAM_MIB, machine.spec().ramMiB()).put(Column.HARTS, machine.spec().harts());
        try {
            WorkloadRun run = new WorkloadRun(machine, workload, this::verification, experiment.timeLimit());
            run.start();
            if (!cell.isControl()) {
                report(checkpoint(run, machine, image, launchAt));
            }
            row.put(Column.RUN_S, run.end()).put(Column.MACHINE_CPU_S, seconds(machine.hartTime())).put(Column.INSTRUCTIONS, machine.instructions());
            judge(Column.VERIFICATION, run);
            printed(run.output());
        } finally {
            machines.destroy(MACHINE);
        }
        if (Files.exists(image)) {
            try {
                restore(image);
            } finally {
                checkpoints.delete(image);
            }
        }
    }

    private CheckpointReport checkpoint(WorkloadRun run, Machine machine, Path image, long launchAt) throws CheckpointException, InterruptedException {
        boolean reached = experiment.launch().console().isEmpty() ? run.awaitInstructions(launchAt) : run.awaitConsole(experiment.launch().console());
        if (!reached || !run.isRunning()) {
            throw new CellException("the workload ended before the checkpoint was to be launched");
        }
        row.put(Column.LAUNCHED_AT_INSTRUCTIONS, machine.instructions());
        return checkpoints.start(request(MACHINE, image, cell.checkpoint())).await(progress -> { });
    }

    private void report(CheckpointReport report) {
        CheckpointRequest request = report.request();
        row.put(Column.PROTOCOL, request.protocol()).put(Column.TRACKER, request.tracker()).put(Column.COPIER, request.copier()).put(Column.LAYOUT, request.layout())
                .put(Column.STOP, request.stop()).put(Column.OPTIONS, request.options().isEmpty() ? "" : request.options().toString())
                .put(Column.LATENCY_S, seconds(report.latency())).put(Column.DOWNTIME_S, seconds(report.downtimeTotal()))
                .put(Column.DOWNTIME_LONGEST_S, seconds(report.downtimeLongest())).put(Column.PAUSES, report.pauses().size()).put(Column.ROUNDS, report.rounds())
                .put(Column.PAGES_COPIED, report.pagesCopied()).put(Column.IMAGE_BYTES, report.imageBytes()).put(Column.HART_CPU_S, seconds(report.hartThreadTime()))
                .put(Column.CHECKPOINT_CPU_S, seconds(report.checkpointThreadTime())).put(Column.PROGRESS_PERCENT, report.progressPercent()).put(Column.COPYING_ENDED_BY, report.copyingEndedBy());
    }

    private void restore(Path image) throws CheckpointException, InterruptedException {
        RestoreReport restored = checkpoints.restore(image, RESTORED);
        try {
            row.put(Column.RESTORE_S, restored.restoreNanos() / 1e9);
            if (experiment.restored()) {
                WorkloadRun run = new WorkloadRun(restored.machine(), workload, this::verification, experiment.timeLimit());
                run.resume();
                row.put(Column.RESTORED_RUN_S, run.end());
                judge(Column.RESTORED_VERIFICATION, run);
            }
        } finally {
            machines.destroy(RESTORED);
        }
    }

    private void judge(Column column, WorkloadRun run) {
        String verdict = run.verdict();
        row.put(column, verdict);
        if (!verdict.equals(WorkloadRun.SUCCESSFUL)) {
            throw new CellException((column == Column.VERIFICATION ? "the workload's result is wrong: " : "the restored machine's result is wrong: ") + verdict);
        }
    }

    private void printed(String console) {
        PRINTED.forEach((column, pattern) -> lastOf(pattern, console).ifPresent(value -> row.put(column, value)));
        lastOf(RATE, console).ifPresent(rate -> row.number(Column.OWN_TIME_S).ifPresent(time -> row.put(Column.OPERATIONS_M, Double.parseDouble(rate) * time)));
    }

    private static Optional<String> lastOf(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.results().map((MatchResult match) -> match.group(1)).reduce((earlier, last) -> last);
    }

    private Map<String, String> properties(String name) {
        Map<String, String> properties = new TreeMap<>(workload.machine());
        cell.machine().forEach(properties::putIfAbsent);
        properties.put("name", name);
        return properties;
    }

    private static CheckpointRequest request(String machine, Path image, Map<String, String> settings) {
        CheckpointRequest request = CheckpointRequest.of(machine, image, settings.getOrDefault("protocol", CheckpointRequest.DEFAULT_PROTOCOL))
                .withTracker(settings.getOrDefault("tracker", CheckpointRequest.DEFAULT_TRACKER)).withCopier(settings.getOrDefault("copier", CheckpointRequest.DEFAULT_COPIER))
                .withLayout(settings.getOrDefault("layout", CheckpointRequest.DEFAULT_LAYOUT)).withStop(settings.getOrDefault("stop", CheckpointRequest.DEFAULT_STOP));
        for (Map.Entry<String, String> setting : settings.entrySet()) {
            if (setting.getKey().startsWith("o.")) {
                request = request.withOption(setting.getKey().substring(2), setting.getValue());
            }
        }
        return request;
    }

    private Optional<String> verification(String console) {
        String guest = workload.machine().getOrDefault("guest", "");
        if (guest.isEmpty()) {
            return Optional.empty();
        }
        try (Parts.Use<GuestPart> use = parts.use(GuestPart.class, "guest", guest, () -> { })) {
            return use.part().guest(guest).flatMap(found -> found.verification(console));
        }
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
