package tidemark.shell.why;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tidemark.api.checkpoint.CheckpointRequest;
import tidemark.api.checkpoint.CheckpointTask;
import tidemark.api.checkpoint.Checkpoints;
import tidemark.api.machine.Machine;
import tidemark.api.machine.Machine.UsedPart;
import tidemark.api.machine.Machines;

/** Who uses a part: machines, and checkpoints that are being taken. */
public final class Uses {
    private final Machines machines;
    private final Checkpoints checkpoints;

    public Uses(Machines machines, Checkpoints checkpoints) {
        this.machines = machines;
        this.checkpoints = checkpoints;
    }

    /** A machine's use of a part. */
    public record Use(Machine machine, UsedPart part) {}

    public List<Use> inMachines(String kind, String name) {
        return machines.list().stream().flatMap(machine -> machine.parts().stream().filter(part -> part.kind().equals(kind) && part.name().equals(name))
                .map(part -> new Use(machine, part))).toList();
    }

    /** In words, one for each. */
    public List<String> of(String kind, String name) {
        List<String> uses = new ArrayList<>(inMachines(kind, name).stream().map(use -> use.machine().name() + "." + use.part().part()).toList());
        machines.list().stream().flatMap(machine -> checkpoints.running(machine.name()).stream()).map(CheckpointTask::request)
                .filter(request -> name.equals(parts(request).get(kind))).forEach(request -> uses.add("a checkpoint of " + request.machine()));
        return uses;
    }

    private static Map<String, String> parts(CheckpointRequest request) {
        return Map.of("protocol", request.protocol(), "tracker", request.tracker(), "copier", request.copier(), "layout", request.layout(), "stop",
                request.stop());
    }

    /** A machine of that name, or one that has a part of that name, as in {@code m1.uart0} or {@code uart0}. */
    List<Use> slots(String name) {
        return machines.list().stream().flatMap(machine -> machine.parts().stream()
                .filter(part -> part.part().equals(name) || name.equals(machine.name() + "." + part.part())).map(part -> new Use(machine, part))).toList();
    }

    Optional<Machine> machine(String name) {
        return machines.find(name);
    }

    List<Machine> machines() {
        return machines.list();
    }
}
