package tidemark.shell;

import java.time.Duration;
import tidemark.api.machine.Machine;
import tidemark.api.machine.Machine.UsedPart;
import tidemark.api.machine.MachineException;
import tidemark.api.shell.CommandError;

/**
 * A part of a running machine that was replaced.
 *
 * @param pause last guest instruction before to first after; zero if the machine was not running
 */
public record Exchange(String part, String was, String now, Duration pause) {
    /** @param words {@code PART=NAME} */
    static Exchange of(Machine machine, String words) throws CommandError {
        int equals = words.indexOf('=');
        if (equals < 1 || equals == words.length() - 1) {
            throw new CommandError("vm:use: '" + words + "': write PART=NAME, for example cpu=interpreter; vm:use " + machine.name() + " lists its parts");
        }
        String part = words.substring(0, equals);
        String was = machine.parts().stream().filter(used -> used.part().equals(part)).map(UsedPart::name).findFirst().orElse("");
        boolean runs = machine.status().power() == Machine.Power.RUNNING;
        try {
            Duration pause = machine.use(part, words.substring(equals + 1)).downtime();
            return new Exchange(part, was, words.substring(equals + 1), runs ? pause : Duration.ZERO);
        } catch (MachineException e) {
            throw new CommandError("vm:use: " + e.getMessage(), e);
        }
    }
}
