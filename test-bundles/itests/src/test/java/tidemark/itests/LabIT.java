package tidemark.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidemark.testkit.HostTool;
import tidemark.testkit.SlurmCluster;

/** {@code launch/tidemark lab} as a user calls it, with real cells. */
class LabIT {
    /** {@code -Dtidemark.lab.kills=50} is the long form. */
    private static final int KILLS = Integer.getInteger("tidemark.lab.kills", 3);
    /** So many that the run does not end before the last kill. */
    private static final int REPETITIONS = Math.max(2, KILLS / 5);

    @TempDir
    Path home;

    @Test
    void anExperimentIsKilledGoesOnAndEndsInAReportOfEveryCellVerified() throws Exception {
        Path experiment = smoke(REPETITIONS);
        Path run = home.resolve("run");
        Random random = new Random(5);
        for (int kill = 0; kill < KILLS; kill++) {
            kill(random.nextInt(4000, 14_000), kill == 0 ? List.of("run", experiment.toString(), "--out", run.toString()) : List.of("resume", run.toString()));
        }
        Launched end = Launched.tidemark(home, "lab", Files.exists(run.resolve("experiment.yaml")) ? "resume" : "run",
                Files.exists(run.resolve("experiment.yaml")) ? run.toString() : experiment.toString(), "--executor", "local");
        assertEquals(0, end.code(), end.toString());
        assertSmokeIsWhole(run, REPETITIONS);
        Launched compared = Launched.tidemark(home, "lab", "compare", run.toString(), run.toString());
        assertTrue(compared.code() == 0 && compared.out().contains("execution time (s)") && compared.out().contains("no change told"),
                compared.toString());
        Launched checked = Launched.tidemark(home, "lab", "check", experiment.toString(), "--run", run.toString());
        assertTrue(checked.code() == 0 && checked.out().contains("about ") && checked.out().contains("by " + run), checked.toString());
        String page = Files.readString(run.resolve("report.html"));
        assertTrue(page.contains("Figure 5.1") && page.contains("Table 3.14, 4.15"), "tables and figures");
        assertFalse(page.matches("(?s).*(src|href)=\"https?:.*"), "nothing from the network");
    }

    private Path smoke(int repetitions) throws Exception {
        String smoke = Files.readString(Platform.ROOT.resolve("launch/experiments/smoke.yaml"));
        return Files.writeString(home.resolve("smoke.yaml"), smoke.replace("repetitions: 2", "repetitions: " + repetitions));
    }

    /** A pilot, and in each repetition a control and two methods: all of them, each once. */
    private static void assertSmokeIsWhole(Path run, int repetitions) throws Exception {
        List<String> rows = Files.readAllLines(run.resolve("results.csv"));
        int cells = 1 + 3 * repetitions;
        assertEquals(IntStream.range(0, cells).boxed().toList(), rows.stream().skip(1).map(row -> Integer.valueOf(row.split(",")[0]))
                .toList());
        assertEquals(cells, rows.stream().filter(row -> row.contains(",done,")).count(), rows.toString());
        assertEquals(2L * repetitions, rows.stream().filter(row -> row.contains("SUCCESSFUL,SUCCESSFUL")).count(),
                "restored machines verify: " + rows);
        assertPartsAreThoseOfThePlatform(run);
    }

    /** The digests in parts.csv are those of the platform's files. */
    private static void assertPartsAreThoseOfThePlatform(Path run) throws Exception {
        Path jar = Platform.ROOT.resolve("launch/target/platform/bundles/protocol.thread.jar");
        String digest = HostTool.run(10, "sha256sum", jar.toString()).output().split(" ")[0];
        List<String> parts = Files.readAllLines(run.resolve("parts.csv"));
        assertTrue(parts.stream().anyMatch(line -> line.contains(",tidemark.protocol.thread,") && line.endsWith("," + digest)), digest
                + " is not in " + parts);
    }

    /** Smoke on a Slurm cluster of this host: the lab is killed, then a job; both go on where they were. */
    @Test
    void anExperimentOnSlurmSurvivesKillsOfTheLabAndOfJobs() throws Exception {
        Path run = home.resolve("run");
        SlurmCluster cluster = SlurmCluster.start(Files.createDirectory(home.resolve("slurm")));
        try {
            killOnceItRuns(run, cluster);
            Process lab = start(cluster, "lab", "resume", run.toString(), "--executor", "slurm");
            killAJob(cluster);
            assertTrue(lab.waitFor(5, TimeUnit.MINUTES), "the lab goes on and on");
            assertEquals(0, lab.exitValue(), Files.readString(home.resolve("lab")));
        } finally {
            cluster.stop();
        }
        assertSmokeIsWhole(run, 2);
        String journal = Files.readString(run.resolve("journal.jsonl"));
        assertTrue(journal.contains("\"event\":\"lost\""), journal);
    }

    /** The lab is killed when Slurm has begun its first job; the job outlives it. */
    private void killOnceItRuns(Path run, SlurmCluster cluster) throws Exception {
        Process lab = start(cluster, "lab", "run", smoke(2).toString(), "--out", run.toString(), "--executor", "slurm");
        runningTask(cluster);
        lab.descendants().forEach(ProcessHandle::destroyForcibly);
        lab.destroyForcibly().waitFor();
    }

    /** One of those after the pilot, as somebody kills it who logged in to the node. */
    private static void killAJob(SlurmCluster cluster) throws Exception {
        String pilot = runningTask(cluster);
        String task = pilot;
        for (long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2); task.equals(pilot); task = runningTask(cluster)) {
            assertTrue(System.nanoTime() < end, "no job follows the pilot");
        }
        cluster.run("scancel", "--full", "--signal=KILL", task);
    }

    private static String runningTask(SlurmCluster cluster) throws Exception {
        for (long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2); System.nanoTime() < end; Thread.sleep(200)) {
            String tasks = cluster.run("squeue", "--noheader", "--array", "--states=RUNNING", "--format=%F_%K").strip();
            if (!tasks.isEmpty()) {
                return tasks.lines().findFirst().orElseThrow();
            }
        }
        throw new AssertionError("Slurm runs no job");
    }

    /** The client that is embedded works inside the framework: a server gets the manifest, and what the server says is told. */
    @Test
    void aBatchIsPostedToKubernetesAndARefusalIsTold() throws Exception {
        List<String> posted = new CopyOnWriteArrayList<>();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            posted.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                    + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            byte[] answer = "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"message\":\"quota is used up\",\"code\":403}".getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(403, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
        try {
            Path template = Files.writeString(home.resolve("pod.yaml"), "spec: {containers: [{image: 'jdk:25'}]}\n");
            Path config = Files.writeString(home.resolve("kubeconfig"), """
                    apiVersion: v1
                    kind: Config
                    current-context: test
                    clusters: [{name: test, cluster: {server: 'http://127.0.0.1:%d'}}]
                    contexts: [{name: test, context: {cluster: test, user: me, namespace: quiet}}]
                    users: [{name: me, user: {token: secret}}]
                    """.formatted(server.getAddress().getPort()));
            Launched end = Launched.tidemark(home, Map.of("KUBECONFIG", config.toString(), "TIDEMARK_KUBERNETES_POD", template.toString()),
                    "lab", "run", smoke(2).toString(), "--executor", "kubernetes");
            assertEquals(1, end.code(), end.toString());
            assertTrue(end.err().contains("Kubernetes does not take the job") && end.err().contains("quota is used up"), end.toString());
        } finally {
            server.stop(0);
        }
        assertTrue(posted.stream().anyMatch(request -> request.startsWith("POST /apis/batch/v1/namespaces/quiet/jobs")
                && request.contains("\"completionMode\":\"Indexed\"")
                && request.contains("jdk:25")), posted.toString());
    }

    private Process start(SlurmCluster cluster, String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of(Platform.ROOT.resolve("launch/tidemark").toString()));
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command).directory(home.toFile()).redirectErrorStream(true)
                .redirectOutput(home.resolve("lab").toFile());
        builder.environment().put("TIDEMARK_HOME", home.resolve("tidemark").toString());
        builder.environment().putAll(cluster.environment());
        return builder.start();
    }

    private void kill(int milliseconds, List<String> words) throws Exception {
        List<String> command = new ArrayList<>(List.of(Platform.ROOT.resolve("launch/tidemark").toString(), "lab"));
        command.addAll(words);
        ProcessBuilder builder = new ProcessBuilder(command).directory(home.toFile()).redirectErrorStream(true).redirectOutput(home.resolve("killed").toFile());
        builder.environment().put("TIDEMARK_HOME", home.resolve("tidemark").toString());
        Process process = builder.start();
        if (!process.waitFor(milliseconds, TimeUnit.MILLISECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void whatIsWrongWithAnExperimentIsToldWithItsLine() throws Exception {
        Path file = Files.writeString(home.resolve("wrong.yaml"), "name: wrong\nlaunch: {share: 0.5}\nworkloads: {A: {guest: is.S}}\nmethods: {stop: {protocl: stop}}\n");
        Launched end = Launched.tidemark(home, "lab", "check", file.toString());
        assertEquals(1, end.code(), end.toString());
        assertTrue(end.err().contains("wrong.yaml:4: unknown key 'protocl' of stop"), end.toString());
    }
}
