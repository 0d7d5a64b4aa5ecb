package tidemark.bench.boot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.osgi.framework.BundleContext;
import tidemark.api.machine.MachineSpec;
import tidemark.api.machine.Machines;
import tidemark.api.machine.Parts;
import tidemark.api.shell.CommandError;
import tidemark.api.shell.ProgressLine;
import tidemark.api.shell.Screen;
import tidemark.bench.BenchCommands;
import tidemark.bench.FreshPlatform;
import tidemark.bench.Qemu;
import tidemark.bench.QemuGuest;
import tidemark.bench.TimedProcess;
import tidemark.files.Audience;
import tidemark.files.NewFile;
import tidemark.files.TemporaryFolder;
import tidemark.report.Host;

/** {@code bench boot}: a guest to its shell, on this platform and on QEMU, which is given the same kernel, RAM disk, command line and RAM. */
public final class BootCommand {
    private static final Duration STARTS_WITHIN = Duration.ofMinutes(2);
    private final BundleContext context;
    private final Machines machines;
    private final Parts parts;
    private final Screen screen;

    /**
     * @param engines names of CPU parts separated by commas; empty for all
     * @param ram in MiB; empty for as much as the guest wants
     * @param shell matches the guest's output when its shell has come
     * @param timeout of a boot
     * @param json where to write the JSON; empty for nowhere
     */
    public record Request(String guest, String engines, Optional<String> ram, int harts, String shell, int runs, Duration timeout, Optional<Path> json) {}

    public BootCommand(BundleContext context, Machines machines, Parts parts, Screen screen) {
        this.context = context;
        this.machines = machines;
        this.parts = parts;
        this.screen = screen;
    }

    public void run(Request request) throws IOException, InterruptedException, CommandError {
        if (request.runs < 1) {
            throw new CommandError("bench:boot: --runs " + request.runs + ": give 1 or more");
        }
        BootBench bench = new BootBench(pattern(request.shell), request.timeout);
        screen.out().println(Host.ofThisProcess());
        BootReport report;
        try (TemporaryFolder folder = TemporaryFolder.create("bench")) {
            report = measure(request, bench, folder.path());
        }
        show(report);
        if (request.json.isPresent()) {
            NewFile.replace(request.json.get(), Audience.EVERYBODY, report.json());
        }
    }

    private BootReport measure(Request request, BootBench bench, Path folder) throws IOException, InterruptedException, CommandError {
        MachineSpec spec = spec(request);
        List<BootPeer> peers = new ArrayList<>(qemu(spec, folder));
        String missing = peers.isEmpty() ? Qemu.SYSTEM + " is not installed; on Debian: apt-get install " + Qemu.SYSTEM_PACKAGE : "";
        if (!missing.isEmpty()) {
            screen.out().println("NOT COMPARED with QEMU: " + missing);
        }
        peers.addAll(engines(request, spec, folder));
        try (ProgressLine line = new ProgressLine(screen, "bench:boot")) {
            return new BootReport(Host.ofThisProcess(), request.guest, spec.ramMiB(), spec.harts(), spec.arguments(), peers, missing,
                    bench.run(peers, request.runs, line::show));
        }
    }

    private static Pattern pattern(String regex) throws CommandError {
        try {
            return Pattern.compile(regex, Pattern.MULTILINE);
        } catch (PatternSyntaxException e) {
            throw new CommandError("bench:boot: --until '" + regex + "' is no regular expression: " + e.getDescription(), e);
        }
    }

    private MachineSpec spec(Request request) {
        Map<String, String> properties = new TreeMap<>(Map.of("name", "guest", "guest", request.guest, "harts", Integer.toString(request.harts)));
        request.ram.ifPresent(ram -> properties.put("ram", ram));
        return machines.specify(properties);
    }

    /** QEMU, if it is there. */
    private List<BootPeer> qemu(MachineSpec spec, Path folder) throws InterruptedException {
        QemuGuest guest = new QemuGuest(parts, folder);
        return Qemu.version(Qemu.SYSTEM).map(version -> new BootPeer(BootPeer.QEMU, version, () -> guest.start(spec, Optional.empty()))).stream().toList();
    }

    private List<BootPeer> engines(Request request, MachineSpec spec, Path folder) throws IOException, InterruptedException, CommandError {
        List<String> known = parts.names("cpu");
        List<String> names = request.engines.isEmpty() ? known : Arrays.asList(request.engines.split("\\s*,\\s*"));
        String home = context.getProperty("tidemark.home");
        FreshPlatform platform = FreshPlatform.of(Path.of(home == null ? "" : home), Files.createDirectory(folder.resolve("home")));
        List<BootPeer> peers = new ArrayList<>();
        for (String name : names) {
            if (!known.contains(name)) {
                throw new CommandError("bench:boot: --cpu has '" + name + "'; deployed are " + String.join(", ", known));
            }
            String script = "bench:guest " + spec.guest() + " --cpu " + name + " --ram " + spec.ramMiB() + " --harts " + spec.harts() + " --until '"
                    + request.shell.replace("'", "'\\''") + "'";
            peers.add(new BootPeer(name, "CPU part " + name + " of this platform", () -> platform.exec(script, BenchCommands.HART)));
        }
        try (TimedProcess first = platform.exec("bench:guest hello", "")) {
            // a JVM's class data archive is made by the first that needs it
            first.awaitEnd(STARTS_WITHIN);
        }
        return peers;
    }

    private void show(BootReport report) {
        screen.out().println("Guest " + report.guest() + ", " + report.ramMiB() + " MiB, " + report.harts() + (report.harts() == 1 ? " hart" : " harts")
                + "; medians of " + report.runs().size() / report.peers().size() + " boots by turns, each in a process of its own");
        report.peers().forEach(peer -> screen.out().println(peer.name() + ": " + peer.version()));
        screen.out().println("\n" + report.table().render(screen));
    }
}
