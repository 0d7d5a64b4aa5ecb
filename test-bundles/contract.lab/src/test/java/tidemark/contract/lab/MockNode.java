package tidemark.contract.lab;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What a mock server lacks: the controller of Indexed Jobs, which makes a pod for each index, and a node that runs so many containers at
 * once, as processes of
 * this host. A pod that is deleted goes when its process has ended, as on a real node.
 */
final class MockNode implements AutoCloseable {
    static final String JOB = "batch.kubernetes.io/job-name";
    static final String INDEX = "batch.kubernetes.io/job-completion-index";
    private static final String FINALIZER = "tidemark.test/node";

    private final KubernetesClient client;
    private final int workers;
    private final Map<String, Process> processes = new HashMap<>();
    private final Thread thread;
    private volatile boolean closed;

    MockNode(KubernetesClient client, int workers) {
        this.client = client;
        this.workers = workers;
        thread = Thread.ofPlatform().name("mock node").start(this::work);
    }

    private void work() {
        try {
            while (!closed) {
                client.batch().v1().jobs().list().getItems().stream()
                        .filter(job -> job.getStatus() == null || job.getStatus().getActive() == null).forEach(this::makePods);
                for (Pod pod : client.pods().list().getItems()) {
                    look(pod);
                }
                Thread.sleep(50);
            }
        } catch (InterruptedException | IOException e) {
            throw new IllegalStateException(e);
        } finally {
            processes.values().forEach(MockNode::kill);
        }
    }

    private void makePods(Job job) {
        String name = job.getMetadata().getName();
        for (int index = 0; index < job.getSpec().getCompletions(); index++) {
            client.pods().resource(new PodBuilder().withNewMetadata().withName(name + "-" + index).withFinalizers(FINALIZER)
                    .withLabels(Map.of(JOB, name, INDEX, Integer.toString(index))).endMetadata()
                    .withSpec(job.getSpec().getTemplate().getSpec()).build()).create();
        }
        setStatus(name, status -> status.setActive(job.getSpec().getCompletions()));
    }

    private void look(Pod pod) throws IOException {
        String name = pod.getMetadata().getName();
        Process process = processes.get(name);
        boolean ended = pod.getStatus() != null && pod.getStatus().getPhase() != null && !pod.getStatus().getPhase().equals("Running");
        if (pod.getMetadata().getDeletionTimestamp() != null) {
            if (process != null) {
                kill(process);
            }
            processes.remove(name);
            if (!ended) {
                count(pod, 137);
            }
            edit(name, each -> new PodBuilder(each).editMetadata().withFinalizers(List.of()).endMetadata().build());
        } else if (process == null && !ended && processes.values().stream().filter(Process::isAlive).count() < workers) {
            processes.put(name, run(pod));
            setPhase(name, "Running", null);
        } else if (process != null && !process.isAlive() && !ended) {
            setPhase(name, process.exitValue() == 0 ? "Succeeded" : "Failed", process.exitValue());
            count(pod, process.exitValue());
        }
    }

    private static Process run(Pod pod) throws IOException {
        Container container = pod.getSpec().getContainers().getFirst();
        ProcessBuilder builder = new ProcessBuilder(container.getCommand()).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("JOB_COMPLETION_INDEX", pod.getMetadata().getLabels().get(INDEX));
        return builder.start();
    }

    private static void kill(Process process) {
        List<ProcessHandle> all = process.descendants().toList();
        process.destroyForcibly();
        all.forEach(ProcessHandle::destroyForcibly);
        process.onExit().join();
        all.forEach(each -> each.onExit().join());
    }

    private void setPhase(String name, String phase, Integer code) {
        edit(name, pod -> {
            PodBuilder builder = new PodBuilder(pod).editOrNewStatus().withPhase(phase).endStatus();
            if (code != null) {
                builder.editStatus().addNewContainerStatus().withName("cell").withNewState().withNewTerminated().withExitCode(code)
                        .endTerminated().endState()
                        .endContainerStatus().endStatus();
            }
            return builder.build();
        });
    }

    private interface Change {
        Pod of(Pod pod);
    }

    private void edit(String name, Change change) {
        try {
            Pod pod = client.pods().withName(name).get();
            if (pod != null) {
                Pod next = change.of(pod);
                if (next.getStatus() != null && !next.getStatus().equals(pod.getStatus())) {
                    client.pods().resource(next).updateStatus();
                } else {
                    client.pods().resource(next).update();
                }
            }
        } catch (KubernetesClientException e) {
            // it changed meanwhile; the next look sees it
        }
    }

    /** Counts an index as completed or failed. */
    private void count(Pod pod, int code) {
        String index = pod.getMetadata().getLabels().get(INDEX);
        setStatus(pod.getMetadata().getLabels().get(JOB), status -> {
            if (code == 0) {
                status.setCompletedIndexes(with(status.getCompletedIndexes(), index));
            } else {
                status.setFailedIndexes(with(status.getFailedIndexes(), index));
            }
        });
    }

    private static String with(String indexes, String index) {
        TreeSet<Integer> all = new TreeSet<>(List.of(Integer.valueOf(index)));
        if (indexes != null) {
            List.of(indexes.split(",")).forEach(each -> all.add(Integer.valueOf(each)));
        }
        return all.stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    private interface StatusChange {
        void apply(JobStatus status);
    }

    private void setStatus(String job, StatusChange change) {
        Job found = client.batch().v1().jobs().withName(job).get();
        if (found != null) {
            if (found.getStatus() == null) {
                found.setStatus(new JobStatus());
            }
            change.apply(found.getStatus());
            client.batch().v1().jobs().resource(found).updateStatus();
        }
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
