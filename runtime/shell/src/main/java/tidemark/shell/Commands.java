package tidemark.shell;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.Function;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import tidemark.api.shell.CommandGroup;

/** Tells Gogo of the commands of all groups that are there. */
@Component(service = Commands.class, immediate = true)
public final class Commands {
    /** Scope by scope: the platform's own in the order in which bare names are looked for, then others. */
    static final Comparator<Command> ORDER = Comparator.comparing((Command c) -> rank(c.scope())).thenComparing(Command::toString);
    private static final List<String> SCOPES = List.of("vm", "checkpoint", "disk", "part", "demo", "", "shell");

    private final BundleContext context;
    private final Map<Command, ServiceRegistration<Function>> registered = new ConcurrentHashMap<>();
    private final Map<CommandGroup, List<Command>> groups = new HashMap<>();

    @Activate
    public Commands(BundleContext context) {
        this.context = context;
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    synchronized void add(CommandGroup group) {
        List<Command> commands = Command.of(group);
        groups.put(group, commands);
        commands.forEach(command -> registered.put(command, context.registerService(Function.class, command, new Hashtable<>(
                Map.of(CommandProcessor.COMMAND_SCOPE, command.scope(), CommandProcessor.COMMAND_FUNCTION, command.name(),
                        Constants.SERVICE_RANKING, 1)))));
    }

    synchronized void remove(CommandGroup group) {
        groups.remove(group).forEach(command -> registered.remove(command).unregister());
    }

    private static int rank(String scope) {
        return SCOPES.indexOf(SCOPES.contains(scope) ? scope : "");
    }

    Collection<Command> all() {
        return registered.keySet().stream().sorted(Comparator.comparing(Command::toString)).toList();
    }

    /** @param name with or without scope */
    Optional<Command> find(String name) {
        return all().stream().filter(c -> c.toString().equals(name)).findFirst()
                .or(() -> all().stream().filter(c -> c.name().equals(name)).min(ORDER));
    }
}
