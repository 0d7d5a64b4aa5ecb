package tidemark.shell;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import tidemark.api.checkpoint.CheckpointException;
import tidemark.api.checkpoint.CheckpointReport;
import tidemark.api.checkpoint.CheckpointRequest;
import tidemark.api.checkpoint.CheckpointTask;
import tidemark.api.checkpoint.Checkpoints;
import tidemark.api.checkpoint.Checkpoints.RestoreReport;
import tidemark.api.checkpoint.Checkpoints.Verdict;
import tidemark.api.checkpoint.ImageAsk;
import tidemark.api.checkpoint.ImageReader;
import tidemark.api.checkpoint.RestoreGrants;
import tidemark.api.machine.ClockMode;
import tidemark.api.machine.Machine;
import tidemark.api.machine.Machines;
import tidemark.api.machine.Nearest;
import tidemark.api.machine.Parts;
import tidemark.api.shell.CommandError;
import tidemark.api.shell.CommandGroup;
import tidemark.api.shell.Example;
import tidemark.api.shell.Interruption;
import tidemark.api.shell.ProgressLine;
import tidemark.api.shell.Screen;
import tidemark.api.shell.Units;
import tidemark.api.shell.Value;
import tidemark.files.Reservation;

/** Checkpoints: take, look into, prove, restore, compare. */
@Component(service = CommandGroup.class)
public final class CheckpointCommands implements CommandGroup {
    private static final String FRESH = "fresh";
    /** How long a machine that was started is waited for, and how often one looks. */
    private static final long FIRST_INSTRUCTION_NANOS = 5_000_000_000L;
    private static final long POLL_NANOS = 20_000;
    private static final List<String> IDENTITIES = List.of(FRESH, "same");

    private final Checkpoints checkpoints;
    private final Machines machines;
    private final Parts parts;
    private final Images images;

    @Activate
    public CheckpointCommands(BundleContext context, @Reference Checkpoints checkpoints, @Reference Machines machines,
            @Reference Parts parts) {
        this(checkpoints, machines, parts, Images.of(context));
    }

    CheckpointCommands(Checkpoints checkpoints, Machines machines, Parts parts, Images images) {
        this.checkpoints = checkpoints;
        this.machines = machines;
        this.parts = parts;
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

    @Descriptor("takes a checkpoint of a machine and shows what it cost; Ctrl-C cancels it and the guest goes on")
    @Example({"checkpoint:take cg", "checkpoint:take cg -p live -o bandwidthLimitMiBps=64",
    "checkpoint:take cg -p thread -t card -c pool -s rounds --oracle --to /tmp/cg.tdm",
        "r = (checkpoint:take cg --oracle); checkpoint:verify $r",
        "checkpoint:take cg --help    # images without --to go to checkpoints/MACHINE-PROTOCOL-N.tdm in the platform's home"})
    public CheckpointReport take(CommandSession session, @Descriptor("name of the machine") @Value("MACHINE") String machine,
            @Descriptor("protocol (as vm:use has chosen; else " + CheckpointRequest.DEFAULT_PROTOCOL + ")")
            @Parameter(names = {"-p", "--protocol"}, absentValue = "") @Value("PROTOCOL") Optional<String> protocol,
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
            @Descriptor("path of the image") @Parameter(names = "--to", absentValue = "") @Value("FILE") String to,
            @Descriptor("record digests so that checkpoint:verify can prove the image")
            @Parameter(names = "--oracle", absentValue = "false", presentValue = "true") boolean oracle) throws Exception {
        Map<String, String> chosen = checkpoints.chosen(machine);
        String taken = protocol.orElse(chosen.get("protocol"));
        if (!to.isEmpty()) {
            CheckpointRequest request = request(machine, taken, session.currentDir().resolve(to), chosen, tracker, copier, layout, stop);
            return run(session, withOptions(request.withOracle(oracle), options));
        }
        try (Reservation name = images.reserve(machine, taken)) {
            CheckpointRequest request = request(machine, taken, name.file(), chosen, tracker, copier, layout, stop);
            return run(session, withOptions(request.withOracle(oracle), options));
        }
    }

    @Descriptor("takes a checkpoint with each protocol, one after another, and shows them side by side")
    @Example({"checkpoint:compare cg", "checkpoint:compare cg -p stop,thread -t card --keep"})
    public List<CheckpointReport> compare(CommandSession session, @Descriptor("name of the machine") @Value("MACHINE") String machine,
            @Descriptor("protocols, separated by commas; all that are deployed if not given")
            @Parameter(names = {"-p", "--protocols"}, absentValue = "") @Value("PROTOCOLS") String protocols,
            @Descriptor(Described.TRACKER)
            @Parameter(names = {"-t", "--tracker"}, absentValue = "") @Value("TRACKER") Optional<String> tracker,
            @Descriptor(Described.COPIER)
            @Parameter(names = {"-c", "--copier"}, absentValue = "") @Value("COPIER") Optional<String> copier,
            @Descriptor(Described.LAYOUT)
            @Parameter(names = {"-l", "--layout"}, absentValue = "") @Value("LAYOUT") Optional<String> layout,
            @Descriptor(Described.STOP)
            @Parameter(names = {"-s", "--stop"}, absentValue = "") @Value("STOP") Optional<String> stop,
            @Descriptor("an option of the parts or the platform") @Parameter(names = {"-o", "--option"}, absentValue = "")
            @Value("KEY=VALUE") List<String> options,
            @Descriptor("keep the images, which are deleted otherwise")
            @Parameter(names = "--keep", absentValue = "false", presentValue = "true") boolean keep)
            throws Exception {
        machines.get(machine);
        Map<String, String> chosen = checkpoints.chosen(machine);
        List<String> names = protocols(protocols, parts);
        List<CheckpointReport> reports = new ArrayList<>();
        for (String protocol : names) {
            try (Reservation name = images.reserve(machine, protocol)) {
                CheckpointRequest request = request(machine, protocol, name.file(), chosen, tracker, copier, layout, stop);
                reports.add(run(session, withOptions(request, options)));
                if (!keep) {
                    checkpoints.delete(request.image());
                }
            }
        }
        return reports;
    }

    @Descriptor("lists the options that checkpoints can be given with -o")
    @Example({"checkpoint:options", "checkpoint:take cg -p live -o bandwidthLimitMiBps=64 -o maxRounds=10"})
    public List<OptionInfo> options() {
        return OptionInfo.all(checkpoints, parts);
    }

    @Descriptor("lists images")
    @Example({"checkpoint:list    # in the platform's home", "checkpoint:list ."})
    public List<ImageInfo> list(CommandSession session, @Descriptor("a folder") @Value("[FILE]") String folder) throws CheckpointException,
            IOException {
        Path where = folder.isEmpty() ? images.folder() : session.currentDir().resolve(folder);
        List<ImageInfo> all = new ArrayList<>();
        for (Path path : folder.isEmpty() && !Files.isDirectory(where) ? List.<Path>of() : checkpoints.list(where)) {
            all.add(describeEvenDamaged(path));
        }
        return all;
    }

    @Descriptor("shows what an image holds: manifest, sections, states; and what it asks of this host")
    @Example("checkpoint:inspect cg-thread-1")
    public ImageInfo inspect(CommandSession session, @Descriptor("path or name of the image") @Value("IMAGE") String image)
            throws Exception {
        Path path = images.find(session, image);
        return describe(path).asking(asks(path));
    }

    @Descriptor("shows where two images differ: pages, states, the machine they are of")
    @Example({"checkpoint:take cg --to a.tdm; checkpoint:take cg --to b.tdm; checkpoint:diff a.tdm b.tdm"})
    public ImageDifference diff(CommandSession session, @Descriptor("path or name of an image") @Value("IMAGE") String image,
            @Descriptor("path or name of another") @Value("IMAGE") String other) throws Exception {
        Path one = images.find(session, image);
        Path two = images.find(session, other);
        try (ImageReader first = checkpoints.open(one); ImageReader second = checkpoints.open(two)) {
            return ImageDifference.of(first, one, second, two);
        }
    }

    @Descriptor("proves an image that was taken with --oracle: restores it and compares every page and state")
    @Example({"checkpoint:take cg --oracle", "checkpoint:verify cg-thread-1"})
    public Verdict verify(CommandSession session, @Descriptor("path or name of the image") @Value("IMAGE") String image,
            @Descriptor("a file that the image may use, wherever it is; remembered for this image")
            @Parameter(names = "--allow", absentValue = "") @Value("FILE") List<String> allow,
            @Descriptor("another file for a disk: DEVICE=FILE[,format=FORMAT]; what the guest remembers must fit to it")
            @Parameter(names = {"-d", "--disk"}, absentValue = "") @Value("DISK") List<String> disks)
            throws Exception {
        RestoreGrants grants = RestoreOptions.of(session.currentDir(), List.of(), allow, disks, List.of(), List.of());
        Verdict verdict = checkpoints.verify(images.find(session, image), grants);
        if (!verdict.equal()) {
            throw new CommandError("Image " + verdict.image() + " differs from the machine that was saved: "
                    + Units.count(verdict.pagesDiffering()) + " of " + Units.count(verdict.pagesCompared()) + " pages "
                    + verdict.differingPages() + ", states " + verdict.differingStates());
        }
        return verdict;
    }

    @Descriptor("makes a machine from an image, or loads it into one that is paused or off")
    @Example({"checkpoint:restore cg-thread-1 --name cg2 --start", "checkpoint:restore cg-thread-1 --into cg    # back to what it was",
        "checkpoint:restore /tmp/theirs.tdm --net none    # checkpoint:inspect shows what an image asks for",
        "checkpoint:restore web.tdm --forward tcp:8081:80 --disk disk0=copy.img",
        "checkpoint:take cg -l mapped --to lazy.tdm; checkpoint:restore lazy.tdm --lazy --clones 2"})
    public Object restore(CommandSession session, @Descriptor("path or name of the image") @Value("IMAGE") String image,
            @Descriptor("name of the new machine; the saved one's, with a number if that is taken")
            @Parameter(names = {"-n", "--name"}, absentValue = "") @Value("NAME") String name,
            @Descriptor("restore into this machine") @Parameter(names = {"-i", "--into"}, absentValue = "") @Value("MACHINE") String into,
            @Descriptor("a file that the image may use, wherever it is; remembered for this image")
            @Parameter(names = "--allow", absentValue = "") @Value("FILE") List<String> allow,
            @Descriptor("another file for a disk: DEVICE=FILE[,format=FORMAT]; what the guest remembers must fit to it")
            @Parameter(names = {"-d", "--disk"}, absentValue = "") @Value("DISK") List<String> disks,
            @Descriptor("plug its network cards into this: NETWORK[,key=value]..., none for no network; DEVICE= before it for one card")
            @Parameter(names = "--net", absentValue = "") @Value("NETWORK") List<String> networks,
            @Descriptor("a port of the host in place of the image's: tcp:PORT:GUESTPORT, 0 for any free one")
            @Parameter(names = "--forward", absentValue = "") @Value("FORWARD") List<String> forwards,
            @Descriptor("fresh: the guest is told that it is another machine, and draws other random numbers; same: it repeats what "
                    + "the saved one did. Absent: fresh, but same with clock=instructions")
            @Parameter(names = {"--identity"}, absentValue = "") @Value("fresh|same") String identity,
            @Descriptor("map RAM to the image: pages come when the guest touches them; needs layout mapped")
            @Parameter(names = {"-l", "--lazy"}, absentValue = "false", presentValue = "true") boolean lazy,
            @Descriptor("so many machines NAME-1, NAME-2, ...; with --lazy they share the pages that none of them writes")
            @Parameter(names = {"-c", "--clones"}, absentValue = "0") @Value("N") int clones,
            @Descriptor("let it go on at once")
            @Parameter(names = {"-s", "--start"}, absentValue = "false", presentValue = "true") boolean start)
            throws Exception {
        long begin = System.nanoTime();
        if (!name.isEmpty() && !into.isEmpty()) {
            throw new CommandError("checkpoint:restore: give --name or --into, not both");
        }
        if (!identity.isEmpty() && !IDENTITIES.contains(identity)) {
            throw new CommandError("checkpoint:restore: --identity " + identity + ": give fresh or same");
        }
        if (clones < 0 || clones > 0 && !into.isEmpty()) {
            throw new CommandError("checkpoint:restore: --clones makes new machines; give how many, and no --into");
        }
        if (lazy && !into.isEmpty()) {
            throw new CommandError("checkpoint:restore: --lazy makes a new machine; leave --into out");
        }
        Path path = images.find(session, image);
        if (!into.isEmpty() && !(networks.isEmpty() && forwards.isEmpty())) {
            throw new CommandError("checkpoint:restore: --into keeps the networks of " + into + "; leave --net and --forward out");
        }
        RestoreGrants grants = RestoreOptions.of(session.currentDir(), parts.names("network"), allow, disks, networks, forwards);
        if (!into.isEmpty()) {
            return goOn(checkpoints.restoreInto(path, machines.get(into), grants), identity, start, begin);
        }
        String first = name.isEmpty() ? freeName(path) : name;
        if (clones == 0) {
            return goOn(restored(path, first, grants, lazy), identity, start, begin);
        }
        List<RestoreReport> reports = new ArrayList<>();
        for (int i = 1; i <= clones; i++) {
            String clone = first + "-" + i;
            long cloneBegin = System.nanoTime();
            reports.add(goOn(restored(path, clone, grants, lazy), identity, start, cloneBegin));
        }
        return reports;
    }

    private RestoreReport restored(Path image, String name, RestoreGrants grants, boolean lazy) throws CheckpointException {
        return lazy ? checkpoints.restoreLazily(image, name, grants) : checkpoints.restore(image, name, grants);
    }

    /** Tells the guest who it is, and starts it if that is asked for. */
    private static RestoreReport goOn(RestoreReport report, String identity, boolean start, long begin) throws InterruptedException {
        Machine machine = report.machine();
        if (identity.equals(FRESH) || identity.isEmpty() && machine.spec().clock() == ClockMode.HOST) {
            machine.renewIdentity();
        }
        if (!start) {
            return report;
        }
        long before = machine.instructions();
        machine.start();
        long end = System.nanoTime() + FIRST_INSTRUCTION_NANOS;
        while (machine.instructions() == before) {
            if (System.nanoTime() > end) {
                return report;
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
        return report.withFirstInstruction(System.nanoTime() - begin);
    }

    @Descriptor("deletes images and what lies beside them, unless an increment that stays needs one")
    @Example({"checkpoint:delete cg-thread-1", "checkpoint:delete (checkpoint:list)    # all, increments too"})
    public String delete(CommandSession session, @Descriptor("paths or names of images") @Value("IMAGE") List<String> names) throws Exception {
        List<Path> paths = new ArrayList<>();
        for (String name : names) {
            paths.add(images.find(session, name));
        }
        checkpoints.deleteAll(paths);
        return paths.isEmpty() ? "No image was named, none was deleted" : paths.size() > 1 ? paths.size() + " images deleted" : null;
    }

    /** Those that a list with commas names, or all that are deployed; refused before anything is done if one is not deployed. */
    static List<String> protocols(String list, Parts parts) throws CommandError {
        List<String> deployed = ordered(parts.names("protocol"));
        List<String> names = list.isEmpty() ? deployed : Arrays.stream(list.split(",", -1)).map(String::strip).toList();
        if (names.isEmpty()) {
            throw new CommandError("No protocol is deployed; part:list shows what is");
        }
        for (String name : names) {
            if (!deployed.contains(name)) {
                throw new CommandError("No protocol part '" + name + "' is deployed; " + Nearest.hint(name, deployed));
            }
        }
        return names;
    }

    /** The three of the thesis in its order, then all others. */
    public static List<String> ordered(List<String> protocols) {
        List<String> known = List.of("stop", "live", "thread");
        List<String> all = new ArrayList<>(known.stream().filter(protocols::contains).toList());
        protocols.stream().filter(p -> !known.contains(p)).forEach(all::add);
        return all;
    }

    static CheckpointRequest request(String machine, String protocol, Path image, Map<String, String> chosen, Optional<String> tracker,
            Optional<String> copier, Optional<String> layout, Optional<String> stop) {
        return CheckpointRequest.of(machine, image, protocol).withTracker(tracker.orElse(chosen.get("tracker"))).withCopier(copier.orElse(chosen.get("copier")))
                .withLayout(layout.orElse(chosen.get("layout"))).withStop(stop.orElse(chosen.get("stop")));
    }

    private CheckpointReport run(CommandSession session, CheckpointRequest request) throws CheckpointException, InterruptedException {
        CheckpointTask task = checkpoints.start(request);
        try (ProgressLine line = new ProgressLine(Screen.of(session), request.machine() + " " + request.protocol());
                Interruption _ = Interruption.of(session, () -> task.cancel("Ctrl-C"))) {
            return task.await(progress -> line.show(ProgressText.of(progress)));
        } catch (InterruptedException e) {
            task.cancel("the command was interrupted");
            throw e;
        }
    }

    static CheckpointRequest withOptions(CheckpointRequest request, List<String> options) throws CommandError {
        CheckpointRequest all = request;
        for (String option : options) {
            int equals = option.indexOf('=');
            if (equals < 1) {
                throw new CommandError("Option '" + option + "': write -o key=value, for example -o downtimeLimitMs=5");
            }
            all = all.withOption(option.substring(0, equals), option.substring(equals + 1));
        }
        return all;
    }

    /** One damaged image must not hide all others. */
    private ImageInfo describeEvenDamaged(Path path) throws IOException {
        try {
            return describe(path);
        } catch (CheckpointException e) {
            return ImageInfo.damaged(path, Files.size(path));
        }
    }

    private ImageInfo describe(Path path) throws CheckpointException, IOException {
        try (ImageReader reader = checkpoints.open(path)) {
            return new ImageInfo(path, Files.size(path), reader.pages(), reader.manifest(), reader.sections(),
                    reader.states().stream().map(s -> s.name() + " v" + s.version() + ", " + s.size() + " fields").toList());
        }
    }

    private List<String> asks(Path path) {
        try {
            return checkpoints.asks(path).stream().map(ImageAsk::toString).toList();
        } catch (CheckpointException e) {
            return List.of("cannot be said: " + e.getMessage());
        }
    }

    private String freeName(Path image) throws CheckpointException {
        try (ImageReader reader = checkpoints.open(image)) {
            String name = Optional.ofNullable(reader.manifest().get("machine.name")).orElse("restored");
            String free = name;
            for (int n = 2; machines.find(free).isPresent(); n++) {
                free = name + "-" + n;
            }
            return free;
        }
    }
}
