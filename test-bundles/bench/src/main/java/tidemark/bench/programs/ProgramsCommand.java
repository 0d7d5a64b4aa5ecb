package tidemark.bench.programs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.framework.BundleContext;
import tidemark.api.machine.GuestPart;
import tidemark.api.machine.GuestPart.FetchableGuest;
import tidemark.api.machine.MachineSpec;
import tidemark.api.machine.Machines;
import tidemark.api.machine.Parts;
import tidemark.api.shell.CommandError;
import tidemark.api.shell.ProgressLine;
import tidemark.api.shell.Screen;
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

/** {@code bench programs}: real programs on engines and on QEMU, on the same files. */
public final class ProgramsCommand {
    private static final String SHELL_GUEST = "debian";
    private static final String NPB = "(bt|cg|dc|ep|ft|is|lu|mg|sp)\\.";
    private static final int QUICK_PERCENT = 10;
    private static final Duration STARTS_WITHIN = Duration.ofMinutes(2);

    private final BundleContext context;
    private final Machines machines;
    private final Parts parts;
    private final Screen screen;

    /**
     * @param guests names of NPB's separated by commas, all or none; empty for those that suit
     * @param programs of {@link SystemProgram}, likewise
     * @param engines likewise
     * @param runs 0 for as many as suit
     * @param json a further place for the JSON
     */
    public record Request(String guests, String programs, String engines, int runs, boolean quick, Path out, Optional<Path> json) {}

    public ProgramsCommand(BundleContext context, Machines machines, Parts parts, Screen screen) {
        this.context = context;
        this.machines = machines;
        this.parts = parts;
        this.screen = screen;
    }

    public void run(Request request) throws IOException, InterruptedException, CommandError {
        List<String> guests = guests(request);
        List<SystemProgram> programs = programs(request);
        List<String> engines = Choice.of("bench:programs: --cpu", request.engines, parts.names("cpu"));
        Files.createDirectories(request.out);
        ProgramsReport report;
        try (TemporaryFolder folder = TemporaryFolder.create("bench")) {
            report = measure(request, guests, programs, engines, folder.path());
        }
        write(report, request);
        show(report);
        screen.out().println("\nThe report: " + request.out.resolve("programs.html") + "  (and programs.json)");
        if (!report.failures().isEmpty()) {
            throw new CommandError("bench:programs: the results are not right everywhere: " + String.join("; ", report.failures()));
        }
    }

    private List<String> guests(Request request) throws CommandError {
        List<String> known = parts.names("guest").stream().filter(name -> name.matches(NPB + ".")).toList();
        List<String> suitable = known.stream().filter(name -> name.matches(NPB + (request.quick ? "S" : "[SW]"))).toList();
        return request.guests.isEmpty() ? suitable : Choice.of("bench:programs: --guests", request.guests, known);
    }

    private List<SystemProgram> programs(Request request) throws CommandError {
        List<String> chosen = Choice.of("bench:programs: --programs", request.programs, SystemProgram.ALL.stream().map(SystemProgram::name).toList());
        return SystemProgram.ALL.stream().filter(program -> chosen.contains(program.name())).map(program -> request.quick ? program.scaled(QUICK_PERCENT)
                : program.scaled(100)).toList();
    }

    private ProgramsReport measure(Request request, List<String> guests, List<SystemProgram> programs, List<String> engines, Path folder) throws IOException,
            InterruptedException, CommandError {
        String home = context.getProperty("tidemark.home");
        FreshPlatform platform = FreshPlatform.of(Path.of(home == null ? "" : home), Files.createDirectory(folder.resolve("home")));
        List<Runner> runners = new ArrayList<>(Runners.qemu(parts, folder).stream().toList());
        List<String> missing = new ArrayList<>();
        if (runners.isEmpty()) {
            missing.add(Qemu.SYSTEM + " is not installed; on Debian: apt-get install " + Qemu.SYSTEM_PACKAGE);
        }
        engines.forEach(engine -> runners.add(Runners.engine(platform, engine)));
        boolean canBoot = programs.isEmpty() || isFetched();
        if (!canBoot) {
            missing.add("programs at the shell of " + SHELL_GUEST + ": fetch it first: launch/tidemark guest fetch " + SHELL_GUEST);
        }
        screen.out().println(Host.ofThisProcess());
        missing.forEach(what -> screen.out().println("NOT COMPARED: " + what));
        try (TimedProcess first = platform.exec("bench:guest hello", "")) {
            // a JVM's class data archive is made by the first that needs it
            first.awaitEnd(STARTS_WITHIN);
        }
        try (ProgressLine line = new ProgressLine(screen, "bench:programs")) {
            Bystanders bystanders = Bystanders.watch();
            List<ProgramRun> runs = new ArrayList<>();
            ProgramsBench bench = new ProgramsBench(runners, request.runs > 0 ? request.runs : Figure.LEAST_RUNS, this::spec, folder, line::show, round -> {
                runs.addAll(round);
                write(new ProgramsReport(Host.ofThisProcess(), bystanders.cpus(), runners, missing, runs), request);
            });
            bench.whole(guests);
            bench.atShell(SHELL_GUEST, canBoot ? programs : List.of());
            return new ProgramsReport(Host.ofThisProcess(), bystanders.cpus(), runners, missing, runs);
        }
    }

    private boolean isFetched() {
        try (Parts.Use<GuestPart> use = parts.use(GuestPart.class, "guest", SHELL_GUEST, () -> { })) {
            return use.part().guest(SHELL_GUEST).filter(guest -> !(guest instanceof FetchableGuest fetchable) || fetchable.fetched().isPresent()).isPresent();
        }
    }

    private MachineSpec spec(String guest) {
        return machines.specify(Map.of("name", "guest", "guest", guest));
    }

    private static void write(ProgramsReport report, Request request) throws IOException {
        String json = new ProgramsJson(report).text();
        NewFile.replace(request.out.resolve("programs.json"), Audience.EVERYBODY, json);
        if (request.json.isPresent()) {
            NewFile.replace(request.json.get(), Audience.EVERYBODY, json);
        }
        NewFile.replace(request.out.resolve("programs.html"), Audience.EVERYBODY, new ProgramsTable(report).html());
    }

    private void show(ProgramsReport report) {
        ProgramsTable tables = new ProgramsTable(report);
        report.kinds().forEach(kind -> screen.out().println("\n" + ProgramsTable.title(kind) + "; CPU seconds of the hart, ratios of speed\n"
                + tables.table(kind).render(screen)));
        screen.out().println("\n" + Bystanders.sentence(report.othersCpus()));
        report.doubts().forEach(screen.out()::println);
    }
}
