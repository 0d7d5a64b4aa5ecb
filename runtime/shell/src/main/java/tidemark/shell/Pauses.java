package tidemark.shell;

import java.time.Duration;
import java.util.List;
import tidemark.api.machine.Machine.UsedPart;
import tidemark.api.shell.Table;
import tidemark.api.shell.Tabular;
import tidemark.api.shell.Units;

/** What the guest noticed of the exchanges of its parts. */
public record Pauses(List<UsedPart> parts) implements Tabular {
    /** Not RAM, which has to be copied. */
    private static final List<String> ENGINE_AND_DEVICES = List.of("cpu", "device");

    /** @param fraction of the pauses that are not longer; zero if there are none */
    static Duration quantile(List<Duration> pauses, double fraction) {
        return pauses.isEmpty() ? Duration.ZERO : pauses.stream().sorted().toList().get((int) Math.ceil(fraction * pauses.size()) - 1);
    }

    List<Duration> ofEngineAndDevices() {
        return parts.stream().filter(part -> ENGINE_AND_DEVICES.contains(part.kind())).flatMap(part -> part.pauses().stream()).toList();
    }

    @Override
    public Table table() {
        Table table = Table.withHead("part", "kind", "exchanges", "p50", "max");
        parts.forEach(part -> table.row(row(part.part(), part.kind(), part.pauses())));
        return table.row(row("engine and devices", "all", ofEngineAndDevices()));
    }

    private static Object[] row(String name, String kind, List<Duration> pauses) {
        return pauses.isEmpty() ? new Object[] {name, kind, 0, "-", "-"}
                : new Object[] {name, kind, pauses.size(), Units.time(quantile(pauses, 0.5)), Units.time(quantile(pauses, 1))};
    }
}
