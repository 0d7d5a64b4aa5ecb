package tidemark.shell.demo;

import static tidemark.api.shell.Units.time;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tidemark.api.checkpoint.CheckpointException;
import tidemark.api.checkpoint.CheckpointReport;
import tidemark.api.checkpoint.CheckpointRequest;
import tidemark.api.checkpoint.Checkpoints;
import tidemark.api.checkpoint.Checkpoints.RestoreReport;
import tidemark.api.checkpoint.Checkpoints.Verdict;
import tidemark.api.checkpoint.RestoreGrants;
import tidemark.api.machine.GuestPart.Guest;
import tidemark.api.machine.Machine;
import tidemark.api.machine.MachineSpec;
import tidemark.api.machine.Machines;
import tidemark.api.shell.ProgressLine;
import tidemark.api.shell.Screen;
import tidemark.report.Host;
import tidemark.shell.ProgressText;
import tidemark.shell.demo.DemoReport.Row;

/**
 * The main job: checkpoints a computing guest with every protocol while it runs, proves each image, and runs each restored machine to the
 * end of the computation.
 */
public final class Demo {
    private static final Duration RUN_LIMIT = Duration.ofHours(6);
    private static final int ATTEMPTS = 3;
    private static final int RESTORED_AT_ONCE = 2;

    private final Machines machines;
    private final Checkpoints checkpoints;
    private final Guest guest;
    private final Settings settings;
    private final Screen screen;
    private final List<String> made = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();
    private Machine machine;
    private GuestRun run;
    private String verification = "";

    /**
     * @param protocols in the order in which they are to be used
     * @param folder for the images; it exists
     */
    public record Settings(int ramMiB, List<String> protocols, Path folder, boolean keepImages) {}

    public Demo(Machines machines, Checkpoints checkpoints, Guest guest, Settings settings, Screen screen) {
        this.machines = machines;
        this.checkpoints = checkpoints;
        this.guest = guest;
        this.settings = settings;
        this.screen = screen;
    }

    /** The guest ended before a protocol had saved it, as often as it was tried. */
    public static final class GuestTooShort extends CheckpointException {
        private static final long serialVersionUID = 1;

        private GuestTooShort(String guest, Throwable cause) {
            super("The guest " + guest + " ended before it was saved, " + ATTEMPTS + " times. Take one that computes longer, for example "
                    + "--guest sp.A or cg.B", cause);
        }
    }

    public DemoReport run() throws CheckpointException, InterruptedException {
        Map<String, CheckpointReport> reports = new LinkedHashMap<>();
        try {
            say("Guest " + guest.name() + " with " + settings.ramMiB + " MiB RAM; one checkpoint each with "
                    + String.join(", ", settings.protocols) + " while it computes");
            machine = create();
            startRun();
            warmUp();
            for (int i = 0; i < settings.protocols.size(); i++) {
                takeWith(settings.protocols.get(i), settings.protocols.size() - i, reports);
            }
            finishRun();
            say("the guest that was checkpointed ran to its end: " + word(verification));
            machines.destroy(machine.name());
            made.remove(machine.name());
            List<Row> rows = prove(reports);
            return new DemoReport(new DemoReport.Guest(guest.name(), guest.description(), verification), settings.ramMiB,
                    Host.ofThisProcess(), rows, List.copyOf(failures), settings.folder);
        } finally {
            cleanUp();
        }
    }

    private Machine create() {
        Map<String, String> properties = new TreeMap<>(Map.of("name", freeName("demo"), "guest", guest.name(), "ram",
                Integer.toString(settings.ramMiB)));
        Machine created = machines.create(MachineSpec.of(properties));
        made.add(created.name());
        return created;
    }

    private void startRun() throws InterruptedException {
        run = GuestRun.start(machine, guest);
        run.awaitInitialised();
    }

    private void finishRun() throws InterruptedException {
        String word = run.finish(RUN_LIMIT);
        if (!word.equals(DemoReport.SUCCESSFUL)) {
            failures.add("The guest's own verification of a run that was checkpointed: " + word(word));
        }
        verification = failures.isEmpty() || verification.isEmpty() ? word : verification;
    }

    private void warmUp() throws CheckpointException, InterruptedException {
        long begin = System.nanoTime();
        CheckpointRequest request = request("warm-up", settings.protocols.getLast());
        take(request);
        checkpoints.verify(request.image(), RestoreGrants.NONE);
        checkpoints.delete(request.image());
        say("warm-up checkpoint and restore, by which the JVM compiles what copies; they are in no table (" + time(since(begin)) + ")");
    }

    private void takeWith(String protocol, int remaining, Map<String, CheckpointReport> reports)
            throws GuestTooShort, InterruptedException {
        try {
            run.awaitNextOf(remaining);
            CheckpointReport report = take(request(protocol, protocol));
            reports.put(protocol, report);
            say(String.format("%-8s latency %s, the guest stood for %s in %d pauses", protocol, time(report.latency()),
                    time(report.downtimeTotal()), report.pauses().size()));
        } catch (GuestTooShort e) {
            throw e;
        } catch (CheckpointException e) {
            failures.add("Checkpoint with protocol " + protocol + ": " + e.getMessage());
        }
    }

    /** The place of a new image with the oracle's file beside it; what a former demo left there goes. */
    private CheckpointRequest request(String name, String protocol) throws CheckpointException {
        Path image = settings.folder.resolve(guest.name() + "-" + name + ".tdm");
        if (Files.exists(image)) {
            checkpoints.delete(image);
        }
        return CheckpointRequest.of(machine.name(), image, protocol).withOracle(true);
    }

    /** Takes a checkpoint of the running guest; of a new run of it if the guest ended before. */
    private CheckpointReport take(CheckpointRequest request) throws CheckpointException, InterruptedException {
        for (int attempt = 1;; attempt++) {
            if (run.isOver()) {
                finishRun();
                startRun();
            }
            try (ProgressLine line = new ProgressLine(screen, request.protocol())) {
                return checkpoints.start(request).await(progress -> line.show(ProgressText.of(progress)));
            } catch (CheckpointException e) {
                if (!run.isOver()) {
                    throw e;
                }
                if (attempt == ATTEMPTS) {
                    throw new GuestTooShort(guest.name(), e);
                }
            }
        }
    }

    /** Verifies and restores all images, {@link #RESTORED_AT_ONCE} at a time. */
    private List<Row> prove(Map<String, CheckpointReport> reports) throws InterruptedException {
        List<Row> rows = new ArrayList<>();
        List<CheckpointReport> left = new ArrayList<>(reports.values());
        while (!left.isEmpty()) {
            List<CheckpointReport> some = left.subList(0, Math.min(RESTORED_AT_ONCE, left.size()));
            List<Restored> restored = new ArrayList<>();
            for (CheckpointReport report : some) {
                restored.add(restore(report, isVerified(report.request().image())));
            }
            restored.forEach(Restored::start);
            for (Restored one : restored) {
                rows.add(finish(one));
            }
            some.clear();
        }
        return rows;
    }

    private boolean isVerified(Path image) {
        try {
            Verdict verdict = checkpoints.verify(image, RestoreGrants.NONE);
            if (!verdict.equal()) {
                failures.add("Image " + image + " differs from the machine that was saved: " + verdict.pagesDiffering() + " pages "
                        + verdict.differingPages() + ", states " + verdict.differingStates());
            }
            return verdict.equal();
        } catch (CheckpointException e) {
            failures.add("Not verified: " + e.getMessage());
            return false;
        }
    }

    private Restored restore(CheckpointReport report, boolean verified) {
        try {
            RestoreReport restored = checkpoints.restore(report.request().image(), freeName("demo-" + report.request().protocol()), RestoreGrants.NONE);
            made.add(restored.machine().name());
            return new Restored(report, verified, Duration.ofNanos(restored.restoreNanos()), restored.machine(),
                    GuestRun.of(restored.machine(), guest));
        } catch (CheckpointException e) {
            failures.add("Not restored: " + e.getMessage());
            return new Restored(report, verified, Duration.ZERO, null, null);
        }
    }

    private Row finish(Restored restored) throws InterruptedException {
        String protocol = restored.report.request().protocol();
        if (restored.run == null) {
            return new Row(restored.report, restored.restore, restored.verified, "not restored");
        }
        String word = restored.run.finish(RUN_LIMIT);
        machines.destroy(restored.machine.name());
        made.remove(restored.machine.name());
        if (!word.equals(DemoReport.SUCCESSFUL)) {
            failures.add("The guest's own verification after its restore from the checkpoint with protocol " + protocol + ": "
                    + word(word));
        }
        say(String.format("%-8s image %s, restored in %s, ran to its end: %s", protocol, restored.verified
                ? "equal to the machine in every page and state" : "NOT VERIFIED", time(restored.restore), word(word)));
        return new Row(restored.report, restored.restore, restored.verified, word);
    }

    private void cleanUp() throws CheckpointException {
        made.forEach(machines::destroy);
        if (!settings.keepImages) {
            for (Path image : checkpoints.list(settings.folder)) {
                if (image.getFileName().toString().startsWith(guest.name() + "-")) {
                    checkpoints.delete(image);
                }
            }
        }
    }

    private String freeName(String name) {
        String free = name;
        for (int n = 2; machines.find(free).isPresent(); n++) {
            free = name + "-" + n;
        }
        return free;
    }

    private void say(String text) {
        screen.out().println(text);
    }

    private static String word(String verification) {
        return verification.isEmpty() ? "no verification was printed" : verification;
    }

    private static Duration since(long begin) {
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    /** @param machine null, as is {@code run}, if the restore failed */
    private record Restored(CheckpointReport report, boolean verified, Duration restore, Machine machine, GuestRun run) {
        void start() {
            if (machine != null) {
                machine.start();
            }
        }
    }
}
