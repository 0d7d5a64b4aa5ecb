package tidemark.stop.rounds;

import java.util.List;
import java.util.function.Function;
import org.osgi.service.component.annotations.Component;
import tidemark.api.checkpoint.Option;
import tidemark.api.checkpoint.Progress;
import tidemark.api.checkpoint.StopCondition;

/** Stops after a fixed number of rounds, whatever the guest does. */
@Component(property = StopCondition.NAME + "=rounds")
public final class RoundsStop implements StopCondition {
    private static final Option LIMIT = new Option("rounds", "3", "rounds to copy while the guest runs");

    @Override
    public String description() {
        return "a fixed number of rounds was copied";
    }

    @Override
    public List<Option> options() {
        return List.of(LIMIT);
    }

    @Override
    public boolean reached(Progress progress, Function<String, String> option) {
        return progress.round() >= limit(option.apply(LIMIT.name()));
    }

    private static long limit(String text) {
        try {
            long limit = Long.parseLong(text.strip());
            if (limit >= 1) {
                return limit;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(refusal(text), e);
        }
        throw new IllegalArgumentException(refusal(text));
    }

    private static String refusal(String text) {
        return "Option " + LIMIT.name() + "=" + text + " of stop condition rounds: give a whole number of rounds, 1 or more";
    }
}
