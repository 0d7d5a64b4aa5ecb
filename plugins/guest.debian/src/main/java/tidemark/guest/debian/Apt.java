package tidemark.guest.debian;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tidemark.api.machine.MachineException;

/**
 * The host's apt client with a configuration of its own: Debian 13 for riscv64, signatures verified with the host's keyring of the Debian archive. Of the
 * host's configuration there remains how to reach a network (proxies, credentials); nothing is written outside its folder, and no root is needed.
 */
final class Apt {
    private static final String CODENAME = "trixie";
    /** The release under both its names: of a mirror that is just being updated, or is cached file by file, one may be whole while the other is not. */
    private static final List<String> SUITES = List.of(CODENAME, "stable");
    private static final Pattern OUT_OF_STEP = Pattern.compile("unexpected size|Hash Sum mismatch|Mirror sync in progress|404 +Not Found");
    private static final Pattern PERCENT = Pattern.compile("dlstatus:\\d+:([\\d.]+):.*");
    private static final Pattern NEEDED = Pattern.compile("Need to get (?:[\\d.,]+ \\w+/)?([\\d.,]+ \\w+) of archives\\.");
    private static final Pattern ARCHIVE = Pattern.compile("'.*' (\\S+\\.deb) \\d+ \\S*");

    private final String client;
    private final Path folder;
    private final String archive;
    private final Path keyring;
    private final Consumer<String> progress;

    /**
     * @param client the program
     * @param folder its own, for lists and packages
     * @param archive URI of a mirror of the Debian archive
     */
    Apt(String client, Path folder, String archive, Path keyring, Consumer<String> progress) {
        this.client = client;
        this.folder = folder;
        this.archive = archive;
        this.keyring = keyring;
        this.progress = progress;
    }

    /** Fetches the signed lists of packages. */
    void update() throws IOException, InterruptedException {
        HostCommand.Failed first = null;
        for (String suite : SUITES) {
            try {
                configure(suite);
                run("lists of packages", List.of("update", "--error-on=any"));
                if (isDebian13(suite)) {
                    return;
                }
            } catch (HostCommand.Failed e) {
                first = first == null ? e : first;
                if (first.lines().stream().noneMatch(line -> OUT_OF_STEP.matcher(line).find())) {
                    break;
                }
            }
        }
        throw first == null ? new MachineException("Debian 13 (" + CODENAME + ") is not in the archive " + archive + "; " + wayOut()) : refused("the lists of packages", first);
    }

    /**
     * Finds out what has to be fetched for some packages.
     *
     * @param without what is taken for installed, as in a Provides field
     * @return the names of .deb files: the packages and all that they depend on
     */
    List<String> resolve(List<String> packages, String without) throws IOException, InterruptedException {
        try {
            Files.writeString(folder.resolve("status"), without.isEmpty() ? "" : """
                    Package: tidemark-without
                    Status: install ok installed
                    Version: 1
                    Architecture: all
                    Maintainer: none
                    Description: what is done without
                    Provides: %s
                    """.formatted(without));
            // apt lists what is not in its cache: look into an empty one
            List<String> arguments = new ArrayList<>(install("--print-uris", packages));
            arguments.addAll(List.of("-o", "Dir::Cache::archives=" + Files.createDirectories(folder.resolve("none/partial")).getParent()));
            return run("packages", arguments).stream().map(ARCHIVE::matcher).filter(Matcher::matches).map(line -> line.group(1)).sorted().toList();
        } catch (HostCommand.Failed e) {
            throw refused("packages", e);
        }
    }

    /** Fetches what {@link #resolve} found last. @return the folder that has them then */
    Path fetch(List<String> packages) throws InterruptedException {
        try {
            run("packages", install("--download-only", packages));
            return archives();
        } catch (HostCommand.Failed e) {
            throw refused("packages", e);
        }
    }

    private Path archives() {
        return folder.resolve("cache/archives");
    }

    private static List<String> install(String how, List<String> packages) {
        List<String> arguments = new ArrayList<>(List.of("install", how, "-y", "--no-install-recommends"));
        arguments.addAll(packages);
        return arguments;
    }

    private List<String> run(String what, List<String> arguments) throws HostCommand.Failed, InterruptedException {
        List<String> command = new ArrayList<>(List.of(client, "-c", folder.resolve("apt.conf").toString(), "-q", "-o", "APT::Status-Fd=1"));
        command.addAll(arguments);
        AtomicReference<String> size = new AtomicReference<>("");
        return HostCommand.run(command, line -> {
            Matcher needed = NEEDED.matcher(line);
            if (needed.matches()) {
                size.set(", " + needed.group(1));
            }
            Matcher percent = PERCENT.matcher(line);
            if (percent.matches()) {
                progress.accept("fetching Debian's " + what + size.get() + ": " + (int) Double.parseDouble(percent.group(1)) + " %");
            }
        });
    }

    /** The archive's address. */
    String archive() {
        return archive;
    }

    /** When the lists that {@link #update} fetched last were signed. */
    Instant released() throws IOException {
        try (Stream<Path> lists = Files.list(folder.resolve("state/lists"))) {
            Path release = lists.filter(list -> list.toString().matches(".*_dists_.*_(In)?Release")).findFirst().orElseThrow(() -> new IOException("apt keeps no Release file"));
            return DateTimeFormatter.RFC_1123_DATE_TIME.parse(field(release, "Date").replace("UTC", "GMT"), Instant::from);
        }
    }

    private boolean isDebian13(String suite) throws IOException {
        try (Stream<Path> lists = Files.list(folder.resolve("state/lists"))) {
            return lists.filter(list -> list.toString().matches(".*_dists_" + suite + "_(In)?Release")).anyMatch(list -> field(list, "Codename").equals(CODENAME));
        }
    }

    private static String field(Path release, String name) {
        try (Stream<String> lines = Files.lines(release)) {
            return lines.filter(line -> line.startsWith(name + ": ")).map(line -> line.substring(name.length() + 2)).findFirst().orElse("");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private MachineException refused(String what, HostCommand.Failed e) {
        if (e.isMissing()) {
            return new MachineException("Debian's packages are fetched with " + client + ", which this host does not have: use a host or a container with Debian 12 or "
                    + "newer, or copy " + folder.getParent() + " from one", e);
        }
        String why = e.lines().stream().filter(line -> line.matches("[EW]: .*")).map(line -> line.substring(3).strip()).filter(line -> !line.startsWith("Some index files")).distinct()
                .limit(2).reduce((a, b) -> a + "; " + b).orElse(e.getMessage());
        return new MachineException("Cannot fetch " + what + " of Debian from " + archive + ": " + why + ". " + wayOut(), e);
    }

    private static String wayOut() {
        return "Check the network and apt's proxy, or give another mirror of the Debian archive in the environment variable " + Mirror.VARIABLE
                + ", then type the same again: what was fetched so far is kept";
    }

    private void configure(String suite) throws IOException {
        Files.createDirectories(archives().resolve("partial"));
        Files.createDirectories(folder.resolve("state/lists/partial"));
        Files.writeString(folder.resolve("status"), "");
        Files.writeString(folder.resolve("debian.sources"), """
                Types: deb
                URIs: %s
                Suites: %s
                Components: main
                Architectures: riscv64
                Targets: Packages
                Signed-By: %s
                """.formatted(archive, suite, keyring));
        Files.writeString(folder.resolve("apt.conf"), """
                #clear APT::Architectures;
                #clear APT::Default-Release;
                #clear APT::Update;
                #clear DPkg;
                APT::Architecture "riscv64";
                APT::Architectures { "riscv64"; };
                APT::Get::AllowUnauthenticated "false";
                APT::Sandbox::User "root";
                Acquire::AllowInsecureRepositories "false";
                Acquire::AllowDowngradeToInsecureRepositories "false";
                Acquire::Languages "none";
                Acquire::Retries "2";
                Dir::State "%1$s/state";
                Dir::State::status "%1$s/status";
                Dir::Cache "%1$s/cache";
                Dir::Cache::archives "archives/";
                Dir::Cache::pkgcache "pkgcache.bin";
                Dir::Cache::srcpkgcache "";
                Dir::Etc::sourcelist "%1$s/debian.sources";
                Dir::Etc::sourceparts "/dev/null";
                Dir::Etc::preferences "/dev/null";
                Dir::Etc::preferencesparts "/dev/null";
                """.formatted(folder));
    }
}
