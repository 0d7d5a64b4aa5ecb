package tidemark.executor.slurm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.api.lab.CellExecutor;
import tidemark.api.lab.CellExecutor.RunningCell;
import tidemark.api.lab.CellScript;

/** A task of a job array. It has ended when its exit code is there, or when Slurm has it no more and no code came. */
final class SlurmCell implements RunningCell {
    private static final Logger LOG = LoggerFactory.getLogger(SlurmCell.class);
    private static final Set<String> WAITING = Set.of("PENDING", "CONFIGURING", "REQUEUED", "REQUEUE_HOLD", "RESV_DEL_HOLD",
            "SPECIAL_EXIT");
    private static final Set<String> ALIVE = Set.of("RUNNING", "COMPLETING", "SUSPENDED", "STOPPED", "SIGNALING", "STAGE_OUT", "RESIZING");
    private static final int POLL_MS = 100;
    /** Slurm kills after KillWait, and its epilogs take time. */
    private static final Duration MOST_TO_CANCEL = Duration.ofMinutes(5);
    private static final Duration DEATH = Duration.ofSeconds(5);
    /** Between the word of Slurm and that of a file server. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Queue queue;
    private final Slurm slurm;
    private final String task;
    private final Path log;
    private final long firstAnswer;
    private boolean begun;
    private boolean cancelled;
    private long gone;
    private OptionalInt code = OptionalInt.empty();

    SlurmCell(Queue queue, Slurm slurm, String task, Path log) {
        this.queue = queue;
        this.slurm = slurm;
        this.task = task;
        this.log = log;
        firstAnswer = queue.look(task).answer();
    }

    @Override
    public String id() {
        return "slurm " + task;
    }

    @Override
    public synchronized boolean hasBegun() {
        begun |= code.isPresent() || queue.look(task).state().filter(state -> !WAITING.contains(state)).isPresent();
        return begun;
    }

    boolean isAlive() {
        return queue.look(task).state().filter(state -> WAITING.contains(state) || ALIVE.contains(state)).isPresent();
    }

    @Override
    public OptionalInt await(Duration timeout) throws InterruptedException {
        long begin = System.nanoTime();
        OptionalInt now = look();
        while (now.isEmpty() && System.nanoTime() - begin < timeout.toNanos()) {
            Thread.sleep(POLL_MS);
            now = look();
        }
        return now;
    }

    private synchronized OptionalInt look() {
        // an answer from before the task was submitted says nothing
        if (code.isEmpty() && queue.look(task).answer() > firstAnswer && !isAlive()) {
            if (gone == 0) {
                gone = System.nanoTime();
            }
            refresh();
            code = CellScript.exitCode(log);
            if (code.isEmpty() && (cancelled || System.nanoTime() - gone > PATIENCE.toNanos())) {
                code = OptionalInt.of(CellExecutor.KILLED);
            }
        }
        return code;
    }

    /** Has a network file system look again: it trusts what it knows of a folder until the folder is changed from here. */
    private void refresh() {
        Path probe = log.resolveSibling("probe");
        try {
            Files.write(probe, new byte[0]);
            Files.delete(probe);
        } catch (IOException e) {
            LOG.debug("cannot write beside {}", log, e);
        }
    }

    /**
     * A task that runs gets SIGKILL first: after SIGTERM Slurm waits longer and longer for processes that do not hear it. One that waits
     * must not: its array would get it.
     */
    @Override
    public void cancel() throws InterruptedException {
        if (look().isPresent()) {
            return;
        }
        setCancelled();
        if (queue.look(task).state().filter("RUNNING"::equals).isPresent()) {
            tell(() -> slurm.kill(task));
            await(DEATH);
        }
        tell(() -> slurm.cancel(task));
        for (long begin = System.nanoTime(); await(DEATH).isEmpty(); tell(() -> slurm.cancel(task))) {
            if (System.nanoTime() - begin > MOST_TO_CANCEL.toNanos()) {
                LOG.warn("{} has not ended {} after it was cancelled", id(), MOST_TO_CANCEL);
                return;
            }
        }
    }

    private interface Command {
        void run() throws IOException;
    }

    /** A task that ends at this moment is an error to Slurm. */
    private void tell(Command command) {
        try {
            command.run();
        } catch (IOException e) {
            LOG.debug("cannot cancel {}", task, e);
        }
    }

    private synchronized void setCancelled() {
        cancelled = true;
    }
}
