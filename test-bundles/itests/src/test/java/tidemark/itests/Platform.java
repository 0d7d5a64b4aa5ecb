package tidemark.itests;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ops4j.pax.exam.CoreOptions.bundle;
import static org.ops4j.pax.exam.CoreOptions.frameworkProperty;
import static org.ops4j.pax.exam.CoreOptions.systemPackage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.ops4j.pax.exam.Option;

/** The delivered platform as options for Pax Exam, and what tests share. */
final class Platform {
    static final Path ROOT = Path.of(System.getProperty("tidemark.root"));
    private static final long TIMEOUT_MS = 20_000;

    private Platform() {}

    /** Every bundle of the platform, without a prompt, with a watched folder of its own. */
    static Option[] options() throws IOException {
        Path home = home();
        List<Option> options = new ArrayList<>();
        options.add(systemPackage("sun.misc"));
        options.add(frameworkProperty("gosh.args").value("--nointeractive --noshutdown"));
        options.add(frameworkProperty("gosh.home").value(ROOT.resolve("launch/target/platform/gogo").toString()));
        options.add(frameworkProperty("tidemark.home").value(home.toString()));
        options.add(frameworkProperty("felix.fileinstall.dir").value(Files.createDirectory(home.resolve("machines")).toString()));
        options.add(frameworkProperty("felix.fileinstall.filter").value(".*\\.config"));
        options.add(frameworkProperty("felix.fileinstall.poll").value("200"));
        options.add(frameworkProperty("felix.fileinstall.noInitialDelay").value("true"));
        options.add(frameworkProperty("felix.fileinstall.enableConfigSave").value("false"));
        options.add(frameworkProperty("felix.fileinstall.log.level").value("1"));
        options.add(frameworkProperty("felix.fileinstall.tmpdir").value(home.resolve("tmp").toString()));
        options.add(frameworkProperty("org.ops4j.pax.logging.DefaultServiceLog.level").value("WARN"));
        addBundles(options, ROOT.resolve("launch/target/platform/bundles"));
        addBundles(options, Path.of(System.getProperty("tidemark.test.bundles")));
        return options.toArray(Option[]::new);
    }

    private static void addBundles(List<Option> options, Path folder) throws IOException {
        try (Stream<Path> jars = Files.list(folder)) {
            for (Path jar : jars.filter(file -> file.toString().endsWith(".jar")).sorted().toList()) {
                String name = jar.getFileName().toString();
                options.add(bundle(jar.toUri().toString()).startLevel(name.startsWith("pax-logging") ? 1 : 3));
            }
        }
    }

    /** A platform's home, in a place that is the user's own whoever owns the build. Goes with this process. */
    private static Path home() throws IOException {
        Path home = Files.createTempDirectory("tidemark-itests");
        Files.createDirectory(home.resolve("plugins"), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> deleteTree(home)));
        return home;
    }

    private static void deleteTree(Path root) {
        try (Stream<Path> tree = Files.walk(root)) {
            tree.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A new folder that goes with the build. */
    static Path folder(String name) throws IOException {
        return Files.createTempDirectory(Path.of(System.getProperty("tidemark.test.bundles")).getParent(), name);
    }

    static void await(String what, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + TIMEOUT_MS * 1_000_000;
        while (!condition.call()) {
            assertTrue(System.nanoTime() < end, "Not within " + TIMEOUT_MS + " ms: " + what);
            Thread.sleep(5);
        }
    }
}
