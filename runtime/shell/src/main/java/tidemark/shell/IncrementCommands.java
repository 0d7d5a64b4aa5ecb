package tidemark.shell;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import tidemark.api.checkpoint.CancelledException;
import tidemark.api.checkpoint.CheckpointException;
import tidemark.api.checkpoint.CheckpointRequest;
import tidemark.api.checkpoint.CheckpointTask;
import tidemark.api.checkpoint.Checkpoints;
import tidemark.api.machine.Machine;
import tidemark.api.machine.Machines;
import tidemark.api.shell.CommandError;
import tidemark.api.shell.CommandGroup;
import tidemark.api.shell.Example;
import tidemark.api.shell.Interruption;
import tidemark.api.shell.ProgressLine;
import tidemark.api.shell.Screen;
import tidemark.api.shell.Units;
import tidemark.api.shell.Value;
import tidemark.files.PrivateFolder;
import tidemark.files.Reservation;

/** Increments: images that have only what was written since the one before. */
@Component(service = CommandGroup.class)
public final class IncrementCommands implements CommandGroup {
    private static final String INCREMENTAL = "incremental";

    private final Checkpoints checkpoints;
    private final Machines machines;
    private final Images images;

    @Activate
    public IncrementCommands(BundleContext context, @Reference Checkpoints checkpoints, @Reference Machines machines) {
        this(checkpoints, machines, Images.of(context));
    }

    IncrementCommands(Checkpoints checkpoints, Machines machines, Images images) {
        this.checkpoints = checkpoints;
        this.machines = machines;
        this.images = images;
    }

    @Override
    public String scope() {
        return "checkpoint";
    }

    @Override
    public String title() {
        return "Checkpoints";
    }

    @Descriptor("takes a checkpoint every so often, each with only what was written since the one before; Ctrl-C ends it, the images stay")
    @Example({"checkpoint:series cg --every 500ms --count 6 --keep 2; checkpoint:tree",
        "checkpoint:series cg --every 50ms --count 60 --keep 20    # the first and the last 20 to 40 images stay"})
    public Series series(CommandSession session, @Descriptor("name of the machine") @Value("MACHINE") String machine,
            @Descriptor("from one request to the next") @Parameter(names = {"-e", "--every"}, absentValue = "1s") @Value("TIME") String every,
            @Descriptor("checkpoints; 0: until the machine is off, or Ctrl-C") @Parameter(names = {"-n", "--count"}, absentValue = "0") @Value("N") int count,
            @Descriptor("images that stay beside the first; when there are twice as many the older half goes. 0: all stay")
            @Parameter(names = {"-k", "--keep"}, absentValue = "0") @Value("N") int keep,
            @Descriptor("protocol") @Parameter(names = {"-p", "--protocol"}, absentValue = INCREMENTAL) @Value("PROTOCOL") String protocol,
            @Descriptor(Described.TRACKER)
            @Parameter(names = {"-t", "--tracker"}, absentValue = "") @Value("TRACKER") Optional<String> tracker,
            @Descriptor(Described.COPIER)
            @Parameter(names = {"-c", "--copier"}, absentValue = "") @Value("COPIER") Optional<String> copier,
            @Descriptor(Described.LAYOUT)
            @Parameter(names = {"-l", "--layout"}, absentValue = "") @Value("LAYOUT") Optional<String> layout,
            @Descriptor(Described.STOP)
            @Parameter(names = {"-s", "--stop"}, absentValue = "") @Value("STOP") Optional<String> stop,
            @Descriptor("an option of the parts or the platform, several times if needed")
            @Parameter(names = {"-o", "--option"}, absentValue = "") @Value("KEY=VALUE") List<String> options,
            @Descriptor("folder of the images") @Parameter(names = "--to", absentValue = "") @Value("FOLDER") String to,
            @Descriptor("record digests so that checkpoint:verify can prove the images")
            @Parameter(names = "--oracle", absentValue = "false", presentValue = "true") boolean oracle) throws Exception {
        Duration period = Times.duration("checkpoint:series: --every", every);
        if (count < 0 || keep < 0) {
            throw new CommandError("checkpoint:series: --count and --keep are numbers from 0 on");
        }
        Path folder = to.isEmpty() ? images.folder() : session.currentDir().resolve(to);
        if (!to.isEmpty() && !Files.isDirectory(folder)) {
            throw new CommandError("checkpoint:series: there is no folder " + folder + "; make it, or leave --to out");
        }
        PrivateFolder.create(images.folder());
        Map<String, String> chosen = checkpoints.chosen(machine);
        CheckpointRequest request = CheckpointCommands.withOptions(CheckpointCommands.request(machine, protocol, folder, chosen, tracker, copier, layout, stop)
                .withOption("rateWindowMs", 0).withOracle(oracle), options);
        Series series = new Series(machine, period, keep);
        take(session, machines.get(machine), request, count, series);
        return series;
    }

    /** Until there are so many, the machine is off, or Ctrl-C. The request's image is the folder. */
    private void take(CommandSession session, Machine guest, CheckpointRequest request, int count, Series series) throws Exception {
        AtomicReference<CheckpointTask> running = new AtomicReference<>();
        AtomicBoolean ended = new AtomicBoolean();
        Thread waiting = Thread.currentThread();
        Runnable end = () -> {
            ended.set(true);
            Optional.ofNullable(running.get()).ifPresentOrElse(task -> task.cancel("Ctrl-C"), waiting::interrupt);
        };
        try (ProgressLine line = new ProgressLine(Screen.of(session), guest.name() + " " + request.protocol()); Interruption _ = Interruption.of(session, end)) {
            while (!ended.get() && (count == 0 || series.taken() < count) && guest.status().power() != Machine.Power.OFF) {
                series.awaitNext();
                try (Reservation name = Images.reserveNext(request.image(), guest.name(), request.protocol())) {
                    running.set(checkpoints.start(request.withImage(name.file())));
                    series.add(running.get().await(progress -> {}), checkpoints);
                }
                running.set(null);
                line.show(series.toString());
            }
        } catch (CancelledException | InterruptedException e) {
            Optional.ofNullable(running.get()).ifPresent(task -> task.cancel("the series was ended"));
            if (!ended.get()) {
                throw e;
            }
        } catch (CheckpointException e) {
            if (guest.status().power() != Machine.Power.OFF) {
                throw e;
            }
        } finally {
            Thread.interrupted(); // Ctrl-C has ended the series, not what comes after it
        }
    }

    @Descriptor("shows which images are increments of which")
    @Example({"checkpoint:tree    # in the platform's home", "checkpoint:tree ."})
    public ImageTree tree(CommandSession session, @Descriptor("a folder") @Value("[FILE]") String folder) throws Exception {
        Path where = folder.isEmpty() ? images.folder() : session.currentDir().resolve(folder);
        return ImageTree.of(checkpoints, folder.isEmpty() && !Files.isDirectory(where) ? List.of() : checkpoints.list(where));
    }

    @Descriptor("makes an increment a whole image, in its place: it needs the ones before it no more")
    @Example({"checkpoint:series cg --every 200ms --count 3; checkpoint:merge cg-incremental-3",
        "checkpoint:series cg --every 200ms --count 4; checkpoint:merge cg-incremental-4 --onto cg-incremental-1    # 2 and 3 are needed no more"})
    public String merge(CommandSession session, @Descriptor("path or name of the image") @Value("IMAGE") String image,
            @Descriptor("it stays an increment, of this ancestor") @Parameter(names = "--onto", absentValue = "") @Value("IMAGE") String onto) throws Exception {
        Path path = images.find(session, image);
        long before = Files.size(path);
        checkpoints.merge(path, onto.isEmpty() ? Optional.empty() : Optional.of(images.find(session, onto)));
        return path.getFileName() + (onto.isEmpty() ? " is whole: " : " is an increment of " + onto + ": ") + Units.bytes(Files.size(path)) + ", before " + Units.bytes(before);
    }

    @Descriptor("ends a machine's increments: nothing is tracked between checkpoints any more, the next increment is a whole image")
    @Example("checkpoint:series cg --every 200ms --count 2; checkpoint:end cg")
    public String end(@Descriptor("name of the machine") @Value("MACHINE") String machine) throws CheckpointException {
        return checkpoints.endIncrements(machine).map(newest -> "The increments of " + machine + " have ended; the newest is " + newest)
                .orElse(machine + " has no increments that go on");
    }
}
