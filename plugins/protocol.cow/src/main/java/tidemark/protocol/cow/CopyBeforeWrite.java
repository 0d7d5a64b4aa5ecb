package tidemark.protocol.cow;

import org.osgi.service.component.annotations.Component;
import tidemark.api.checkpoint.CheckpointException;
import tidemark.api.checkpoint.CheckpointProtocol;
import tidemark.api.checkpoint.CheckpointSession;

/**
 * Background snapshot: the image is the machine at the request. The guest stands for its devices only. Then whoever is about to write a page that
 * is not copied yet saves it first, while a thread copies the rest. QEMU's {@code background-snapshot} does the same by userfaultfd.
 */
@Component(property = CheckpointProtocol.NAME + "=cow")
public final class CopyBeforeWrite implements CheckpointProtocol {
    @Override
    public String description() {
        return "pause; devices; protect all pages; resume; copy: who writes a page first saves it; commit";
    }

    @Override
    public void take(CheckpointSession session) throws CheckpointException, InterruptedException {
        session.pause();
        session.saveDevices();
        session.protect();
        session.resume();
        session.copy(session.owed());
        session.commit();
    }
}
