package tidemark.shell;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import tidemark.api.checkpoint.CheckpointException;
import tidemark.api.checkpoint.Checkpoints;
import tidemark.api.machine.Machine;
import tidemark.api.machine.Machine.UsedPart;
import tidemark.api.machine.MachineException;
import tidemark.api.machine.Machines;
import tidemark.api.machine.Nearest;
import tidemark.api.shell.CommandError;

/** Replaces what a machine is made of, and chooses what its checkpoints are taken with. */
final class Exchanges {
    private final Machines machines;
    private final Checkpoints checkpoints;

    Exchanges(Machines machines, Checkpoints checkpoints) {
        this.machines = machines;
        this.checkpoints = checkpoints;
    }

    /**
     * @param words {@code PART=NAME} each, in this order; none lists what there is
     * @return {@link Exchange}s, or what is in use
     */
    List<?> make(String command, String machine, List<String> words) throws CommandError, CheckpointException {
        if (words.isEmpty()) {
            return all(machine);
        }
        List<Exchange> done = new ArrayList<>();
        for (String each : words) {
            done.add(make(command, machines.get(machine), each));
        }
        return done;
    }

    List<InUse> all(String name) throws CheckpointException {
        return Stream.concat(machines.get(name).parts().stream().map(InUse::of),
                checkpoints.chosen(name).entrySet().stream().map(chosen -> new InUse(chosen.getKey(), chosen.getKey(), chosen.getValue(), -1))).toList();
    }

    private Exchange make(String command, Machine machine, String words) throws CommandError, CheckpointException {
        int equals = words.indexOf('=');
        if (equals < 1 || equals == words.length() - 1) {
            throw new CommandError(command + ": '" + words + "': write PART=NAME, for example cpu=interpreter; " + command + " " + machine.name()
                    + " lists its parts");
        }
        String part = words.substring(0, equals);
        String name = words.substring(equals + 1);
        Map<String, String> chosen = checkpoints.chosen(machine.name());
        List<UsedPart> own = machine.parts();
        Optional<UsedPart> former = own.stream().filter(used -> used.part().equals(part)).findFirst();
        if (former.isPresent()) {
            return exchange(command, machine, former.get(), name);
        }
        if (!chosen.containsKey(part)) {
            throw new CommandError(command + ": machine " + machine.name() + " has no part '" + part + "'; "
                    + Nearest.hint(part, Stream.concat(own.stream().map(UsedPart::part), chosen.keySet().stream()).toList()));
        }
        checkpoints.choose(machine.name(), part, name);
        return new Exchange(part, chosen.get(part), name, Duration.ZERO);
    }

    private static Exchange exchange(String command, Machine machine, UsedPart former, String name) throws CommandError {
        boolean runs = machine.status().power() == Machine.Power.RUNNING;
        try {
            Duration pause = machine.use(former.part(), name).downtime();
            return new Exchange(former.part(), former.name(), name, runs ? pause : Duration.ZERO);
        } catch (MachineException e) {
            throw new CommandError(command + ": " + e.getMessage(), e);
        }
    }
}
