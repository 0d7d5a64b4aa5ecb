package tidemark.shell;

import java.time.Duration;
import java.util.Optional;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import tidemark.api.checkpoint.Checkpoints;
import tidemark.api.shell.CommandError;
import tidemark.api.shell.CommandGroup;
import tidemark.api.shell.Example;
import tidemark.api.shell.Interruption;
import tidemark.api.shell.ProgressLine;
import tidemark.api.shell.Screen;
import tidemark.api.shell.Units;
import tidemark.api.shell.Value;

/** Which pages a guest writes. */
@Component(service = CommandGroup.class)
public final class DirtyCommands implements CommandGroup {
    private static final Duration LEAST = Duration.ofMillis(1);

    private final Checkpoints checkpoints;

    @Activate
    public DirtyCommands(@Reference Checkpoints checkpoints) {
        this.checkpoints = checkpoints;
    }

    @Override
    public String scope() {
        return "dirty";
    }

    @Override
    public String title() {
        return "Checkpoints";
    }

    @Descriptor("watches how many pages a running guest writes, epoch after epoch: the rate, and how fast its working set grows; Ctrl-C ends it")
    @Example({"dirty:trace cg --every 100ms --for 2s", "dirty:trace cg --every 10ms --for 1s -t card"})
    public DirtyPages trace(CommandSession session, @Descriptor("name of the machine") @Value("MACHINE") String machine,
            @Descriptor("length of an epoch") @Parameter(names = {"-e", "--every"}, absentValue = "100ms") @Value("TIME") String every,
            @Descriptor("how long in all") @Parameter(names = {"-f", "--for"}, absentValue = "5s") @Value("TIME") String length,
            @Descriptor(Described.TRACKER)
            @Parameter(names = {"-t", "--tracker"}, absentValue = "") @Value("TRACKER") Optional<String> tracker) throws Exception {
        Duration epoch = Times.duration("dirty:trace: --every", every);
        Duration whole = Times.duration("dirty:trace: --for", length);
        if (epoch.compareTo(LEAST) < 0 || whole.compareTo(epoch) < 0) {
            throw new CommandError("dirty:trace: --every is 1ms at least, and --for not less than it");
        }
        String with = tracker.orElse(checkpoints.chosen(machine).get("tracker"));
        try (ProgressLine line = new ProgressLine(Screen.of(session), machine); Interruption _ = Interruption.ofThisThread(session)) {
            return new DirtyPages(checkpoints.traceDirtyPages(machine, with, epoch, whole, seen -> line.show(Units.time(seen.end()) + ", "
                    + Units.count(seen.written()) + " pages written, " + Units.count(seen.distinct()) + " distinct so far")));
        } finally {
            Thread.interrupted(); // Ctrl-C has ended the trace, not what comes after it
        }
    }
}
