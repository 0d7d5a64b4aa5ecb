package tidemark.executor.slurm;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import tidemark.api.lab.CellExecutor;
import tidemark.api.lab.CellScript;

/** Cells as tasks of job arrays. Exit codes come through the folder of each cell, which the nodes share with the lab. */
@Component(property = CellExecutor.NAME + "=slurm")
public final class SlurmExecutor implements CellExecutor {
    private static final Pattern ID = Pattern.compile("slurm (\\d+_\\d+)");
    /** Slurm rounds limits up to minutes; the lab's own limit comes first. */
    private static final Duration MARGIN = Duration.ofMinutes(2);

    private final Slurm slurm;
    private final Queue queue;
    private int arraySize;

    /** The cluster that this process's environment names. */
    @Activate
    public SlurmExecutor() {
        this(Map.of());
    }

    /** @param environment of Slurm's commands, beside that of this process: {@code SLURM_CONF}, {@code SBATCH_PARTITION} and so on */
    public SlurmExecutor(Map<String, String> environment) {
        slurm = new Slurm(environment);
        queue = new Queue(slurm);
    }

    @Override
    public synchronized int slots(int processors) {
        if (arraySize == 0) {
            arraySize = queue.arraySize();
        }
        return arraySize;
    }

    @Override
    public List<RunningCell> start(List<Job> jobs) throws IOException {
        Job first = jobs.getFirst();
        String number = slurm.submit(script(jobs),
                List.of("--array=0-" + (jobs.size() - 1), "--job-name=tidemark", "--nodes=1", "--ntasks=1",
                "--cpus-per-task=" + first.processors(), "--time=" + first.timeLimit().plus(MARGIN).toMinutes(), "--no-requeue",
                "--output=/dev/null"));
        long answers = queue.answers();
        List<RunningCell> cells = new ArrayList<>();
        for (int i = 0; i < jobs.size(); i++) {
            cells.add(new SlurmCell(queue, slurm, number + "_" + i, jobs.get(i).log(), answers));
        }
        return cells;
    }

    private static String script(List<Job> jobs) throws IOException {
        StringBuilder script = new StringBuilder("#!/bin/sh\ncase $SLURM_ARRAY_TASK_ID in\n");
        for (int i = 0; i < jobs.size(); i++) {
            script.append(i).append(") exec /bin/sh ").append(CellScript.quoted(CellScript.write(jobs.get(i)).toString())).append(" ;;\n");
        }
        return script.append("esac\n").toString();
    }

    /** A cell that still waits or runs, or left its exit code. One that ended without a code has nothing to be waited for. */
    @Override
    public Optional<RunningCell> find(String id, Path log) {
        Matcher matcher = ID.matcher(id);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        SlurmCell cell = new SlurmCell(queue, slurm, matcher.group(1), log, 0);
        return cell.canBeAwaited() ? Optional.of(cell) : Optional.empty();
    }
}
