package tidemark.lab.provenance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import tidemark.lab.results.Column;
import tidemark.lab.results.Row;
import tidemark.report.Host;

/**
 * Where a cell's figures are from.
 *
 * @param commit of the checkout that the platform was built in, with {@code -dirty} if files differ from it; else the platform's version
 */
public record Provenance(String commit, String hostName, Host host, long seed, Parts parts) {
    private static final int GIT_SECONDS = 20;

    /** Of cells that run in this platform. */
    public static Provenance ofThisPlatform(BundleContext context, long seed) throws IOException, InterruptedException {
        String version = FrameworkUtil.getBundle(Provenance.class).getVersion().toString();
        return new Provenance(commit(Path.of(System.getProperty("tidemark.platform", "")), version), nameOfThisHost(), Host.ofThisProcess(),
                seed, Parts.of(context.getBundles()));
    }

    /** @param version for a folder that is in no checkout, or a host without git */
    static String commit(Path folder, String version) throws InterruptedException {
        try {
            Process git = new ProcessBuilder("git", "-C", folder.toAbsolutePath().toString(), "describe", "--always", "--dirty",
                    "--abbrev=40", "--exclude", "*")
                    .redirectError(ProcessBuilder.Redirect.DISCARD).start();
            git.getOutputStream().close();
            String commit = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            if (!git.waitFor(GIT_SECONDS, TimeUnit.SECONDS)) {
                git.destroyForcibly();
                return version;
            }
            return git.exitValue() == 0 && !commit.isEmpty() ? commit : version;
        } catch (IOException e) {
            return version;
        }
    }

    private static String nameOfThisHost() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        } catch (IOException e) {
            return System.getenv().getOrDefault("HOSTNAME", "");
        }
    }

    /** Says it in a row. */
    public Row put(Row row) {
        return row.put(Column.PLATFORM_COMMIT, commit).put(Column.HOST, hostName).put(Column.PROCESSOR, host.model())
                .put(Column.HOST_CPUS, host.cpus())
                .put(Column.HOST_MEMORY_BYTES, host.memoryBytes()).put(Column.OS, host.os()).put(Column.JVM, host.java())
                .put(Column.SEED, seed)
                .put(Column.PARTS_SHA256, parts.digest());
    }
}
