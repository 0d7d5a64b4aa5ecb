package tidemark.bench.cpu;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.osgi.framework.BundleContext;
import tidemark.api.machine.Parts;
import tidemark.api.shell.CommandError;
import tidemark.api.shell.ProgressLine;
import tidemark.api.shell.Screen;
import tidemark.api.shell.Table;
import tidemark.bench.Choice;
import tidemark.bench.Figure;
import tidemark.bench.FreshPlatform;
import tidemark.bench.Qemu;
import tidemark.bench.TimedProcess;
import tidemark.files.Audience;
import tidemark.files.NewFile;
import tidemark.files.TemporaryFolder;
import tidemark.report.Bystanders;
import tidemark.report.Host;

/** {@code bench cpu}: finds who can be compared, measures, tells. */
public final class CpuCommand {
    private static final String KERNEL = "kernel.";
    private static final Steadiness THOROUGH = new Steadiness(5, Duration.ofSeconds(60));
    private static final Steadiness QUICK = new Steadiness(3, Duration.ofSeconds(30));
    private static final Duration WARM_UP = Duration.ofSeconds(6);
    private static final Duration QUICK_WARM_UP = Duration.ofSeconds(3);
    private static final Duration STARTS_WITHIN = Duration.ofMinutes(2);

    private final BundleContext context;
    private final Parts parts;
    private final Screen screen;

    /**
     * @param kernels names separated by commas, {@code all} or {@code none}
     * @param guests likewise; empty for those that suit
     * @param peers names separated by commas, or all
     * @param runs 0 for as many as suit
     * @param json a further place for the JSON, or null
     */
    public record Request(String kernels, String guests, String peers, int runs, int percent, boolean quick, Path out, Path json) {}

    public CpuCommand(BundleContext context, Parts parts, Screen screen) {
        this.context = context;
        this.parts = parts;
        this.screen = screen;
    }

    public void run(Request request) throws IOException, InterruptedException, CommandError {
        CpuBench.Settings settings = settings(request);
        Files.createDirectories(request.out);
        CpuReport report;
        try (TemporaryFolder folder = TemporaryFolder.create("bench")) {
            report = measure(request, settings, folder.path());
        }
        write(report, request);
        show(report);
        screen.out().println("\nThe report: " + request.out.resolve("cpu.html") + "  (and cpu.json, cpu.svg)");
        if (!report.failures().isEmpty()) {
            throw new CommandError("bench:cpu: the results are not the same everywhere: " + String.join("; ", report.failures()));
        }
    }

    private CpuBench.Settings settings(Request request) throws CommandError {
        List<String> kernels = Choice.of("bench:cpu: --kernels", request.kernels, parts.names("guest").stream().filter(name -> name.startsWith(KERNEL))
                .map(name -> name.substring(KERNEL.length())).toList());
        String guests = !request.guests.isEmpty() ? request.guests : request.quick ? "ep.S,cg.S" : "ep.S,cg.S,ep.W,cg.W,ep.A,cg.A";
        List<String> known = parts.names("guest").stream().filter(name -> name.matches("(ep|cg)\\..")).toList();
        return new CpuBench.Settings(kernels, Choice.of("bench:cpu: --guests", guests, known), request.runs > 0 ? request.runs : Figure.LEAST_RUNS,
                request.percent, request.quick ? QUICK : THOROUGH);
    }

    private CpuReport measure(Request request, CpuBench.Settings settings, Path folder) throws IOException, InterruptedException, CommandError {
        String home = context.getProperty("tidemark.home");
        FreshPlatform platform = FreshPlatform.of(Path.of(home == null ? "" : home), Files.createDirectory(folder.resolve("home")));
        Peers peers = Peers.find(Workshop.of(context.getBundle(), folder, parts), Qemu::version, platform, parts.names("cpu"),
                request.quick ? QUICK_WARM_UP : WARM_UP).only(request.peers);
        screen.out().println(Host.ofThisProcess());
        peers.missing().forEach(missing -> screen.out().println("NOT COMPARED: " + missing.peer() + ": " + missing.why()));
        try (TimedProcess first = platform.exec("bench:guest hello", "")) {
            // a JVM's class data archive is made by the first that needs it
            first.awaitEnd(STARTS_WITHIN);
        }
        try (ProgressLine line = new ProgressLine(screen, "bench:cpu")) {
            CpuBench bench = new CpuBench(peers.present(), settings, line::show);
            Bystanders bystanders = Bystanders.watch();
            List<KernelRun> kernels = bench.kernels();
            List<WholeRun> guests = bench.guests();
            return new CpuReport(Host.ofThisProcess(), bystanders.cpus(), peers, request.percent, kernels, guests);
        }
    }

    private static void write(CpuReport report, Request request) throws IOException {
        String json = CpuJson.of(report);
        NewFile.replace(request.out.resolve("cpu.json"), Audience.EVERYBODY, json);
        if (request.json != null) {
            NewFile.replace(request.json, Audience.EVERYBODY, json);
        }
        NewFile.replace(request.out.resolve("cpu.html"), Audience.EVERYBODY, CpuPage.html(report));
        NewFile.replace(request.out.resolve("cpu.svg"), Audience.EVERYBODY, CpuPage.picture(report));
    }

    private void show(CpuReport report) {
        CpuTables tables = new CpuTables(report);
        if (!report.kernels().isEmpty()) {
            show("Steady state, MIPS by CPU time of the computing thread, speed ratios", tables.steady());
        }
        if (!report.guests().isEmpty()) {
            show("Whole runs from cold, speed ratios by the clock on the wall", tables.cold());
        }
        screen.out().println("\n" + Bystanders.sentence(report.othersCpus()));
        report.doubts().forEach(screen.out()::println);
    }

    private void show(String title, CpuTables.Grid grid) {
        Table table = Table.withHead(grid.head().toArray(String[]::new));
        grid.entries().forEach(row -> table.row(row.stream().map(CpuTables.Entry::marked).toArray()));
        screen.out().println("\n" + title + "\n" + table.render(screen));
    }
}
