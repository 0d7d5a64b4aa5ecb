package tidemark.archetype.protocol;

import java.util.List;
import org.osgi.service.component.annotations.Component;
import tidemark.api.checkpoint.CheckpointException;
import tidemark.api.checkpoint.CheckpointProtocol;
import tidemark.api.checkpoint.CheckpointSession;
import tidemark.api.checkpoint.Option;
import tidemark.api.memory.PageSet;

/** Copies in rounds while the guest runs, as long as each round leaves clearly less to copy than the one before; the guest stands for the rest. */
@Component(property = CheckpointProtocol.NAME + "=sample")
public final class SampleProtocol implements CheckpointProtocol {
    private static final Option SHRINK = new Option("shrinkPercent", 80, 1, 100, "another round if the last left at most this share of its pages to copy");

    @Override
    public String description() {
        return "rounds while they shrink; pause; last pages and devices; resume; commit";
    }

    @Override
    public List<Option> options() {
        return List.of(SHRINK);
    }

    @Override
    public void take(CheckpointSession session) throws CheckpointException, InterruptedException {
        session.startLog();
        PageSet pending = session.allPages();
        long copied;
        do {
            copied = pending.size();
            session.copy(pending);
            pending = session.nextEpoch();
        } while (pending.size() * 100 <= copied * session.option(SHRINK.name()) && !session.converged(pending));
        session.stopAndCopy(pending);
    }
}
