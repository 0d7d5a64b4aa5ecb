package tidemark.shell;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import tidemark.api.admission.Admission;
import tidemark.api.admission.AdmissionException;
import tidemark.api.machine.Machine;
import tidemark.api.machine.Machines;
import tidemark.api.machine.Parts;
import tidemark.api.machine.Parts.PartInfo;
import tidemark.api.shell.CommandError;
import tidemark.api.shell.CommandGroup;
import tidemark.api.shell.Example;
import tidemark.api.shell.Value;

/** The bundles that machines and checkpoints are made of. */
@Component(service = CommandGroup.class)
public final class PartCommands implements CommandGroup {
    static final String TITLE = "Parts: the bundles that machines and checkpoints are made of";
    private static final long APPEARS_WITHIN_MS = 2000;
    private final Parts parts;
    private final Admission admission;
    private final Machines machines;
    private final Bundles bundles;
    private final Endangered endangered;

    @Activate
    public PartCommands(BundleContext context, @Reference Parts parts, @Reference Admission admission, @Reference Machines machines,
            @Reference ServiceComponentRuntime runtime) {
        endangered = new Endangered(context, machines, runtime);
        this.parts = parts;
        this.machines = machines;
        this.admission = admission;
        bundles = new Bundles(context, parts);
    }

    @Override
    public String scope() {
        return "part";
    }

    @Override
    public String title() {
        return TITLE;
    }

    @Descriptor("lists the parts that are deployed, their bundles and how many use them")
    @Example({"part:list", "part:list protocol"})
    public List<PartInfo> list(@Descriptor("only this kind: cpu, memory, firmware, device, disk, network, tracker, copier, stop, protocol, layout, guest")
            @Value("[KIND]") String kind)
            throws CommandError {
        List<String> kinds = parts.list().stream().map(PartInfo::kind).distinct().toList();
        if (!kind.isEmpty() && !kinds.contains(kind)) {
            throw new CommandError("There is no part of kind '" + kind + "'" + Near.hint(kind, kinds) + " Deployed are "
                    + String.join(", ", kinds));
        }
        return parts.list().stream().filter(part -> kind.isEmpty() || part.kind().equals(kind)).toList();
    }

    @Descriptor("installs and starts a bundle, until the platform ends; for good: copy it into plugins/ of the platform's home")
    @Example("part:install target/protocol.mine-0.1.0-SNAPSHOT.jar")
    public List<PartInfo> install(CommandSession session, @Descriptor("the bundle's jar") @Value("FILE") String file)
            throws CommandError, InterruptedException {
        try {
            return partsOf(admission.install(session.currentDir().resolve(file)));
        } catch (AdmissionException e) {
            throw new CommandError(e.getMessage(), e);
        }
    }

    @Descriptor("replaces a bundle by another version of it; machines that use its parts stand until they are back, and get the former ones back if that fails")
    @Example({"part:update protocol.mine target/protocol.mine-0.1.1.jar",
    "part:update tracker.card tracker.card.jar    # the prefix tidemark. may be left out",
    "part:update card (part:info card)    # the same file again: a fresh one"})
    public PartUpdate update(CommandSession session, @Descriptor("symbolic name of the bundle, or name of a part")
            @Value("PART") String name,
            @Descriptor("the new jar") @Value("FILE") String file,
            @Descriptor("does not ask if machines would end") @Parameter(names = {"-y", "--yes"}, absentValue = "false", presentValue = "true") boolean yes)
            throws CommandError, InterruptedException {
        Bundle bundle = bundles.get(name);
        endangered.ask(session, List.of(bundle), yes, "part:update " + name + " " + file);
        try {
            Map<Machine, Duration> before = PartUpdate.before(machines.list());
            admission.update(bundle, session.currentDir().resolve(file));
            return PartUpdate.of(partsOf(bundle), before);
        } catch (AdmissionException e) {
            throw new CommandError(e.getMessage(), e);
        }
    }

    @Descriptor("uninstalls a bundle; machines that use its parts stand until a replacement is there; asks if machines would end")
    @Example("part:remove protocol.mine")
    public void remove(CommandSession session, @Descriptor("symbolic name of the bundle, or name of a part") @Value("PART") String name,
            @Descriptor("does not ask") @Parameter(names = {"-y", "--yes"}, absentValue = "false", presentValue = "true") boolean yes) throws CommandError {
        Bundle bundle = bundles.get(name);
        endangered.ask(session, List.of(bundle), yes, "part:remove " + name);
        try {
            bundle.uninstall();
        } catch (BundleException e) {
            throw new CommandError("Cannot uninstall " + name + ": " + e.getMessage(), e);
        }
    }

    /** Its parts, which come some time after its start. */
    private List<PartInfo> partsOf(Bundle bundle) throws CommandError, InterruptedException {
        long end = System.nanoTime() + APPEARS_WITHIN_MS * 1_000_000;
        while (System.nanoTime() < end) {
            List<PartInfo> found = parts.list().stream().filter(part -> part.bundle().equals(bundle.getSymbolicName())).toList();
            if (!found.isEmpty()) {
                return found;
            }
            Thread.sleep(20);
        }
        throw new CommandError("Bundle " + bundle.getSymbolicName() + " " + bundle.getVersion()
                + " is started but offers no part: part:why " + Bundles.shortName(bundle) + " says why; part:remove " + Bundles.shortName(bundle)
                        + " removes it");
    }
}
