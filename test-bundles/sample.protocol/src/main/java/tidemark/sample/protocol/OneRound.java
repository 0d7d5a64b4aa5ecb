package tidemark.sample.protocol;

import org.osgi.service.component.annotations.Component;
import tidemark.api.checkpoint.CheckpointException;
import tidemark.api.checkpoint.CheckpointProtocol;
import tidemark.api.checkpoint.CheckpointSession;

/** Copies all of RAM once while the guest runs, then stops it and copies what it wrote meanwhile. */
@Component(property = CheckpointProtocol.NAME + "=oneround")
public final class OneRound implements CheckpointProtocol {
    @Override
    public String description() {
        return "one round live, the rest paused";
    }

    @Override
    public void take(CheckpointSession session) throws CheckpointException, InterruptedException {
        session.startLog();
        session.copy(session.allPages());
        session.stopAndCopy(session.nextEpoch());
    }
}
