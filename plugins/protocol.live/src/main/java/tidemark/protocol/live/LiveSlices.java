package tidemark.protocol.live;

import java.time.Duration;
import java.util.List;
import org.osgi.service.component.annotations.Component;
import tidemark.api.checkpoint.CheckpointException;
import tidemark.api.checkpoint.CheckpointProtocol;
import tidemark.api.checkpoint.CheckpointSession;
import tidemark.api.checkpoint.Option;
import tidemark.api.memory.PageSet;

/**
 * Live checkpointing as KVM had it ({@code migrate "exec:..."}): the machine's own thread copies, in slices at a limited rate, and runs the
 * guest between them.
 */
@Component(property = CheckpointProtocol.NAME + "=live")
public final class LiveSlices implements CheckpointProtocol {
    @Override
    public String description() {
        return "the hart's thread copies in slices at a limited rate; pause; last pages and devices; resume; commit";
    }

    @Override
    public List<Option> options() {
        return List.of(new Option("bandwidthLimitMiBps", 32, 1, "MiB per second that slices write to the image at most"),
                new Option("tickMs", 100, 1, "time between the beginnings of slices"),
                new Option("sliceLimitMs", 20, 1, "how long a slice may keep the guest"));
    }

    @Override
    public void take(CheckpointSession session) throws CheckpointException, InterruptedException {
        Duration tick = Duration.ofMillis(session.option("tickMs"));
        Duration sliceLimit = Duration.ofMillis(session.option("sliceLimitMs"));
        long sliceBytes = (session.option("bandwidthLimitMiBps") << 20) * tick.toMillis() / 1000;

        session.startLog();
        PageSet pending = session.allPages();
        do {
            PageSet round = pending;
            session.everyTick(tick, () -> {
                session.copySlice(round, sliceBytes, sliceLimit);
                return !round.isEmpty();
            });
            pending = session.nextEpoch();
        } while (!session.converged(pending));
        session.stopAndCopy(pending);
    }
}
