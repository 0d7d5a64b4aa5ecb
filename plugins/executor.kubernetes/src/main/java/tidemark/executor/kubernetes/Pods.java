package tidemark.executor.kubernetes;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.api.lab.PolledCell.Look;
import tidemark.api.lab.PolledCell.State;

/** The pods of a job, asked for at most twice a second, however many ask. A server that does not answer changes nothing. */
final class Pods {
    private static final Logger LOG = LoggerFactory.getLogger(Pods.class);
    private static final long INTERVAL_NANOS = 500_000_000;
    private static final String JOB = "batch.kubernetes.io/job-name";
    private static final String INDEX = "batch.kubernetes.io/job-completion-index";
    private static final long GRACE_SECONDS = 2;

    private final KubernetesClient client;
    private final String job;
    private Map<Integer, Pod> pods = Map.of();
    private Optional<Job> owner = Optional.empty();
    private boolean answered;
    private long asked = System.nanoTime() - INTERVAL_NANOS;

    Pods(KubernetesClient client, String job) {
        this.client = client;
        this.job = job;
    }

    String job() {
        return job;
    }

    synchronized Look look(int index) {
        if (System.nanoTime() - asked >= INTERVAL_NANOS) {
            ask();
        }
        Pod pod = pods.get(index);
        if (pod != null) {
            return look(pod);
        }
        boolean ended = answered && owner.map(found -> hasEnded(found, index)).orElse(true);
        return new Look(ended ? State.ENDED : State.WAITING, OptionalInt.empty());
    }

    private void ask() {
        try {
            // the job first: a pod that goes in between has ended, and the job's status may not say so yet
            owner = Optional.ofNullable(client.batch().v1().jobs().withName(job).get());
            Map<Integer, Pod> found = new HashMap<>();
            for (Pod pod : client.pods().withLabel(JOB, job).list().getItems()) {
                found.put(Integer.parseInt(pod.getMetadata().getLabels().getOrDefault(INDEX, "-1")), pod);
            }
            pods = found;
            answered = true;
        } catch (KubernetesClientException | NumberFormatException e) {
            LOG.warn("Kubernetes does not answer: {}; asking again", e.getMessage());
        }
        asked = System.nanoTime();
    }

    private static Look look(Pod pod) {
        String phase = Optional.ofNullable(pod.getStatus()).map(status -> String.valueOf(status.getPhase())).orElse("Pending");
        return switch (phase) {
            case "Succeeded", "Failed" -> new Look(State.ENDED, code(pod));
            case "Running" -> new Look(State.RUNNING, OptionalInt.empty());
            default -> new Look(State.WAITING, OptionalInt.empty());
        };
    }

    private static OptionalInt code(Pod pod) {
        return pod.getStatus().getContainerStatuses().stream().map(ContainerStatus::getState)
                .filter(state -> state != null && state.getTerminated() != null)
                .map(state -> state.getTerminated().getExitCode()).filter(code -> code != null).mapToInt(Integer::intValue).findFirst();
    }

    /** An index without a pod: Kubernetes counts it as completed or failed, or has not made its pod yet. */
    private static boolean hasEnded(Job job, int index) {
        return job.getStatus() != null && (contains(job.getStatus().getCompletedIndexes(), index)
                || contains(job.getStatus().getFailedIndexes(), index));
    }

    /** @param indexes {@code 0-2,5}, or null */
    static boolean contains(String indexes, int index) {
        return indexes != null && !indexes.isEmpty() && Stream.of(indexes.split(","))
                .map(range -> Arrays.stream(range.split("-")).mapToInt(Integer::parseInt).toArray())
                .anyMatch(ends -> ends[0] <= index && index <= ends[ends.length - 1]);
    }

    /** Ends an index: Kubernetes counts a pod that is deleted as failed, and makes no other. */
    void delete(int index) {
        try {
            client.pods().withLabel(JOB, job).withLabel(INDEX, Integer.toString(index)).withGracePeriod(GRACE_SECONDS).delete();
        } catch (KubernetesClientException e) {
            LOG.warn("cannot delete the pod of {}/{}: {}", job, index, e.getMessage());
        }
    }
}
