package tidemark.shell;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.felix.service.command.CommandSession;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.dto.ServiceReferenceDTO;
import org.osgi.framework.wiring.BundleWire;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ReferenceDTO;
import org.osgi.service.component.runtime.dto.SatisfiedReferenceDTO;
import tidemark.api.machine.Machine;
import tidemark.api.machine.Machines;
import tidemark.api.shell.CommandError;

/** The machines that end when bundles stop. Parts can be without a bundle, machines stand then; what machines live in cannot. */
final class Endangered {
    private static final String EXTENDER = "osgi.extender";

    private final BundleContext context;
    private final Machines machines;
    private final ServiceComponentRuntime runtime;

    Endangered(BundleContext context, Machines machines, ServiceComponentRuntime runtime) {
        this.context = context;
        this.machines = machines;
        this.runtime = runtime;
    }

    /**
     * Asks if machines would end.
     *
     * @param yes does not ask
     * @param command what was typed, to which {@code --yes} can be added
     */
    void ask(CommandSession session, Collection<Bundle> stopped, boolean yes, String command) throws CommandError {
        List<String> ending = machines.list().stream().map(Machine::name).toList();
        if (!yes && !ending.isEmpty() && stopped.stream().anyMatch(habitat()::contains)) {
            Question.require(session, "This stops what machines live in: " + String.join(", ", ending) + " would be lost",
                    "write " + command + " --yes if that is meant");
        }
    }

    /** The framework, the bundle of machines, and whatever these need without fail. */
    private Set<Bundle> habitat() {
        Set<Bundle> all = new HashSet<>(List.of(context.getBundle(0)));
        Deque<Bundle> open = new ArrayDeque<>();
        Stream.ofNullable(FrameworkUtil.getBundle(machines.getClass())).forEach(open::add);
        while (!open.isEmpty()) {
            Bundle bundle = open.remove();
            if (all.add(bundle)) {
                Stream.concat(extenders(bundle), suppliers(bundle)).forEach(open::add);
            }
        }
        return all;
    }

    private static Stream<Bundle> extenders(Bundle bundle) {
        BundleWiring wiring = bundle.adapt(BundleWiring.class);
        List<BundleWire> wires = wiring == null ? List.of() : wiring.getRequiredWires(EXTENDER);
        return wires.stream().map(wire -> wire.getProvider().getBundle());
    }

    /** Whose services its components cannot do without. A component that offers no service may go: nobody lives in it. */
    private Stream<Bundle> suppliers(Bundle bundle) {
        return runtime.getComponentDescriptionDTOs(bundle).stream().filter(component -> component.serviceInterfaces.length > 0)
                .flatMap(component -> runtime.getComponentConfigurationDTOs(component).stream()).flatMap(this::suppliers);
    }

    private Stream<Bundle> suppliers(ComponentConfigurationDTO component) {
        Set<String> needed = new HashSet<>(Arrays.stream(component.description.references).filter(Endangered::isNeeded).map(reference -> reference.name).toList());
        return Arrays.stream(component.satisfiedReferences).filter((SatisfiedReferenceDTO reference) -> needed.contains(reference.name))
                .flatMap(reference -> Arrays.stream(reference.boundServices)).map((ServiceReferenceDTO service) -> context.getBundle(service.bundle))
                .filter(Objects::nonNull);
    }

    private static boolean isNeeded(ReferenceDTO reference) {
        return reference.cardinality.startsWith("1");
    }
}
