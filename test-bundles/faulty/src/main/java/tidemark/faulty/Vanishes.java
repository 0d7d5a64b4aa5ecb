package tidemark.faulty;

import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import tidemark.api.checkpoint.CheckpointException;
import tidemark.api.checkpoint.CheckpointProtocol;
import tidemark.api.checkpoint.CheckpointSession;

/** Stops its own bundle amid a checkpoint, from another thread, and goes on as if nothing were. */
@Component(property = CheckpointProtocol.NAME + "=vanishes")
public final class Vanishes implements CheckpointProtocol {
    private final BundleContext context;

    @Activate
    public Vanishes(BundleContext context) {
        this.context = context;
    }

    @Override
    public String description() {
        return "vanishes amid a checkpoint";
    }

    @Override
    public void take(CheckpointSession session) throws CheckpointException, InterruptedException {
        session.startLog();
        session.copy(session.allPages());
        Thread.ofPlatform().daemon().start(this::stop);
        while (true) {
            session.copy(session.nextEpoch());
        }
    }

    private void stop() {
        try {
            context.getBundle().stop();
        } catch (BundleException e) {
            throw new IllegalStateException(e);
        }
    }
}
