package tidemark.shell;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import tidemark.api.checkpoint.Checkpoints;
import tidemark.api.machine.GuestPart;
import tidemark.api.machine.GuestPart.Guest;
import tidemark.api.machine.Machines;
import tidemark.api.machine.Parts;
import tidemark.api.shell.CommandError;
import tidemark.api.shell.CommandGroup;
import tidemark.api.shell.Example;
import tidemark.api.shell.Screen;
import tidemark.api.shell.Value;
import tidemark.shell.demo.Demo;
import tidemark.shell.demo.DemoReport;
import tidemark.shell.demo.ReportFiles;

/** The main job as a command. */
@Component(service = CommandGroup.class)
public final class DemoCommands implements CommandGroup {
    /** Whom the demo saves if nobody is named: a guest that computes for seconds, and who follows if the host takes longer to save it. */
    private static final List<String> GUESTS = List.of("cg.A", "sp.A");

    private final Machines machines;
    private final Checkpoints checkpoints;
    private final Parts parts;

    @Activate
    public DemoCommands(@Reference Machines machines, @Reference Checkpoints checkpoints, @Reference Parts parts) {
        this.machines = machines;
        this.checkpoints = checkpoints;
        this.parts = parts;
    }

    @Override
    public String scope() {
        return "demo";
    }

    @Override
    public String title() {
        return "The main job";
    }

    @Descriptor("checkpoints a computing guest with the thesis's protocols, proves the images, runs the restored machines to their end")
    @Example({"demo:run", "demo:run --guest lu.W --out /tmp/report    # report.json, report.html and timeline.svg go there",
        "demo:run --guest bt.W --json bt.json -p stop,thread"})
    public DemoReport run(CommandSession session,
            @Descriptor("the guest (part:list guest); cg.A if not given, and on a slow host sp.A") @Parameter(names = {"-g", "--guest"}, absentValue = "")
            @Value("GUEST") String name,
            @Descriptor("guest RAM in MiB") @Parameter(names = {"-r", "--ram"}, absentValue = "512") @Value("MIB") int ram,
            @Descriptor("folder for the report") @Parameter(names = {"-o", "--out"}, absentValue = "tidemark-report")
            @Value("FILE") String out,
            @Descriptor("writes the JSON there too") @Parameter(names = "--json", absentValue = "") @Value("FILE") String json,
            @Descriptor("protocols, separated by commas")
            @Parameter(names = {"-p", "--protocols"}, absentValue = "stop,live,thread") @Value("PROTOCOLS") String protocols,
            @Descriptor("keep the images in the folder")
            @Parameter(names = "--keep", absentValue = "false", presentValue = "true") boolean keep) throws Exception {
        Screen screen = Screen.of(session);
        Path folder = session.currentDir().resolve(out);
        List<String> names = CheckpointCommands.protocols(protocols, parts);
        makeFolder(folder);
        Demo.Settings settings = new Demo.Settings(ram, names, folder, keep);
        DemoReport report = run(name.isEmpty() ? GUESTS : List.of(name), settings, screen);
        ReportFiles.write(report);
        if (!json.isEmpty()) {
            ReportFiles.writeJson(report, session.currentDir().resolve(json));
        }
        screen.out().println("The report: " + folder.resolve("report.html") + "  (and report.json, timeline.svg)\n");
        if (!report.isProved()) {
            screen.out().println(report.table().render(screen));
            throw new CommandError("demo:run: not everything was proved: " + String.join("; ", report.failures()));
        }
        return report;
    }

    /** With the first of {@code guests} that runs long enough to be saved. */
    private DemoReport run(List<String> guests, Demo.Settings settings, Screen screen) throws Exception {
        String name = guests.getFirst();
        try (var use = parts.use(GuestPart.class, "guest", name, () -> { })) {
            Guest guest = use.part().guest(name).orElseThrow(() -> new CommandError("demo:run: bundle " + use.info().bundle()
                    + " has no guest " + name));
            return new Demo(machines, checkpoints, guest, settings, screen).run();
        } catch (Demo.GuestTooShort e) {
            if (guests.size() == 1) {
                throw e;
            }
        }
        String next = guests.get(1);
        screen.out().println("This host saves more slowly than " + name + " computes, which ended first; from the beginning with " + next);
        return run(guests.subList(1, guests.size()), settings, screen);
    }

    private static void makeFolder(Path folder) throws CommandError {
        try {
            Files.createDirectories(folder);
        } catch (FileSystemException e) {
            String why = e instanceof FileAlreadyExistsException ? "is a file" : e.getReason() == null ? "no folder can be made there"
                    : e.getReason();
            throw new CommandError("demo:run: --out " + folder + ": " + e.getFile() + ": " + why + "; give another folder", e);
        } catch (IOException e) {
            throw new CommandError("demo:run: --out " + folder + ": " + e.getMessage() + "; give another folder", e);
        }
    }
}
