package tidemark.protocol.stop;

import org.osgi.service.component.annotations.Component;
import tidemark.api.checkpoint.CheckpointException;
import tidemark.api.checkpoint.CheckpointProtocol;
import tidemark.api.checkpoint.CheckpointSession;

/** The normal checkpoint: the guest stands until the image is durable. */
@Component(property = CheckpointProtocol.NAME + "=stop")
public final class StopAndCopy implements CheckpointProtocol {
    @Override
    public String description() {
        return "pause; copy all pages; save devices; commit; resume";
    }

    @Override
    public void take(CheckpointSession session) throws CheckpointException, InterruptedException {
        session.pause();
        session.copy(session.allPages());
        session.saveDevices();
        session.commit();
        session.resume();
    }
}
