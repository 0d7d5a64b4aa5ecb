package tidemark.protocol.onesave;

import org.osgi.service.component.annotations.Component;
import tidemark.api.checkpoint.CheckpointException;
import tidemark.api.checkpoint.CheckpointProtocol;
import tidemark.api.checkpoint.CheckpointSession;

/**
 * Thread-based live checkpointing in one pass: a thread copies all pages once while the guest runs; the guest stands for those written
 * meanwhile. The simplest protocol of Siripoonya and Chanchio, Thread-based Live Checkpointing of Virtual Machines, IEEE NCA 2011.
 */
@Component(property = CheckpointProtocol.NAME + "=one-save")
public final class OneSave implements CheckpointProtocol {
    @Override
    public String description() {
        return "a thread copies all pages once while the guest runs; pause; pages written since and devices; resume; commit";
    }

    @Override
    public void take(CheckpointSession session) throws CheckpointException, InterruptedException {
        session.startLog();
        session.copy(session.allPages());
        session.stopAndCopy(session.nextEpoch());
    }
}
