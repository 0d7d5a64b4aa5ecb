package tidemark.executor.kubernetes;

import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.api.lab.CellExecutor;
import tidemark.api.lab.CellExecutor.RunningCell;
import tidemark.api.lab.CellScript;
import tidemark.executor.kubernetes.Pods.Look;
import tidemark.executor.kubernetes.Pods.State;

/** An index of a job. Once its pod has ended, its exit code is what its script left; else the container's; else it was killed. */
final class KubernetesCell implements RunningCell {
    private static final Logger LOG = LoggerFactory.getLogger(KubernetesCell.class);
    private static final int POLL_MS = 100;
    /** Between the word of Kubernetes and that of a file server. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration MOST_TO_CANCEL = Duration.ofMinutes(5);

    private final Pods pods;
    private final int index;
    private final Path log;
    private boolean begun;
    private boolean cancelled;
    private long gone;
    private OptionalInt code = OptionalInt.empty();

    KubernetesCell(Pods pods, int index, Path log) {
        this.pods = pods;
        this.index = index;
        this.log = log;
    }

    @Override
    public String id() {
        return "kubernetes " + pods.job() + "/" + index;
    }

    @Override
    public synchronized boolean hasBegun() {
        begun |= code.isPresent() || pods.look(index).state() != State.WAITING;
        return begun;
    }

    boolean isAlive() {
        return pods.look(index).state() != State.ENDED;
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
        Look look = code.isPresent() ? null : pods.look(index);
        if (look != null && look.state() == State.ENDED) {
            gone = gone == 0 ? System.nanoTime() : gone;
            code = CellScript.exitCode(log);
            if (code.isEmpty() && (cancelled || System.nanoTime() - gone > PATIENCE.toNanos())) {
                code = OptionalInt.of(look.code().orElse(CellExecutor.KILLED));
            }
        }
        return code;
    }

    @Override
    public void cancel() throws InterruptedException {
        setCancelled();
        for (long begin = System.nanoTime(); await(Duration.ZERO).isEmpty(); await(Duration.ofSeconds(1))) {
            if (System.nanoTime() - begin > MOST_TO_CANCEL.toNanos()) {
                LOG.warn("{} has not ended {} after its pod was deleted", id(), MOST_TO_CANCEL);
                return;
            }
            pods.delete(index);
        }
    }

    private synchronized void setCancelled() {
        cancelled = true;
    }
}
