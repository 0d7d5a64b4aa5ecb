package tidemark.protocol.thread;

import org.osgi.service.component.annotations.Component;
import tidemark.api.checkpoint.CheckpointException;
import tidemark.api.checkpoint.CheckpointProtocol;
import tidemark.api.checkpoint.CheckpointSession;
import tidemark.api.memory.PageSet;

/**
 * Thread-based live checkpointing: a thread copies round after round while the guest runs undisturbed; the guest stands for the last
 * pages only. V. Siripoon, Thread-based Live Checkpointing of Virtual Machines, M.Sc. thesis, Thammasat University, 2009.
 */
@Component(property = CheckpointProtocol.NAME + "=thread")
public final class ThreadBased implements CheckpointProtocol {
    @Override
    public String description() {
        return "a thread copies in rounds while the guest runs; pause; last pages and devices; resume; commit";
    }

    @Override
    public void take(CheckpointSession session) throws CheckpointException, InterruptedException {
        session.startLog();
        PageSet pending = session.allPages();
        do {
            session.copy(pending);
            pending = session.nextEpoch();
        } while (!session.converged(pending));
        session.stopAndCopy(pending);
    }
}
