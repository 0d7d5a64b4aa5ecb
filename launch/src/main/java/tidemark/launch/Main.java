package tidemark.launch;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import org.osgi.framework.startlevel.BundleStartLevel;
import tidemark.files.Fault;
import tidemark.files.Leftovers;
import tidemark.files.PrivateFolder;
import tidemark.files.TemporaryFolder;

/**
 * Boots Felix on the bundles of the built platform, by {@code launch/tidemark}. Without arguments: the shell; with {@code exec TEXT} or {@code exec -f FILE}:
 * the commands, without a terminal. System properties: {@code tidemark.platform} is the folder that the build assembled,
 * {@code tidemark.home} the user's, with {@code plugins/} and {@code machines/} that are watched; {@code tidemark.allow.list.file} the file of {@code
 * --allow-list}.
 */
public final class Main {
    private static final int ABNORMAL_END = 70;
    private static final int PROMPT_START_LEVEL = 3;
    private static final int FILE_HANDLES = 256;
    /** What the framework keeps of bundles, and some more. */
    private static final int TEMPORARY_KIB = 8 << 10;
    private static final Path LIMITS = Path.of("/proc/self/limits");

    private Main() {}

    public static void main(String[] args) throws Exception {
        Path platform = Path.of(System.getProperty("tidemark.platform"));
        Path home = Path.of(System.getProperty("tidemark.home"));
        String script = args.length > 0 && args[0].equals("exec") ? script(args) : null;
        requireFileHandles();
        makeFolders(home);
        Optional<Path> allowList = allowList(home);
        // what platforms left that were killed
        TemporaryFolder.removeLeft();
        Leftovers.remove(home.resolve("checkpoints"));
        Leftovers.remove(home.resolve("layers"));
        TemporaryFolder cache = temporaryFolder();
        // where JLine unpacks its native library
        System.setProperty("jline.tmpdir", cache.path().toString());
        LogFile log = new LogFile(home.resolve("tidemark.log"));
        System.setProperty("tidemark.log", log.ready().toString());
        log.lookAfter();
        Map<String, String> properties = properties(platform, home, cache.path());
        if (allowList.isPresent()) {
            properties.put("tidemark.allow.list", allowList.get().toAbsolutePath().toString());
            properties.put("tidemark.allow.digests", String.join(" ", digests(allowList.get())));
        }
        // scripts and the prompt are run by the platform's shell
        properties.put("gosh.args", "--nointeractive --noshutdown");
        if (script != null) {
            properties.put("tidemark.script", script);
            properties.put("tidemark.script.file", args.length == 3 ? args[2] : "");
        }
        // JLine looks for terminals through the context class loader and falls back to its own only if there is none
        Thread.currentThread().setContextClassLoader(null);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(cache), "delete-cache"));
        System.exit(runOrSayWhyNot(properties, platform.resolve("bundles")));
    }

    /** Threads of a framework that did not start would keep this process for ever. */
    private static int runOrSayWhyNot(Map<String, String> properties, Path bundles) {
        try {
            return run(properties, bundles);
        } catch (Exception e) {
            System.err.println("tidemark: the platform does not start: " + e.getMessage() + "; launch/tidemark build, or remove " + bundles.getParent()
                    + " and build anew");
            return ABNORMAL_END;
        }
    }

    private static int run(Map<String, String> properties, Path bundles) throws Exception {
        Framework framework = ServiceLoader.load(FrameworkFactory.class, Main.class.getClassLoader()).findFirst().orElseThrow()
                .newFramework(properties);
        framework.init();
        AtomicInteger code = new AtomicInteger();
        IntConsumer exit = value -> {
            code.set(value);
            stop(framework);
        };
        framework.getBundleContext().registerService(IntConsumer.class, exit, new Hashtable<>(Map.of("tidemark.role", "exit")));
        List<Bundle> installed = new ArrayList<>();
        for (Path jar : jars(bundles)) {
            Bundle bundle = framework.getBundleContext().installBundle("reference:" + jar.toUri());
            bundle.adapt(BundleStartLevel.class).setStartLevel(startLevel(bundle));
            installed.add(bundle);
        }
        for (Bundle bundle : installed) {
            if (bundle.getHeaders("").get(Constants.FRAGMENT_HOST) == null) {
                bundle.start(Bundle.START_ACTIVATION_POLICY);
            }
        }
        framework.start();
        int end = framework.waitForStop(0).getType();
        return end == FrameworkEvent.STOPPED ? code.get() : ABNORMAL_END;
    }

    /** Parts before what uses them; the prompt last, so that commands and their completion are there when it shows. */
    private static int startLevel(Bundle bundle) {
        if (bundle.getSymbolicName().equals("org.apache.felix.gogo.jline")) {
            return PROMPT_START_LEVEL;
        }
        String level = bundle.getHeaders("").get("Tidemark-Start-Level");
        return level == null ? 1 : Integer.parseInt(level);
    }

    private static Map<String, String> properties(Path platform, Path home, Path cache) {
        Map<String, String> p = new HashMap<>();
        p.put(Constants.FRAMEWORK_STORAGE, cache.resolve("felix").toString());
        p.put(Constants.FRAMEWORK_BEGINNING_STARTLEVEL, Integer.toString(PROMPT_START_LEVEL));
        p.put(Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA, "sun.misc");
        // bundles are admitted by runtime/admission
        p.put("felix.fileinstall.dir", home.resolve("machines").toString());
        p.put("felix.fileinstall.filter", ".*\\.config");
        p.put("felix.fileinstall.poll", "200");
        p.put("felix.fileinstall.noInitialDelay", "true");
        p.put("felix.fileinstall.enableConfigSave", "false");
        p.put("felix.fileinstall.tmpdir", cache.resolve("fileinstall").toString());
        p.put("felix.fileinstall.log.level", "2");
        p.put("felix.fileinstall.log.default", "jul");
        p.put("ds.loglevel", "warn");
        p.put("gosh.home", platform.resolve("gogo").toString());
        // of the logging's own troubles it would say a stack trace for each line that does not fit on a full disk; LogFile says one line
        p.put("org.ops4j.pax.logging.DefaultServiceLog.level", "NONE");
        p.put("org.ops4j.pax.logging.StaticLogbackFile", platform.resolve("logback.xml").toString());
        System.getProperties().forEach((key, value) -> {
            if (key.toString().matches("(tidemark|felix|gosh|org\\.osgi|org\\.ops4j)\\..*")) {
                p.put(key.toString(), value.toString());
            }
        });
        return p;
    }

    private static String script(String[] args) {
        if (args.length != 3) {
            return args[1];
        }
        try {
            return Files.readString(Path.of(args[2]));
        } catch (InvalidPathException e) {
            throw refusal("the name of the script cannot be decoded: " + e.getMessage() + "; set LC_ALL to a locale with UTF-8");
        } catch (CharacterCodingException e) {
            throw refusal("the script " + args[2] + " is no UTF-8 text");
        } catch (IOException e) {
            throw refusal("cannot read the script " + args[2] + ": " + e.getMessage());
        }
    }

    /** Others than the user must not be able to put bundles there, nor to read what guests had in RAM or on disks, whatever the umask is. */
    private static void makeFolders(Path home) {
        for (String folder : List.of("plugins", "machines", "checkpoints", "layers")) {
            try {
                PrivateFolder.create(home.resolve(folder));
            } catch (IOException e) {
                throw refusal("cannot make the folder " + home.resolve(folder) + " (" + Fault.reason(e)
                        + "); set TIDEMARK_HOME to a folder that may be written");
            }
        }
    }

    private static TemporaryFolder temporaryFolder() {
        String parent = System.getProperty("java.io.tmpdir");
        try {
            long room = Files.getFileStore(Path.of(parent)).getUsableSpace() >> 10;
            if (room < TEMPORARY_KIB) {
                throw new IOException("it has room for " + room + " KiB, the platform needs " + TEMPORARY_KIB);
            }
            return TemporaryFolder.create("run");
        } catch (IOException e) {
            throw refusal("cannot use the temporary folder " + parent + " (" + Fault.reason(e)
                    + "); make room there, or name another: TIDEMARK_JAVA_OPTS=-Djava.io.tmpdir=FOLDER");
        }
    }

    /** Each bundle is a file that stays open; a machine needs some more. */
    private static void requireFileHandles() throws IOException {
        if (!Files.isReadable(LIMITS)) {
            return;
        }
        try (Stream<String> lines = Files.lines(LIMITS)) {
            lines.filter(line -> line.startsWith("Max open files")).map(line -> line.split("\\s{2,}")[1])
                    .filter(most -> most.matches("\\d{1,9}") && Integer.parseInt(most) < FILE_HANDLES).forEach(most -> {
                        throw refusal("this process may have " + most + " files open, the platform needs " + FILE_HANDLES
                                + "; write ulimit -n " + FILE_HANDLES + " before it is started");
                    });
        }
    }

    /** By the option or the environment, or {@code allow-list} in the user's home of the platform if that exists. */
    private static Optional<Path> allowList(Path home) {
        String given = System.getProperty("tidemark.allow.list.file", "");
        Path own = home.resolve("allow-list");
        return !given.isEmpty() ? Optional.of(Path.of(given)) : Files.exists(own) ? Optional.of(own) : Optional.empty();
    }

    private static Set<String> digests(Path allowList) {
        try {
            return AllowListFile.digests(Files.readAllLines(allowList));
        } catch (IllegalArgumentException e) {
            throw refusal("allow list " + allowList + ", " + e.getMessage());
        } catch (CharacterCodingException e) {
            throw refusal("allow list " + allowList + " is no UTF-8 text");
        } catch (IOException e) {
            throw refusal("cannot read the allow list " + allowList + ": " + e.getMessage());
        }
    }

    /** Says one line and ends; what comes after does not run. */
    private static IllegalStateException refusal(String problem) {
        System.err.println("tidemark: " + problem);
        System.exit(1);
        return new IllegalStateException(problem);
    }

    private static List<Path> jars(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            // logging first: whoever starts before it logs nowhere
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted(Comparator.comparing((Path file) -> !file.getFileName().toString().startsWith("pax-logging")).thenComparing(Path::toString))
                    .toList();
        }
    }

    private static void stop(Framework framework) {
        try {
            framework.stop();
        } catch (BundleException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void delete(TemporaryFolder folder) {
        try {
            folder.close();
        } catch (IOException e) {
            System.err.println("tidemark: cannot remove " + folder.path() + ": " + Fault.reason(e) + "; the next start does");
        }
    }
}
