package tidemark.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Slurm's own programs as a cluster of one node, this host, with everything in one folder: a key, sockets, ports, logs. A test is skipped
 * where they are not
 * installed, or where they may not run; with {@code CI=true} it fails.
 */
public final class SlurmCluster {
    private static final Duration START = Duration.ofSeconds(60);
    private static final String[] SBIN = {"/usr/sbin", "/sbin", "/usr/bin", "/usr/local/sbin"};

    private final Path folder;
    private final List<Process> daemons = new ArrayList<>();

    private SlurmCluster(Path folder) {
        this.folder = folder;
    }

    /** @param folder that is there and empty; its path is short, since a socket lies in it */
    public static SlurmCluster start(Path folder) throws Exception {
        HostTool.require("sbatch", "slurm-client");
        SlurmCluster cluster = new SlurmCluster(folder);
        try {
            cluster.start();
            return cluster;
        } catch (Exception | AssertionError e) {
            cluster.stop();
            throw e;
        }
    }

    /** By which Slurm's commands find it. */
    public Map<String, String> environment() {
        return Map.of("SLURM_CONF", folder.resolve("slurm.conf").toString());
    }

    /** Runs one of Slurm's commands. @return its output */
    public String run(String... command) throws Exception {
        HostTool.Outcome outcome = HostTool.run(60,
                Stream.concat(Stream.of("env", "SLURM_CONF=" + environment().get("SLURM_CONF")), Arrays.stream(command))
                .toArray(String[]::new));
        assertEquals(0, outcome.exitCode(), outcome.output());
        return outcome.output();
    }

    private void start() throws Exception {
        String munged = daemon("munged", "munge");
        String slurmctld = daemon("slurmctld", "slurmctld");
        String slurmd = daemon("slurmd", "slurmd");
        if (!"root".equals(System.getProperty("user.name"))) {
            HostTool.unavailable("a Slurm node that starts jobs needs root");
        }
        byte[] key = new byte[1024];
        new Random().nextBytes(key);
        Path keyFile = Files.createFile(folder.resolve("key"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(keyFile, key);
        Files.createDirectories(folder.resolve("state"));
        Files.createDirectories(folder.resolve("spool"));
        Files.writeString(folder.resolve("slurm.conf"), configuration());
        launch(munged, "--foreground", "--force", "--key-file=" + keyFile, "--socket=" + folder.resolve("munge"), "--pid-file="
                + folder.resolve("munged.pid"),
                "--seed-file=" + folder.resolve("seed"), "--log-file=" + folder.resolve("munged.log"));
        await(() -> Files.exists(folder.resolve("munge")));
        launch(slurmctld, "-D", "-f", folder.resolve("slurm.conf").toString());
        launch(slurmd, "-D", "-f", folder.resolve("slurm.conf").toString());
        await(() -> run("sinfo", "--noheader", "--format=%t").strip().equals("idle"));
    }

    private static String daemon(String name, String debianPackage) {
        Optional<String> found = Arrays.stream(SBIN).map(directory -> directory + "/" + name)
                .filter(file -> Files.isExecutable(Path.of(file))).findFirst();
        if (found.isEmpty()) {
            HostTool.unavailable(name + " is missing: apt-get install " + debianPackage);
        }
        return found.orElseThrow();
    }

    private String configuration() throws IOException {
        String host = InetAddress.getLocalHost().getHostName().split("\\.")[0];
        return """
                ClusterName=tidemark
                SlurmctldHost=%1$s(127.0.0.1)
                SlurmctldPort=%2$d
                SlurmdPort=%3$d
                AuthType=auth/munge
                AuthInfo=socket=%4$s/munge
                CredType=cred/munge
                SlurmUser=root
                SlurmdUser=root
                StateSaveLocation=%4$s/state
                SlurmdSpoolDir=%4$s/spool
                SlurmctldPidFile=%4$s/slurmctld.pid
                SlurmdPidFile=%4$s/slurmd.pid
                SlurmctldLogFile=%4$s/slurmctld.log
                SlurmdLogFile=%4$s/slurmd.log
                ProctrackType=proctrack/pgid
                TaskPlugin=task/none
                SwitchType=switch/none
                MpiDefault=none
                JobAcctGatherType=jobacct_gather/none
                SelectType=select/cons_tres
                SelectTypeParameters=CR_Core
                SchedulerType=sched/builtin
                SchedulerParameters=batch_sched_delay=0,sched_interval=1
                ReturnToService=2
                KillWait=2
                NodeName=%1$s NodeAddr=127.0.0.1 CPUs=%5$d State=UNKNOWN
                PartitionName=main Nodes=%1$s Default=YES MaxTime=INFINITE State=UP
                """.formatted(host, freePort(), freePort(), folder, Runtime.getRuntime().availableProcessors());
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private void launch(String... command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("daemons").toFile()));
        builder.environment().putAll(environment());
        daemons.add(builder.start());
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private void await(Condition condition) throws Exception {
        for (long end = System.nanoTime() + START.toNanos(); !holds(condition); Thread.sleep(100)) {
            if (System.nanoTime() > end || daemons.stream().anyMatch(daemon -> !daemon.isAlive())) {
                throw new AssertionError("Slurm did not start: " + logs());
            }
        }
    }

    private static boolean holds(Condition condition) throws Exception {
        try {
            return condition.holds();
        } catch (AssertionError e) {
            return false;
        }
    }

    private String logs() throws IOException {
        StringBuilder logs = new StringBuilder();
        for (String name : List.of("daemons", "munged.log", "slurmctld.log", "slurmd.log")) {
            if (Files.exists(folder.resolve(name))) {
                logs.append(name).append(":\n").append(Files.readString(folder.resolve(name)));
            }
        }
        return logs.toString();
    }

    /** Ends it; jobs that run end with it. */
    public void stop() throws Exception {
        if (daemons.size() > 2) {
            HostTool.run(60, "env", "SLURM_CONF=" + environment().get("SLURM_CONF"), "scancel", "--me", "--full", "--signal=KILL");
        }
        for (Process daemon : daemons.reversed()) {
            daemon.destroy();
            if (!daemon.waitFor(20, TimeUnit.SECONDS)) {
                daemon.descendants().forEach(ProcessHandle::destroyForcibly);
                daemon.destroyForcibly().waitFor();
            }
        }
    }
}
