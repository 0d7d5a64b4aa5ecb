package tidemark.stop.downtime;

import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.osgi.service.component.annotations.Component;
import tidemark.api.checkpoint.Option;
import tidemark.api.checkpoint.Progress;
import tidemark.api.checkpoint.StopCondition;

/** Stops when the rest can be copied in the time for which the guest may stand: QEMU's criterion, |pending| / measured rate. */
@Component(property = StopCondition.NAME + "=downtime")
public final class DowntimeStop implements StopCondition {
    private static final Option LIMIT = new Option("downtimeLimitMs", "30", "how long the guest may stand for the rest, in ms");

    @Override
    public String description() {
        return "the rest can be copied within a downtime limit";
    }

    @Override
    public List<Option> options() {
        return List.of(LIMIT);
    }

    @Override
    public boolean reached(Progress progress, Function<String, String> option) {
        Duration limit = Duration.ofMillis(limit(option.apply(LIMIT.name())));
        boolean rateKnown = progress.pagesPerSecond() > 0;
        return progress.pendingPages() == 0 || rateKnown && progress.expectedDowntime().compareTo(limit) <= 0;
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
        return "Option " + LIMIT.name() + "=" + text + " of stop condition downtime: give a whole number of milliseconds, 0 or more";
    }
}
