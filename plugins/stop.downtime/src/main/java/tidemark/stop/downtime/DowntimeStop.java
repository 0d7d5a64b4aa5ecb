package tidemark.stop.downtime;

import java.time.Duration;
import java.util.List;
import java.util.function.ToLongFunction;
import org.osgi.service.component.annotations.Component;
import tidemark.api.checkpoint.Option;
import tidemark.api.checkpoint.Progress;
import tidemark.api.checkpoint.StopCondition;

/** Stops when the rest can be copied in the time for which the guest may stand: QEMU's criterion, |pending| / measured rate. */
@Component(property = StopCondition.NAME + "=downtime")
public final class DowntimeStop implements StopCondition {
    private static final Option LIMIT = new Option("downtimeLimitMs", 30, 0, "how long the guest may stand for the rest");

    @Override
    public String description() {
        return "the rest can be copied within a downtime limit";
    }

    @Override
    public List<Option> options() {
        return List.of(LIMIT);
    }

    @Override
    public boolean reached(Progress progress, ToLongFunction<String> option) {
        Duration limit = Duration.ofMillis(option.applyAsLong(LIMIT.name()));
        boolean rateKnown = progress.pagesPerSecond() > 0;
        return progress.pendingPages() == 0 || rateKnown && progress.expectedDowntime().compareTo(limit) <= 0;
    }
}
