package tidemark.executor.kubernetes;

import java.nio.file.Path;
import java.time.Duration;
import tidemark.api.lab.PolledCell;

/** An index of a job. */
final class KubernetesCell extends PolledCell {
    private static final Duration DEATH = Duration.ofSeconds(1);

    private final Pods pods;
    private final int index;

    KubernetesCell(Pods pods, int index, Path log) {
        super(log, DEATH);
        this.pods = pods;
        this.index = index;
    }

    @Override
    public String id() {
        return "kubernetes " + pods.job() + "/" + index;
    }

    @Override
    protected Look look() {
        return pods.look(index);
    }

    @Override
    protected void end() {
        pods.delete(index);
    }
}
