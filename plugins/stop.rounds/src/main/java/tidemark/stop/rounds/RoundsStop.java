package tidemark.stop.rounds;

import java.util.List;
import java.util.function.ToLongFunction;
import org.osgi.service.component.annotations.Component;
import tidemark.api.checkpoint.Option;
import tidemark.api.checkpoint.Progress;
import tidemark.api.checkpoint.StopCondition;

/** Stops after a fixed number of rounds, whatever the guest does. */
@Component(property = StopCondition.NAME + "=rounds")
public final class RoundsStop implements StopCondition {
    private static final Option LIMIT = new Option("rounds", 3, 1, "rounds to copy while the guest runs");

    @Override
    public String description() {
        return "a fixed number of rounds was copied";
    }

    @Override
    public List<Option> options() {
        return List.of(LIMIT);
    }

    @Override
    public boolean reached(Progress progress, ToLongFunction<String> option) {
        return progress.round() >= option.applyAsLong(LIMIT.name());
    }
}
