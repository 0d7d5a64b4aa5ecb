package tidemark.stop.time;

import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.osgi.service.component.annotations.Component;
import tidemark.api.checkpoint.Option;
import tidemark.api.checkpoint.Progress;
import tidemark.api.checkpoint.StopCondition;

/** Stops when copying has taken a time: a bound for checkpoints that must end, whatever the guest does. */
@Component(property = StopCondition.NAME + "=time")
public final class TimeStop implements StopCondition {
    private static final Option LIMIT = new Option("copyTimeLimitMs", "10000",
            "how long to copy while the guest runs, in ms since the request");

    @Override
    public String description() {
        return "copying has taken a time limit";
    }

    @Override
    public List<Option> options() {
        return List.of(LIMIT);
    }

    @Override
    public boolean reached(Progress progress, Function<String, String> option) {
        Duration limit = Duration.ofMillis(limit(option.apply(LIMIT.name())));
        return progress.elapsed().compareTo(limit) >= 0;
    }

    private static long limit(String text) {
        try {
            long limit = Long.parseLong(text.strip());
            if (limit >= 0) {
                return limit;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(refusal(text), e);
        }
        throw new IllegalArgumentException(refusal(text));
    }

    private static String refusal(String text) {
        return "Option " + LIMIT.name() + "=" + text + " of stop condition time: give a whole number of milliseconds, 0 or more";
    }
}
