package tidemark.protocol.incremental;

import org.osgi.service.component.annotations.Component;
import tidemark.api.checkpoint.CheckpointException;
import tidemark.api.checkpoint.CheckpointProtocol;
import tidemark.api.checkpoint.CheckpointSession;
import tidemark.api.memory.PageSet;

/** Thread-based live checkpointing of what was written since the checkpoint before; the log stays on between the two. */
@Component(property = CheckpointProtocol.NAME + "=incremental")
public final class Incremental implements CheckpointProtocol {
    @Override
    public String description() {
        return "only what was written since the machine's image before, copied as thread does; the first is a whole image";
    }

    @Override
    public void take(CheckpointSession session) throws CheckpointException, InterruptedException {
        session.startLog();
        PageSet pending = session.sinceParent();
        while (!session.converged(pending)) {
            session.copy(pending);
            pending = session.nextEpoch();
        }
        session.stopAndCopy(pending);
    }
}
