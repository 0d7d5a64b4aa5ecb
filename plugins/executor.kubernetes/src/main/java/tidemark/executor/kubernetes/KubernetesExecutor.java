package tidemark.executor.kubernetes;

import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import tidemark.api.lab.CellExecutor;
import tidemark.api.lab.CellScript;

/**
 * Cells as indexes of Indexed Jobs, a job for each batch. Exit codes come through the folder of each cell, which pods share with the lab.
 */
@Component(property = CellExecutor.NAME + "=kubernetes")
public final class KubernetesExecutor implements CellExecutor {
    /** Names the file with the pods' template. */
    public static final String TEMPLATE = "TIDEMARK_KUBERNETES_POD";
    /** Of one job: their scripts' paths are in its manifest, which must stay well below 1 MiB. */
    private static final int MOST_INDEXES = 1000;
    private static final Pattern ID = Pattern.compile("kubernetes ([a-z0-9-]{1,63})/(\\d{1,4})");

    private final Optional<PodTemplateSpec> given;
    private final Map<String, Pods> known = new ConcurrentHashMap<>();
    private KubernetesClient client;

    /** The cluster that the user's kubeconfig names. */
    @Activate
    public KubernetesExecutor() {
        given = Optional.empty();
    }

    /** @param template of the pods; its first container runs the cells */
    public KubernetesExecutor(KubernetesClient client, PodTemplateSpec template) {
        this.client = client;
        given = Optional.of(template);
    }

    @Override
    public int slots(int processors) {
        return MOST_INDEXES;
    }

    @Override
    public List<RunningCell> start(List<Job> jobs) throws IOException {
        PodTemplateSpec template = given.isPresent() ? given.get() : template();
        List<String> scripts = new ArrayList<>();
        for (Job job : jobs) {
            scripts.add(CellScript.write(job).toString());
        }
        var manifest = new Manifest(template).of(scripts, jobs.getFirst().processors(), jobs.getFirst().timeLimit());
        try {
            Pods pods = pods(client().batch().v1().jobs().resource(manifest).create().getMetadata().getName());
            List<RunningCell> cells = new ArrayList<>();
            for (int i = 0; i < jobs.size(); i++) {
                cells.add(new KubernetesCell(pods, i, jobs.get(i).log()));
            }
            return cells;
        } catch (KubernetesClientException e) {
            throw new IOException("Kubernetes does not take the job: " + e.getMessage(), e);
        }
    }

    private static PodTemplateSpec template() throws IOException {
        String file = System.getenv().getOrDefault(TEMPLATE, "");
        if (file.isEmpty()) {
            throw new IOException(TEMPLATE + " must name a file with a pod template: the container's image, and the volumes by which it sees the run's folder");
        }
        try {
            PodTemplateSpec template = Serialization.unmarshal(Files.readString(Path.of(file)), PodTemplateSpec.class);
            if (template.getSpec() == null || template.getSpec().getContainers().isEmpty()) {
                throw new IOException(file + " is no pod template: spec.containers is missing");
            }
            return template;
        } catch (IllegalArgumentException | KubernetesClientException e) {
            throw new IOException(file + " is no pod template: " + e.getMessage(), e);
        }
    }

    /** A cell that still waits or runs, or left its exit code. */
    @Override
    public Optional<RunningCell> find(String id, Path log) {
        Matcher matcher = ID.matcher(id);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        KubernetesCell cell = new KubernetesCell(pods(matcher.group(1)), Integer.parseInt(matcher.group(2)), log);
        return cell.canBeAwaited() ? Optional.of(cell) : Optional.empty();
    }

    private Pods pods(String job) {
        return known.computeIfAbsent(job, name -> new Pods(client(), name));
    }

    private synchronized KubernetesClient client() {
        if (client == null) {
            Thread thread = Thread.currentThread();
            ClassLoader before = thread.getContextClassLoader();
            // the client looks for its own classes by the thread's loader
            thread.setContextClassLoader(KubernetesExecutor.class.getClassLoader());
            try {
                client = new KubernetesClientBuilder().withHttpClientFactory(new JdkHttpClientFactory()).build();
            } finally {
                thread.setContextClassLoader(before);
            }
        }
        return client;
    }

    @Deactivate
    synchronized void close() {
        if (client != null) {
            client.close();
        }
    }
}
