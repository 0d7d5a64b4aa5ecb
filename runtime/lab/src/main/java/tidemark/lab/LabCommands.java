package tidemark.lab;

import static tidemark.api.shell.Units.time;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import tidemark.api.checkpoint.Checkpoints;
import tidemark.api.lab.CellExecutor;
import tidemark.api.machine.Machines;
import tidemark.api.machine.Parts;
import tidemark.api.shell.CommandError;
import tidemark.api.shell.CommandGroup;
import tidemark.api.shell.Example;
import tidemark.api.shell.Screen;
import tidemark.api.shell.Table;
import tidemark.api.shell.Tabular;
import tidemark.api.shell.Value;
import tidemark.lab.cell.CellRun;
import tidemark.lab.experiment.Cell;
import tidemark.lab.experiment.Experiment;
import tidemark.lab.experiment.ExperimentException;
import tidemark.lab.experiment.ExperimentFile;
import tidemark.lab.provenance.Provenance;
import tidemark.lab.report.Comparison;
import tidemark.lab.report.Report;
import tidemark.lab.results.Column;
import tidemark.lab.results.Row;
import tidemark.lab.results.RowFile;
import tidemark.lab.run.RunFolder;
import tidemark.lab.run.Runner;
import tidemark.report.FreshPlatform;

/** Experiments. */
@Component(service = CommandGroup.class)
public final class LabCommands implements CommandGroup {
    private final BundleContext context;
    private final Machines machines;
    private final Checkpoints checkpoints;
    private final Parts parts;

    @Activate
    public LabCommands(BundleContext context, @Reference Machines machines, @Reference Checkpoints checkpoints, @Reference Parts parts) {
        this.context = context;
        this.machines = machines;
        this.checkpoints = checkpoints;
        this.parts = parts;
    }

    @Override
    public String scope() {
        return "lab";
    }

    @Override
    public String title() {
        return "Experiments";
    }

    @Descriptor("says whether an experiment's file is right, how many cells it has, how long they take and how much disk")
    @Example({"lab:check launch/experiments/thesis-small.yaml",
            "lab:check launch/experiments/thesis-small.yaml --run tidemark-lab/smoke    # estimates by that run"})
    public Tabular check(CommandSession session, @Descriptor("the experiment") @Value("FILE") String file,
            @Descriptor("an earlier run of its workloads, to estimate by (./tidemark-lab/NAME)") @Parameter(names = {"-r", "--run"},
            absentValue = "") @Value("FILE") String run)
            throws CommandError {
        try {
            Experiment experiment = ExperimentFile.read(session.currentDir().resolve(file));
            Path earlier = session.currentDir().resolve(run.isEmpty() ? "tidemark-lab/" + experiment.name() : run).toAbsolutePath()
                    .normalize();
            Optional<RunFolder> known = run.isEmpty() && Files.notExists(earlier.resolve("experiment.yaml")) ? Optional.empty()
                    : Optional.of(RunFolder.open(earlier));
            return new Check(experiment, known, atOnce(experiment.processors()));
        } catch (IOException | ExperimentException e) {
            throw new CommandError("lab:check: " + e.getMessage(), e);
        }
    }

    @Descriptor("runs an experiment: every cell in a process of its own; then its tables and figures")
    @Example({"lab:run launch/experiments/smoke.yaml", "lab:run launch/experiments/thesis-small.yaml --out /tmp/thesis    # lab:resume /tmp/thesis goes on after a kill"})
    public void run(CommandSession session, @Descriptor("the experiment") @Value("FILE") String file,
            @Descriptor("folder of the run (./tidemark-lab/NAME)") @Parameter(names = {"-o", "--out"}, absentValue = "") @Value("FILE") String out,
            @Descriptor("what runs the cells") @Parameter(names = {"-e", "--executor"}, absentValue = "local") @Value("EXECUTOR") String executor) throws CommandError {
        try {
            Path experiment = session.currentDir().resolve(file);
            Path folder = session.currentDir().resolve(out.isEmpty() ? "tidemark-lab/" + ExperimentFile.read(experiment).name() : out);
            run(RunFolder.create(folder.toAbsolutePath().normalize(), experiment), executor, Screen.of(session));
        } catch (IOException | ExperimentException e) {
            throw new CommandError("lab:run: " + e.getMessage(), e);
        }
    }

    @Descriptor("goes on with a run that was ended or killed")
    @Example("lab:resume tidemark-lab/smoke")
    public void resume(CommandSession session, @Descriptor("folder of the run") @Value("FILE") String folder,
            @Descriptor("what runs the cells") @Parameter(names = {"-e", "--executor"}, absentValue = "local") @Value("EXECUTOR") String executor) throws CommandError {
        run(open(session, folder, "lab:resume"), executor, Screen.of(session));
    }

    @Descriptor("draws the tables and figures of a run from what there is of it")
    @Example("lab:report tidemark-lab/smoke")
    public void report(CommandSession session, @Descriptor("folder of the run") @Value("FILE") String folder) throws CommandError {
        report(open(session, folder, "lab:report"), Screen.of(session));
    }

    @Descriptor("shows what changed from one run to another, with intervals, and what else differs")
    @Example({"lab:compare tidemark-lab/smoke /tmp/thesis", "lab:compare tidemark-lab/smoke /tmp/thesis --html compared.html"})
    public Tabular compare(CommandSession session, @Descriptor("folder of the first run") @Value("FILE") String first,
            @Descriptor("folder of the second run") @Value("FILE") String second,
            @Descriptor("writes a page there, too") @Parameter(names = "--html",
                    absentValue = "") @Value("FILE") String html) throws CommandError {
        try {
            Comparison comparison = new Comparison(open(session, first, "lab:compare"), open(session, second, "lab:compare"));
            if (comparison.changes().isEmpty()) {
                throw new CommandError("lab:compare: the runs have no workload and method in common of which both have two repetitions that are done");
            }
            if (!html.isEmpty()) {
                RowFile.write(session.currentDir().resolve(html).toAbsolutePath(), comparison.html());
            }
            comparison.surroundings().forEach(Screen.of(session).out()::println);
            Screen.of(session).out().println(comparison.byChance());
            Table table = Table.withHead(Comparison.head());
            comparison.changes().forEach(change -> table.row(change.cells().toArray()));
            return () -> table;
        } catch (IOException e) {
            throw new CommandError("lab:compare: " + e.getMessage(), e);
        }
    }

    @Descriptor("runs one cell of a run in this platform; the lab starts this in processes of their own")
    @Example("lab:cell tidemark-lab/smoke 3 1")
    public void cell(CommandSession session, @Descriptor("folder of the run") @Value("FILE") String folder, @Descriptor("number of the cell") @Value("CELL") int number,
            @Descriptor("which try, from 1") @Value("ATTEMPT") int attempt) throws Exception {
        RunFolder run = open(session, folder, "lab:cell");
        Cell cell = run.plan().stream().filter(each -> each.number() == number).findFirst().orElseThrow(() -> new CommandError("lab:cell: " + folder + " has no cell " + number));
        endWithParent();
        if (run.isSuperseded(cell, attempt)) {
            throw new CommandError("lab:cell: cell " + number + " has ended, or a later try of it was begun; try " + attempt
                    + " need not run");
        }
        Optional<Row> pilot = cell.isPilot() ? Optional.empty() : run.row(run.experiment().pilotOf(cell, run.plan()));
        long instructions = (long) pilot.filter(Row::isDone).map(row -> row.number(Column.INSTRUCTIONS).orElse(0)).orElse(0.0).doubleValue();
        boolean lacksPilot = !cell.isPilot() && !cell.isControl() && run.experiment().launch().share() > 0 && instructions == 0;
        Row row = lacksPilot ? Row.failed(cell, attempt, "the workload's pilot failed, so when to launch the checkpoint is not known")
                : new CellRun(machines, checkpoints, parts, run.experiment(), cell, attempt, run.attempt(cell, attempt)).run(instructions);
        Provenance provenance = Provenance.ofThisPlatform(context, run.experiment().seed());
        provenance.parts().keep(run.parts());
        row.put(Column.CELL_S, (System.currentTimeMillis() - ManagementFactory.getRuntimeMXBean().getStartTime()) / 1000.0);
        RowFile.publish(provenance.put(row), run.result(cell, attempt));
    }

    private static RunFolder open(CommandSession session, String folder, String command) throws CommandError {
        try {
            return RunFolder.open(session.currentDir().resolve(folder).toAbsolutePath().normalize());
        } catch (IOException | ExperimentException e) {
            throw new CommandError(command + ": " + e.getMessage(), e);
        }
    }

    private void run(RunFolder folder, String executor, Screen screen) throws CommandError {
        screen.out().println(folder.plan().size() + " cells of " + folder.experiment().title() + ", in " + folder.path());
        ServiceReference<CellExecutor> reference = executor(executor);
        try {
            new Runner(folder, context.getService(reference), cells(folder), new Progress(screen, folder.plan().size())).run();
        } catch (IOException e) {
            throw new CommandError("lab: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandError("lab: stopped; lab:resume " + folder.path() + " goes on", e);
        } finally {
            context.ungetService(reference);
        }
        report(folder, screen);
    }

    /** On this host. */
    private int atOnce(int processors) throws CommandError {
        ServiceReference<CellExecutor> local = executor("local");
        try {
            return context.getService(local).slots(processors);
        } finally {
            context.ungetService(local);
        }
    }

    private ServiceReference<CellExecutor> executor(String name) throws CommandError {
        try {
            List<ServiceReference<CellExecutor>> all = new ArrayList<>(context.getServiceReferences(CellExecutor.class, null));
            return all.stream().filter(each -> name.equals(each.getProperty(CellExecutor.NAME))).findFirst().orElseThrow(() -> new CommandError("lab: there is no executor '" + name
                    + "'; there are " + all.stream().map(each -> String.valueOf(each.getProperty(CellExecutor.NAME))).sorted().toList()));
        } catch (InvalidSyntaxException e) {
            throw new AssertionError(e);
        }
    }

    private static void report(RunFolder folder, Screen screen) throws CommandError {
        try {
            Report report = new Report(folder);
            Path page = report.write();
            report.findings().forEach(screen.out()::println);
            long failed = report.failed();
            screen.out().println("The report: " + page + "  (and results.csv, tables/, figures/)");
            if (failed > 0) {
                throw new CommandError("lab: " + failed + (failed == 1 ? " cell" : " cells") + " failed; the report says why");
            }
        } catch (IOException e) {
            throw new CommandError("lab: cannot write the report: " + e.getMessage(), e);
        }
    }

    /** Cells see the plug-ins of this platform's home, but not its machines. */
    private static Runner.CommandOf cells(RunFolder folder) throws IOException {
        FreshPlatform platform = FreshPlatform.of(Path.of(System.getProperty("tidemark.home")), folder.path().resolve("home"));
        return (run, cell, attempt) -> platform.command("lab:cell '" + run.toString().replace("'", "'\\''") + "' " + cell.number() + " "
                + attempt);
    }

    /** A cell whose lab, or whose worker's script, was killed must not compute beside the one that takes its place. */
    private static void endWithParent() {
        ProcessHandle.current().parent().ifPresent(parent -> parent.onExit().thenRun(() -> Runtime.getRuntime().halt(CellExecutor.NEVER_AGAIN)));
    }

    private static final class Progress implements Runner.Listener {
        private final Screen screen;
        private final int cells;
        private final long begin = System.nanoTime();
        private int ended;

        Progress(Screen screen, int cells) {
            this.screen = screen;
            this.cells = cells;
        }

        @Override
        public void started(Cell cell) {
            // its end is told
        }

        @Override
        public void lost(Cell cell, int attempt) {
            screen.out().printf("cell %d, %s %s, was killed or its worker vanished; it runs once more (try %d)%n", cell.number(),
                    cell.workload(), cell.method(), attempt + 1);
        }

        @Override
        public void ended(Cell cell, String failure, int left) {
            ended++;
            Duration rest = Duration.ofNanos((System.nanoTime() - begin) / ended * left);
            screen.out().printf("%4d of %d  %-10s %-10s %s%s%n", cells - left, cells, cell.workload(), cell.isPilot() ? "pilot" : cell.method(),
                    failure.isEmpty() ? "done" : "FAILED: " + failure, left > 0 ? ", about " + time(rest) + " left" : "");
        }
    }
}
