package tidemark.checkpoint;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.WeakHashMap;
import tidemark.api.checkpoint.CheckpointException;
import tidemark.api.checkpoint.CheckpointRequest;
import tidemark.api.machine.Machine;
import tidemark.api.machine.Nearest;
import tidemark.api.machine.Parts;

/** The parts that people have chosen for the checkpoints of machines. A choice goes with its machine. */
final class Choices {
    private final Parts parts;
    private final Map<Machine, Map<String, String>> chosen = new WeakHashMap<>();

    Choices(Parts parts) {
        this.parts = parts;
    }

    synchronized Map<String, String> of(Machine machine) {
        Map<String, String> all = new LinkedHashMap<>();
        CheckpointRequest.DEFAULTS.forEach(each -> all.put(each.getKey(), each.getValue()));
        all.putAll(chosen.getOrDefault(machine, Map.of()));
        return all;
    }

    synchronized void choose(Machine machine, String kind, String name) throws CheckpointException {
        if (CheckpointRequest.DEFAULTS.stream().noneMatch(each -> each.getKey().equals(kind))) {
            throw new CheckpointException("Checkpoints have no " + kind + "; they have "
                    + String.join(", ", CheckpointRequest.DEFAULTS.stream().map(Map.Entry::getKey).toList()));
        }
        if (!parts.names(kind).contains(name)) {
            throw new CheckpointException("No " + kind + " part '" + name + "' is deployed; " + Nearest.hint(name, parts.names(kind)));
        }
        chosen.computeIfAbsent(machine, key -> new LinkedHashMap<>()).put(kind, name);
    }
}
