package tidemark.shell;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.wiring.FrameworkWiring;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import tidemark.api.machine.Machine;
import tidemark.api.machine.Machines;
import tidemark.api.shell.CommandError;
import tidemark.api.shell.CommandGroup;
import tidemark.api.shell.Example;
import tidemark.api.shell.Value;

/** Stands before Felix's own {@code refresh}, which restarts whatever depends on a bundle without a word: also what machines live in. */
@Component(service = CommandGroup.class)
public final class FrameworkCommands implements CommandGroup {
    private final BundleContext context;
    private final Machines machines;

    @Activate
    public FrameworkCommands(BundleContext context, @Reference Machines machines) {
        this.context = context;
        this.machines = machines;
    }

    @Override
    public String scope() {
        return "felix";
    }

    @Override
    public String title() {
        return "The framework";
    }

    @Descriptor("restarts bundles and all that depend on them, so that they take new packages; asks if machines would end")
    @Example({"felix:refresh", "felix:refresh tidemark.tracker.card"})
    public void refresh(CommandSession session, @Descriptor("ids or symbolic names (all that wait for it)") @Value("[BUNDLE]") List<String> names,
            @Descriptor("does not ask") @Parameter(names = {"-y", "--yes"}, absentValue = "false", presentValue = "true") boolean yes) throws CommandError {
        FrameworkWiring wiring = context.getBundle(0).adapt(FrameworkWiring.class);
        List<Bundle> named = names.stream().flatMap(name -> Arrays.stream(context.getBundles()).filter(bundle -> isCalled(bundle, name))).toList();
        if (!names.isEmpty() && named.size() < names.size()) {
            throw new CommandError("There is no bundle of one of these names: " + String.join(", ", names) + "; felix:lb lists all");
        }
        Collection<Bundle> restarted = wiring.getDependencyClosure(names.isEmpty() ? wiring.getRemovalPendingBundles() : named);
        List<String> ending = machines.list().stream().map(Machine::name).toList();
        if (!yes && !ending.isEmpty() && restarted.contains(FrameworkUtil.getBundle(machines.getClass()))) {
            Question.require(session, "This restarts what machines live in: " + String.join(", ", ending) + " would be lost",
                    "write felix:refresh --yes if that is meant");
        }
        wiring.refreshBundles(names.isEmpty() ? null : named);
    }

    private static boolean isCalled(Bundle bundle, String name) {
        return name.equals(Long.toString(bundle.getBundleId())) || name.equals(bundle.getSymbolicName()) || ("tidemark." + name).equals(bundle.getSymbolicName());
    }
}
