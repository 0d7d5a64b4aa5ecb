package tidemark.contract.run;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import tidemark.api.checkpoint.Checkpoints;
import tidemark.api.machine.Machines;
import tidemark.api.machine.Nearest;
import tidemark.api.machine.Parts;
import tidemark.api.shell.CommandError;
import tidemark.api.shell.CommandGroup;
import tidemark.api.shell.Example;
import tidemark.api.shell.Interruption;
import tidemark.api.shell.Screen;
import tidemark.api.shell.Value;
import tidemark.contract.protocol.Platform;

/** Judges parts by the suites that the platform's own have to pass. */
@Component(service = CommandGroup.class)
public final class ContractCommands implements CommandGroup {
    private final Platform platform;

    @Activate
    public ContractCommands(BundleContext context, @Reference Machines machines, @Reference Parts parts, @Reference Checkpoints checkpoints) {
        this(new RunningPlatform(context, machines, parts, checkpoints));
    }

    ContractCommands(Platform platform) {
        this.platform = platform;
    }

    @Override
    public String scope() {
        return "contract";
    }

    @Override
    public String title() {
        return "Contracts: what parts promise";
    }

    @Descriptor("tries whether a part keeps all that parts of its kind promise, with machines of its own; Ctrl-C ends it; fails if a promise is broken, "
            + "or not decided since time ran out on a busy host")
    @Example({"contract:run my-protocol", "contract:run my-protocol --limit 10    # if it hangs",
        "contract:run my-protocol --only 'the store fails'", "contract:run stop --kind protocol",
        "contract:run rtc --option time=stopped    # a device whose answers must repeat"})
    public void run(CommandSession session, @Descriptor("name of the part") @Value("PROTOCOL|TRACKER|COPIER|LAYOUT|STOP|CPU|MEMORY|DEVICE|DISK") String name,
            @Descriptor("its kind, if several parts have this name") @Parameter(names = {"-k", "--kind"}, absentValue = "") @Value("KIND") String kind,
            @Descriptor("an option of a device, several times if needed") @Parameter(names = {"-o", "--option"}, absentValue = "")
            @Value("KEY=VALUE") List<String> options,
            @Descriptor("only promises with these words (contract:list)") @Parameter(names = "--only", absentValue = "") @Value("TEXT") String only,
            @Descriptor("within how many seconds each case must end") @Parameter(names = {"-l", "--limit"}, absentValue = "60")
            @Value("SECONDS") int limit) throws CommandError {
        String given = String.join("", options.stream().map(option -> "," + option).toList());
        Kind judged = kind(name, kind);
        Report report = new Report(Screen.of(session));
        try (Subject subject = new Subject(judged, name, given, Duration.ofSeconds(Math.max(1, limit)), platform);
                Interruption _ = Interruption.of(session, () -> subject.end("it was interrupted"))) {
            report.begin(subject);
            Examination.of(subject, subject.suites(), only, HostLoad::ofThisHost, report::trying, verdict -> report.show(subject, verdict));
            report.end(subject);
        }
    }

    @Descriptor("lists what parts promise")
    @Example({"contract:list", "contract:list tracker"})
    public void list(CommandSession session, @Descriptor("only this kind") @Value("[KIND]") String kind) throws CommandError {
        PrintStream out = session.getConsole();
        for (Kind any : kind.isEmpty() ? List.of(Kind.values()) : List.of(kind(kind))) {
            out.println(any);
            any.suites().stream().flatMap(suite -> Promises.of(suite).stream()).forEach(promise -> out.println("  " + promise));
        }
    }

    private static Kind kind(String name) throws CommandError {
        return Arrays.stream(Kind.values()).filter(kind -> kind.toString().equals(name)).findFirst().orElseThrow(() -> new CommandError(
                "There is no suite for parts of kind '" + name + "'; " + Nearest.hint(name, Arrays.stream(Kind.values()).map(Kind::toString).toList())));
    }

    private Kind kind(String name, String given) throws CommandError {
        List<Kind> kinds = (given.isEmpty() ? Arrays.stream(Kind.values()) : Stream.of(kind(given))).filter(kind -> names(kind).contains(name)).toList();
        if (kinds.size() > 1) {
            throw new CommandError("'" + name + "' is any of " + kinds + "; say which: --kind " + kinds.getFirst());
        }
        return Optional.of(kinds).filter(found -> !found.isEmpty()).map(List::getFirst).orElseThrow(() -> unknown(name, given));
    }

    private CommandError unknown(String name, String given) {
        List<String> all = Arrays.stream(Kind.values()).filter(kind -> given.isEmpty() || given.equals(kind.toString())).flatMap(kind -> names(kind).stream())
                .distinct().toList();
        return new CommandError("There is no part '" + name + "' that has a suite; " + Nearest.hint(name, all) + "; part:list shows all parts");
    }

    private List<String> names(Kind kind) {
        return platform.parts().names(kind.toString());
    }
}
