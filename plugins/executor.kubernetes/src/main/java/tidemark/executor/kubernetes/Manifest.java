package tidemark.executor.kubernetes;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import tidemark.api.lab.CellExecutor;

/**
 * The Job of a batch: an index for each cell, none of which Kubernetes ever repeats.
 *
 * @param template of the pods; its first container gets the command
 */
record Manifest(PodTemplateSpec template) {
    private static final Duration MARGIN = Duration.ofMinutes(2);
    private static final Duration KEPT = Duration.ofDays(7);
    private static final Map<String, String> LABELS = Map.of("app.kubernetes.io/name", "tidemark-lab");
    /** An index runs the script of its place among the words. */
    private static final List<String> SHELL = List.of("/bin/sh", "-c", "shift \"$JOB_COMPLETION_INDEX\" && exec /bin/sh \"$1\"", "cell");

    Job of(List<String> scripts, int processors, Duration timeLimit) {
        PodTemplateSpec pods = pods(scripts, processors, timeLimit);
        return new JobBuilder().withNewMetadata().withName("tidemark-" + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong()))
                .withLabels(LABELS).endMetadata()
                .withNewSpec().withCompletionMode("Indexed").withCompletions(scripts.size()).withParallelism(scripts.size())
                .withBackoffLimitPerIndex(0)
                .withMaxFailedIndexes(scripts.size()).withPodReplacementPolicy("Failed").withTtlSecondsAfterFinished((int) KEPT.toSeconds())
                .withNewPodFailurePolicy().addNewRule().withAction("FailIndex").withNewOnExitCodes()
                .withContainerName(pods.getSpec().getContainers().getFirst().getName())
                .withOperator("In").withValues(CellExecutor.NEVER_AGAIN).endOnExitCodes().endRule().endPodFailurePolicy()
                .withTemplate(pods).endSpec().build();
    }

    private PodTemplateSpec pods(List<String> scripts, int processors, Duration timeLimit) {
        List<Container> containers = new ArrayList<>(template.getSpec().getContainers());
        containers.set(0, container(containers.getFirst(), scripts, processors));
        return new PodTemplateSpecBuilder(template).editOrNewMetadata().addToLabels(LABELS).endMetadata()
                .editSpec().withRestartPolicy("Never").withActiveDeadlineSeconds(timeLimit.plus(MARGIN).toSeconds())
                .withContainers(containers).endSpec().build();
    }

    private static Container container(Container from, List<String> scripts, int processors) {
        List<String> command = new ArrayList<>(SHELL);
        command.addAll(scripts);
        ContainerBuilder builder = new ContainerBuilder(from).withCommand(command).withArgs();
        if (from.getName() == null) {
            builder.withName("cell");
        }
        ResourceRequirementsBuilder resources = from.getResources() == null ? new ResourceRequirementsBuilder()
                : new ResourceRequirementsBuilder(from.getResources());
        // as many as are asked for and no more, so that a static CPU manager gives them to the cell alone
        Quantity cpus = new Quantity(Integer.toString(processors));
        return builder.withResources(resources.addToRequests("cpu", cpus).addToLimits("cpu", cpus).build()).build();
    }
}
