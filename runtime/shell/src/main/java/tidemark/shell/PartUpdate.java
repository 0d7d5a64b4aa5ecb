package tidemark.shell;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import tidemark.api.machine.Machine;
import tidemark.api.machine.Machine.Power;
import tidemark.api.machine.Parts.PartInfo;
import tidemark.api.shell.Table;
import tidemark.api.shell.Tabular;
import tidemark.api.shell.Units;

/**
 * A bundle that was replaced.
 *
 * @param parts that it offers now
 * @param stood for how long each machine that ran stood meanwhile, whatever for
 */
public record PartUpdate(List<PartInfo> parts, Map<String, Duration> stood) implements Tabular {
    /** How long the running machines have stood so far. */
    static Map<Machine, Duration> before(List<Machine> machines) {
        return machines.stream().filter(machine -> machine.status().power() == Power.RUNNING)
                .collect(Collectors.toMap(Function.identity(), Machine::stood));
    }

    static PartUpdate of(List<PartInfo> parts, Map<Machine, Duration> before) {
        Map<String, Duration> stood = new TreeMap<>();
        before.forEach((machine, until) -> stood.put(machine.name(), machine.stood().minus(until)));
        return new PartUpdate(parts, stood);
    }

    @Override
    public Table table() {
        String guests = stood.isEmpty() ? "-"
                : String.join(", ", stood.entrySet().stream().map(each -> each.getKey() + " " + Units.time(each.getValue())).toList());
        Table table = Table.withHead("kind", "name", "bundle", "version", "guest stood");
        parts.forEach(part -> table.row(part.kind(), part.name(), part.bundle(), part.version(), guests));
        return table;
    }
}
