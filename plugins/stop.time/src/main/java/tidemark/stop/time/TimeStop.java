package tidemark.stop.time;

import java.time.Duration;
import java.util.List;
import java.util.function.ToLongFunction;
import org.osgi.service.component.annotations.Component;
import tidemark.api.checkpoint.Option;
import tidemark.api.checkpoint.Progress;
import tidemark.api.checkpoint.StopCondition;

/** Stops when copying has taken a time: a bound for checkpoints that must end, whatever the guest does. */
@Component(property = StopCondition.NAME + "=time")
public final class TimeStop implements StopCondition {
    private static final Option LIMIT = new Option("copyTimeLimitMs", 10_000, 0, "how long to copy while the guest runs, since the request");

    @Override
    public String description() {
        return "copying has taken a time limit";
    }

    @Override
    public List<Option> options() {
        return List.of(LIMIT);
    }

    @Override
    public boolean reached(Progress progress, ToLongFunction<String> option) {
        Duration limit = Duration.ofMillis(option.applyAsLong(LIMIT.name()));
        return progress.elapsed().compareTo(limit) >= 0;
    }
}
