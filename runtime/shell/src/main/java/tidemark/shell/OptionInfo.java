package tidemark.shell;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import tidemark.api.checkpoint.CheckpointProtocol;
import tidemark.api.checkpoint.Checkpoints;
import tidemark.api.checkpoint.CopyStrategy;
import tidemark.api.checkpoint.Option;
import tidemark.api.checkpoint.StopCondition;
import tidemark.api.machine.Parts;

/**
 * An option that checkpoints can be given.
 *
 * @param owner the part that declares it, or that it holds for every checkpoint
 */
public record OptionInfo(String owner, Option option) {
    /** Of the platform and of all deployed protocols, copy strategies and stop conditions; those of parts without options are left out. */
    static List<OptionInfo> all(Checkpoints checkpoints, Parts parts) {
        List<OptionInfo> all = new ArrayList<>(checkpoints.options().stream().map(o -> new OptionInfo("every checkpoint", o)).toList());
        add(all, parts, CheckpointProtocol.class, "protocol", CheckpointProtocol::options);
        add(all, parts, CopyStrategy.class, "copier", CopyStrategy::options);
        add(all, parts, StopCondition.class, "stop", StopCondition::options);
        return all;
    }

    private static <T> void add(List<OptionInfo> all, Parts parts, Class<T> type, String kind, Function<T, List<Option>> options) {
        for (String name : parts.names(kind)) {
            try (Parts.Use<T> use = parts.use(type, kind, name, () -> { })) {
                options.apply(use.part()).forEach(option -> all.add(new OptionInfo(kind + " " + name, option)));
            }
        }
    }
}
