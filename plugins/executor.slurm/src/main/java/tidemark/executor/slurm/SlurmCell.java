package tidemark.executor.slurm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.api.lab.PolledCell;

/** A task of a job array. */
final class SlurmCell extends PolledCell {
    private static final Logger LOG = LoggerFactory.getLogger(SlurmCell.class);
    private static final Set<String> WAITING = Set.of("PENDING", "CONFIGURING", "REQUEUED", "REQUEUE_HOLD", "RESV_DEL_HOLD",
            "SPECIAL_EXIT");
    private static final Set<String> ALIVE = Set.of("RUNNING", "COMPLETING", "SUSPENDED", "STOPPED", "SIGNALING", "STAGE_OUT", "RESIZING");
    private static final Duration DEATH = Duration.ofSeconds(5);

    private final Queue queue;
    private final Slurm slurm;
    private final String task;
    private final long submitted;
    private boolean killed;

    /** @param submitted number of the queue's last answer from before the task was submitted: it says nothing of the task */
    SlurmCell(Queue queue, Slurm slurm, String task, Path log, long submitted) {
        super(log, DEATH);
        this.queue = queue;
        this.slurm = slurm;
        this.task = task;
        this.submitted = submitted;
    }

    @Override
    public String id() {
        return "slurm " + task;
    }

    @Override
    protected Look look() {
        Queue.Look now = queue.look(task);
        return new Look(now.answer() > submitted ? state(now.state()) : State.UNKNOWN, OptionalInt.empty());
    }

    /** Slurm forgets tasks some time after their end. */
    private static State state(Optional<String> state) {
        return state.filter(WAITING::contains).isPresent() ? State.WAITING : state.filter(ALIVE::contains).isPresent() ? State.RUNNING : State.ENDED;
    }

    /** Has a network file system look again: it trusts what it knows of a folder until the folder is changed from here. */
    @Override
    protected void refresh(Path folder) {
        Path probe = folder.resolve("probe");
        try {
            Files.write(probe, new byte[0]);
            Files.delete(probe);
        } catch (IOException e) {
            LOG.debug("cannot write in {}", folder, e);
        }
    }

    /**
     * A task that runs gets SIGKILL first: after SIGTERM Slurm waits longer and longer for processes that do not hear it. One that waits
     * must not: its array would get it.
     */
    @Override
    protected void end() {
        try {
            if (!killed && look().state() == State.RUNNING) {
                killed = true;
                slurm.kill(task);
            } else {
                slurm.cancel(task);
            }
        } catch (IOException e) {
            // a task that ends at this moment is an error to Slurm
            LOG.debug("cannot cancel {}", task, e);
        }
    }
}
