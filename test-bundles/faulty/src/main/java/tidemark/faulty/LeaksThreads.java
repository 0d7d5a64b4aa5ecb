package tidemark.faulty;

import java.util.concurrent.locks.LockSupport;
import org.osgi.service.component.annotations.Component;
import tidemark.api.checkpoint.CheckpointException;
import tidemark.api.checkpoint.CheckpointProtocol;
import tidemark.api.checkpoint.CheckpointSession;

/** Leaves threads behind that never end, and one that goes on to use its session. */
@Component(property = CheckpointProtocol.NAME + "=leaks-threads")
public final class LeaksThreads implements CheckpointProtocol {
    private static final String NAME_OF_THREADS = "faulty-leaked";

    @Override
    public String description() {
        return "leaves threads behind";
    }

    @Override
    public void take(CheckpointSession session) throws CheckpointException, InterruptedException {
        session.startLog();
        session.copy(session.allPages());
        session.stopAndCopy(session.nextEpoch());
        leak(LockSupport::park);
        leak(() -> copyOn(session));
    }

    private static void leak(Runnable what) {
        Thread.ofPlatform().daemon().name(NAME_OF_THREADS).start(() -> {
            while (true) {
                what.run();
            }
        });
    }

    private static void copyOn(CheckpointSession session) {
        try {
            session.copy(session.allPages());
        } catch (CheckpointException | InterruptedException | RuntimeException e) {
            LockSupport.park();
        }
    }
}
