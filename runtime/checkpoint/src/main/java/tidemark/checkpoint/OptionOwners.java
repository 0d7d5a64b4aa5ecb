package tidemark.checkpoint;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import tidemark.api.checkpoint.CheckpointProtocol;
import tidemark.api.checkpoint.CopyStrategy;
import tidemark.api.checkpoint.Option;
import tidemark.api.checkpoint.StopCondition;
import tidemark.api.machine.MachineException;
import tidemark.api.machine.Parts;

/** Which deployed parts declare an option. */
final class OptionOwners {
    private OptionOwners() {}

    /** In words, with what chooses each. */
    static List<String> of(Parts parts, String option) {
        List<String> owners = new ArrayList<>();
        add(owners, parts, option, CheckpointProtocol.class, "protocol", "protocol", CheckpointProtocol::options);
        add(owners, parts, option, CopyStrategy.class, "copier", "copier", CopyStrategy::options);
        add(owners, parts, option, StopCondition.class, "stop", "stop condition", StopCondition::options);
        return owners;
    }

    private static <T> void add(List<String> owners, Parts parts, String option, Class<T> type, String kind, String label, Function<T, List<Option>> options) {
        for (String name : parts.names(kind)) {
            try (Parts.Use<T> use = parts.use(type, kind, name, () -> { })) {
                if (options.apply(use.part()).stream().anyMatch(each -> each.name().equals(option))) {
                    owners.add(label + " '" + name + "' (--" + kind + " " + name + ")");
                }
            } catch (MachineException e) {
                // it went meanwhile
                continue;
            }
        }
    }
}
