package tidemark.api.lab;

import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalInt;
import org.osgi.annotation.versioning.ConsumerType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.api.lab.CellExecutor.RunningCell;

/**
 * A {@link CellScript} on a worker elsewhere, whose scheduler has to be asked. Once the scheduler says that it has ended, its exit code is what the script left; else what
 * the scheduler has; else it was killed. Any thread.
 */
@ConsumerType
public abstract class PolledCell implements RunningCell {
    private static final Logger LOG = LoggerFactory.getLogger(PolledCell.class);
    private static final int POLL_MS = 100;
    /** Between the word of the scheduler and that of a file server. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration MOST_TO_CANCEL = Duration.ofMinutes(5);

    private final Path log;
    private final Duration death;
    private boolean begun;
    private boolean cancelled;
    private long ended;
    private OptionalInt code = OptionalInt.empty();

    /** Where a cell stands. */
    public enum State {
        /** The scheduler has not answered since it took the cell. */
        UNKNOWN,
        WAITING, RUNNING, ENDED
    }

    /** What the scheduler says. @param code that it has of a cell that has ended, if it has one */
    public record Look(State state, OptionalInt code) {}

    /**
     * @param log the {@link CellExecutor.Job#log} that the cell was started with
     * @param death how long a cell takes to end, between two demands that it does
     */
    protected PolledCell(Path log, Duration death) {
        this.log = log;
        this.death = death;
    }

    /** Asks the scheduler. */
    protected abstract Look look();

    /** Demands of the scheduler that it ends the cell; again and again until it has ended. What cannot be demanded now changes nothing. */
    protected abstract void end();

    /** Before a code is looked for that another host may have written. */
    protected void refresh(Path folder) {
        // this host sees it at once
    }

    /** Whether there is something to wait for: it waits, runs, or has left its exit code. */
    public final boolean canBeAwaited() {
        return look().state() != State.ENDED || CellScript.exitCode(log).isPresent();
    }

    @Override
    public final synchronized boolean hasBegun() {
        if (!begun) {
            State state = look().state();
            begun = code.isPresent() || state == State.RUNNING || state == State.ENDED;
        }
        return begun;
    }

    @Override
    public final OptionalInt await(Duration timeout) throws InterruptedException {
        long begin = System.nanoTime();
        OptionalInt now = exitCode();
        while (now.isEmpty() && System.nanoTime() - begin < timeout.toNanos()) {
            Thread.sleep(POLL_MS);
            now = exitCode();
        }
        return now;
    }

    private synchronized OptionalInt exitCode() {
        Look now = code.isPresent() ? null : look();
        if (now != null && now.state() == State.ENDED) {
            ended = ended == 0 ? System.nanoTime() : ended;
            refresh(log.getParent());
            code = CellScript.exitCode(log);
            if (code.isEmpty() && (cancelled || System.nanoTime() - ended > PATIENCE.toNanos())) {
                code = OptionalInt.of(now.code().orElse(CellExecutor.KILLED));
            }
        }
        return code;
    }

    @Override
    public final void cancel() throws InterruptedException {
        setCancelled();
        for (long begin = System.nanoTime(); await(Duration.ZERO).isEmpty(); await(death)) {
            if (System.nanoTime() - begin > MOST_TO_CANCEL.toNanos()) {
                LOG.warn("{} has not ended {} after it was cancelled", id(), MOST_TO_CANCEL);
                return;
            }
            end();
        }
    }

    private synchronized void setCancelled() {
        cancelled = true;
    }
}
