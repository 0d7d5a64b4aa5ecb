package tidemark.contract.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.batch.v1.JobSpec;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tidemark.api.lab.CellExecutor;
import tidemark.api.lab.CellExecutor.Job;
import tidemark.api.lab.CellExecutor.RunningCell;
import tidemark.executor.kubernetes.KubernetesExecutor;

/** Against fabric8's mock server, which keeps objects; {@link MockNode} does what the controller and a node do. */
class KubernetesExecutorContractTest extends QueueContract {
    private static final String TEMPLATE = """
            metadata: {labels: {team: checkpoints}}
            spec:
              nodeSelector: {quiet: "yes"}
              containers:
                - name: lab
                  image: registry.example.org/jdk:25
                  resources: {requests: {memory: 2Gi}}
                  volumeMounts: [{name: shared, mountPath: /shared}]
              volumes: [{name: shared, persistentVolumeClaim: {claimName: lab}}]
            """;
    /** Of the mock server, which tells every request. Held here, since the logging library does not hold it. */
    private static final Logger REQUESTS = Logger.getLogger("io.fabric8.mockwebserver");
    private static KubernetesMockServer server;
    private static KubernetesClient client;
    private static MockNode node;
    private final KubernetesExecutor executor = executor(client);

    @BeforeAll
    static void startServer() {
        REQUESTS.setLevel(Level.WARNING);
        server = new KubernetesMockServer(new Context(), new MockWebServer(), new HashMap<>(), new KubernetesCrudDispatcher(), false);
        server.init();
        client = server.createClient(new JdkHttpClientFactory());
        node = new MockNode(client, Runtime.getRuntime().availableProcessors());
    }

    @AfterAll
    static void endServer() {
        node.close();
        client.close();
        server.destroy();
    }

    private static KubernetesExecutor executor(KubernetesClient client) {
        return new KubernetesExecutor(client, Serialization.unmarshal(TEMPLATE, PodTemplateSpec.class));
    }

    @Override
    protected CellExecutor executor() {
        return executor;
    }

    @Override
    protected CellExecutor successor() {
        return executor(client);
    }

    /** As a node that is drained. */
    @Override
    protected void loseWorker(RunningCell cell, Path log) {
        client.pods().withName(cell.id().split(" ")[1].replace('/', '-')).delete();
    }

    private Job job(String name, String script) throws IOException {
        return new Job(List.of("/bin/sh", "-c", script), Files.createDirectory(folder.resolve(name)).resolve("log"), 0, 3,
                Duration.ofMinutes(10));
    }

    @Test
    void theManifestHasAnIndexForEachCellAndLetsKubernetesRepeatNone() throws Exception {
        List<RunningCell> cells = executor.start(List.of(job("one", "exit 0"), job("two", "exit 0")));
        String name = cells.getFirst().id().split("[ /]")[1];
        JobSpec spec = client.batch().v1().jobs().withName(name).get().getSpec();
        assertEquals(List.of("Indexed", 2, 2, 0, 2, "Failed"),
                List.of(spec.getCompletionMode(), spec.getCompletions(), spec.getParallelism(), spec.getBackoffLimitPerIndex(),
                spec.getMaxFailedIndexes(), spec.getPodReplacementPolicy()));
        var rule = spec.getPodFailurePolicy().getRules().getFirst();
        assertEquals(List.of("FailIndex", "lab", "In", List.of(42)),
                List.of(rule.getAction(), rule.getOnExitCodes().getContainerName(), rule.getOnExitCodes().getOperator(),
                rule.getOnExitCodes().getValues()));
        var pod = spec.getTemplate().getSpec();
        assertEquals(List.of("Never", 720L, "yes"),
                List.of(pod.getRestartPolicy(), pod.getActiveDeadlineSeconds(), pod.getNodeSelector().get("quiet")));
        var container = pod.getContainers().getFirst();
        assertEquals(List.of("3", "3", "2Gi"),
                List.of(container.getResources().getRequests().get("cpu").toString(), container.getResources().getLimits().get("cpu")
                .toString(),
                container.getResources().getRequests().get("memory").toString()));
        assertEquals("/shared", container.getVolumeMounts().getFirst().getMountPath());
        assertTrue(container.getCommand().contains(folder.resolve("two/cell.sh").toString()), container.getCommand().toString());
        for (RunningCell each : cells) {
            assertEquals(CellExecutor.DONE, each.await(Duration.ofSeconds(30)).orElseThrow());
        }
    }

    @Test
    void aScriptThatItsPodDoesNotSeeIsAFailureAndNoLoss() throws Exception {
        Job job = job("unseen", "exit 0");
        RunningCell cell = executor.start(List.of(job)).getFirst();
        Files.delete(job.log().resolveSibling("cell.sh"));
        int code = cell.await(Duration.ofSeconds(30)).orElseThrow();
        assertTrue(code == 2 || code == 127, "what the shell says: " + code);
    }

    @Test
    void aServerThatRefusesIsToldAndNothingRuns() throws Exception {
        Job job = job("refused", "exit 0");
        KubernetesMockServer deaf = new KubernetesMockServer(false);
        deaf.init();
        try (KubernetesClient refused = deaf.createClient(new JdkHttpClientFactory())) {
            deaf.expect().post().withPath("/apis/batch/v1/namespaces/test/jobs").andReturn(403, "").always();
            String message = assertThrows(IOException.class, () -> executor(refused).start(List.of(job))).getMessage();
            assertTrue(message.contains("Kubernetes does not take the job"), message);
        } finally {
            deaf.destroy();
        }
    }
}
