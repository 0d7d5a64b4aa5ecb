package tidemark.shell;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import tidemark.api.admission.Admission;
import tidemark.api.admission.Admission.Origin;
import tidemark.api.machine.Machine;
import tidemark.api.machine.Parts.PartInfo;
import tidemark.api.shell.Screen.Style;
import tidemark.api.shell.Table;
import tidemark.api.shell.Table.Cell;
import tidemark.api.shell.Tabular;
import tidemark.api.shell.Units;
import tidemark.api.state.State;
import tidemark.shell.why.Uses;
import tidemark.shell.why.Uses.Use;

/**
 * All that is known of a part.
 *
 * @param origin where its bundle's bytes came from
 * @param services the interfaces that it offers
 * @param properties of its service, without those of the framework and the one that names it
 * @param stateVersion of a device that is in use
 * @param uses a line each
 */
public record PartDetails(PartInfo part, String description, Optional<Origin> origin, List<String> services, Map<String, String> properties,
        List<OptionInfo> options,
        OptionalInt stateVersion, List<String> uses) implements Tabular, Command.Named {
    static PartDetails of(PartInfo part, Optional<ServiceReference<?>> reference, Admission admission, List<OptionInfo> options, Uses uses) {
        Optional<Bundle> bundle = reference.map(ServiceReference::getBundle);
        List<Use> inMachines = uses.inMachines(part.kind(), part.name());
        List<String> lines = new ArrayList<>(inMachines.stream().map(PartDetails::line).toList());
        uses.of(part.kind(), part.name()).stream().filter(use -> use.startsWith("a ")).forEach(lines::add);
        return new PartDetails(part, bundle.map(b -> b.getHeaders("").get(Constants.BUNDLE_DESCRIPTION)).orElse(""), bundle.flatMap(admission::origin),
                reference.map(r -> List.of((String[]) r.getProperty(Constants.OBJECTCLASS))).orElse(List.of()), reference.map(PartDetails::properties)
                        .orElse(Map.of()),
                options.stream().filter(option -> option.owner().equals(part.kind() + " " + part.name())).toList(), stateVersion(part, inMachines), lines);
    }

    private static String line(Use use) {
        String since = Units.time(Duration.between(use.part().since(), Instant.now()));
        return use.machine().name() + "." + use.part().part() + ", for " + since + ", exchange " + use.part().exchanges() + " of that place";
    }

    private static Map<String, String> properties(ServiceReference<?> reference) {
        Map<String, String> properties = new TreeMap<>();
        for (String key : reference.getPropertyKeys()) {
            if (!key.matches("(service|component|tidemark|osgi)\\..*|objectClass") || key.equals(Constants.SERVICE_RANKING)) {
                properties.put(key, String.valueOf(reference.getProperty(key)));
            }
        }
        return properties;
    }

    /** As the first machine that uses it saves it. */
    private static OptionalInt stateVersion(PartInfo part, List<Use> uses) {
        if (!part.kind().equals("device") && !part.kind().equals("firmware") || uses.isEmpty()) {
            return OptionalInt.empty();
        }
        Machine machine = uses.getFirst().machine();
        try {
            return machine.handshake(machine::saveState).result().stream().filter(state -> state.name().equals(uses.getFirst().part().part()))
                    .mapToInt(State::version).findFirst();
        } catch (Exception e) {
            // it has no state at this moment: it is going, or the machine is
            return OptionalInt.empty();
        }
    }

    /** The file that its bundle was loaded from, for {@code part:update}. */
    @Override
    public String reference() {
        return origin.map(from -> from.file().toString()).orElse(part.name());
    }

    @Override
    public Table table() {
        Table table = Table.ofProperties().row("part", new Cell(part.kind() + " " + part.name(), Style.BOLD)).row("bundle", part.bundle() + " "
                + part.version() + ", " + part.state());
        if (description != null && !description.isEmpty()) {
            table.row("description", description);
        }
        origin.ifPresent(from -> table.row("file", from.file() + (from.dropIn() ? ", dropped in" : "")).row("SHA-256", from.sha256()).row("loaded",
                from.since()));
        table.row("services", String.join(", ", services));
        properties.forEach((key, value) -> table.row("property", key + "=" + value));
        options.forEach(option -> table.row("option", option.option().name() + "=" + option.option().text(option.option().absent()) + " (" + option.option().allowed() + "): "
                + option.option().description()));
        stateVersion.ifPresent(version -> table.row("state", "version " + version));
        if (uses.isEmpty()) {
            table.row("used by", "nobody");
        }
        uses.forEach(use -> table.row("used by", use));
        return table;
    }
}
