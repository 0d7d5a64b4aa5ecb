package tidemark.checkpoint;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.api.machine.Handshake;
import tidemark.api.machine.Machine;
import tidemark.api.machine.MachineException;

/**
 * Slows a guest down that writes pages faster than they are copied, as QEMU's auto-converge does: of each period it stands for a share, which grows from
 * round to round. That is downtime, and is measured as such. Used by one thread, and ends of itself if the machine goes.
 */
final class Throttle {
    private static final Logger LOG = LoggerFactory.getLogger(Throttle.class);
    private static final long PERIOD_MS = 50;
    private static final int FIRST_PERCENT = 20;
    private static final int STEP_PERCENT = 10;
    private static final int MOST_PERCENT = 90;

    private final Machine machine;
    private final Meter meter;
    private final CountDownLatch end = new CountDownLatch(1);
    private final ThreadTimes threads;
    /** Null until the guest is slowed down. */
    private Thread thread;
    private volatile int percent;

    Throttle(Machine machine, Meter meter, ThreadTimes threads) {
        this.machine = machine;
        this.meter = meter;
        this.threads = threads;
    }

    /** From now on the guest stands for a larger share. */
    void raise() {
        if (thread == null) {
            percent = FIRST_PERCENT;
            thread = threads.newThread("checkpoint-throttle-" + machine.name(), this::run);
            thread.start();
        } else {
            percent = Math.min(MOST_PERCENT, percent + STEP_PERCENT);
        }
        LOG.debug("Machine {} stands for {} % of the time so that its checkpoint converges", machine.name(), percent);
    }

    private void run() {
        try {
            long stands = PERIOD_MS * percent / 100;
            while (!end.await(PERIOD_MS - stands, TimeUnit.MILLISECONDS)) {
                long length = PERIOD_MS * percent / 100;
                Handshake<Boolean> done = machine.handshake(() -> end.await(length, TimeUnit.MILLISECONDS));
                meter.stopped("throttle", done.stop(), 0);
                stands = length;
            }
        } catch (MachineException e) {
            LOG.debug("Machine {} is gone, and is not slowed down any more", machine.name(), e);
        } catch (InterruptedException e) {
            LOG.debug("Nobody interrupts this thread", e);
        } catch (Exception e) {
            LOG.warn("Machine {} is not slowed down any more", machine.name(), e);
        }
    }

    /** The guest runs as fast as it can again. Returns when it does. */
    void end() throws InterruptedException {
        end.countDown();
        if (thread != null) {
            thread.join();
        }
    }
}
