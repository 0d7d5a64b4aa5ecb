package tidemark.shell;

import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.felix.service.command.Descriptor;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import tidemark.api.admission.Admission;
import tidemark.api.checkpoint.CheckpointException;
import tidemark.api.checkpoint.Checkpoints;
import tidemark.api.machine.Machines;
import tidemark.api.machine.Parts;
import tidemark.api.machine.Parts.PartInfo;
import tidemark.api.shell.CommandError;
import tidemark.api.shell.CommandGroup;
import tidemark.api.shell.Example;
import tidemark.api.shell.Value;
import tidemark.shell.why.Uses;

/** One part: what it is, who uses it; and putting it to use. */
@Component(service = CommandGroup.class)
public final class PartInfoCommands implements CommandGroup {
    private final BundleContext context;
    private final Parts parts;
    private final Checkpoints checkpoints;
    private final Admission admission;
    private final Uses uses;
    private final Exchanges exchanges;

    @Activate
    public PartInfoCommands(BundleContext context, @Reference Parts parts, @Reference Machines machines, @Reference Checkpoints checkpoints,
            @Reference Admission admission) {
        this.context = context;
        this.parts = parts;
        this.checkpoints = checkpoints;
        this.admission = admission;
        uses = new Uses(machines, checkpoints);
        exchanges = new Exchanges(machines, checkpoints);
    }

    @Override
    public String scope() {
        return "part";
    }

    @Override
    public String title() {
        return PartCommands.TITLE;
    }

    @Descriptor("shows a part: its bundle, file and SHA-256, options, who uses it since when; a device in use tells its state's version at a handshake")
    @Example({"part:info card", "part:info protocol.live    # if several kinds have a part of that name", "part:info uart"})
    public PartDetails info(@Descriptor("name of the part, or KIND.NAME") @Value("NAME_OF_PART") String name) throws CommandError {
        List<PartInfo> found = parts.list().stream().filter(part -> name.equals(part.kind() + "." + part.name())).toList();
        if (found.isEmpty()) {
            found = parts.list().stream().filter(part -> part.name().equals(name)).toList();
        }
        List<String> kinds = List.copyOf(new TreeSet<>(found.stream().map(PartInfo::kind).toList()));
        if (kinds.size() > 1) {
            throw new CommandError("'" + name + "' is a part of several kinds: give " + String.join(" or ", kinds.stream().map(kind -> kind + "." + name)
                    .toList()));
        }
        if (found.isEmpty()) {
            throw new CommandError("There is no part '" + name + "'" + Near.hint(name, parts.list().stream().map(PartInfo::name).toList())
                    + " part:list shows all; part:why " + name + " says why one is not there");
        }
        PartInfo part = found.getFirst();
        return PartDetails.of(part, reference(part), admission, OptionInfo.all(checkpoints, parts), uses);
    }

    /** Of the service that is taken if several offer the part. */
    private Optional<ServiceReference<?>> reference(PartInfo part) {
        try {
            ServiceReference<?>[] all = context.getAllServiceReferences(null, "(tidemark." + part.kind() + "=" + part.name() + ")");
            return all == null ? Optional.empty() : Stream.<ServiceReference<?>>of(all).max((a, b) -> a.compareTo(b));
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    @Descriptor("takes parts into use, as vm:use: replaces those of a running machine, or chooses those of its next checkpoints; else lists them")
    @Example({"part:use m1 cpu=translator", "part:use m1 tracker=card copier=pool"})
    public List<?> use(@Descriptor("name of the machine") @Value("MACHINE") String machine,
            @Descriptor(VmCommands.EXCHANGED) @Value("[PART=NAME]") List<String> exchanged) throws CommandError, CheckpointException {
        return exchanges.make("part:use", machine, exchanged);
    }
}
