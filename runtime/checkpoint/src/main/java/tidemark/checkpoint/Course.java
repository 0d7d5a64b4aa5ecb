package tidemark.checkpoint;

import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.api.checkpoint.CancelledException;
import tidemark.api.checkpoint.CheckpointException;

/**
 * Whether a checkpoint goes on: it does until it is cancelled, one of its verbs has failed, its time is over, or its image is published.
 */
final class Course {
    private static final Logger LOG = LoggerFactory.getLogger(Course.class);

    private final String protocol;
    private final Meter meter;
    private final long hardLimit;
    private final CountDownLatch cancelled = new CountDownLatch(1);
    private volatile CheckpointException failure;
    private volatile String cancelReason;
    private volatile boolean publishing;
    private volatile boolean committed;
    /** The thread of the protocol while it runs; and how many verbs it is in, one inside the other. */
    private Thread protocolThread;
    private int depth;

    /** @param hardLimit nanoseconds after which an unfinished checkpoint fails */
    Course(String protocol, Meter meter, long hardLimit) {
        this.protocol = protocol;
        this.meter = meter;
        this.hardLimit = hardLimit;
    }

    /** A verb that does not fit what happened before. */
    private static final class OutOfOrder extends Exception {
        private static final long serialVersionUID = 1L;

        OutOfOrder(String message) {
            super(message);
        }
    }

    /** In a verb: refuses it. */
    static void require(boolean condition, String otherwise) throws Exception {
        if (!condition) {
            throw new OutOfOrder(otherwise);
        }
    }

    /** Throws if the checkpoint shall end. Any thread. */
    void goesOn() throws CheckpointException {
        if (cancelReason != null && !committed) {
            throw new CancelledException(cancelReason);
        }
        if (failure != null) {
            throw failure;
        }
        if (!committed && meter.elapsed() > hardLimit) {
            throw new CheckpointException("it is not done after " + Settings.HARD_LIMIT_FACTOR + " times " + Settings.TIME_LIMIT + "="
                    + TimeUnit.NANOSECONDS.toMillis(hardLimit / Settings.HARD_LIMIT_FACTOR));
        }
    }

    /** Runs a verb. After one has failed none works: no protocol can go on to publish what is incomplete. */
    <T> T verb(String name, Callable<T> body) throws CheckpointException {
        enter();
        try {
            return body.call();
        } catch (Throwable t) {
            failure = asFailure(name, t);
            throw failure;
        } finally {
            leave();
        }
    }

    private synchronized void enter() throws CheckpointException {
        goesOn();
        depth++;
    }

    private synchronized void leave() {
        depth--;
    }

    private CheckpointException asFailure(String verb, Throwable t) {
        if (failure != null) {
            return failure;
        }
        if (t instanceof OutOfOrder) {
            return new CheckpointException("protocol " + protocol + " called " + verb + " out of order: " + t.getMessage(), t);
        }
        if (cancelReason != null && !publishing) {
            return new CancelledException(cancelReason);
        }
        return t instanceof CheckpointException e ? e : new CheckpointException(verb + ": " + Task.text(t), t);
    }

    /**
     * Asks the verbs to end at the next chunk, and wakes a protocol that waits outside of them; a verb is never interrupted: that would
     * close the image's file.
     */
    synchronized void cancel(String reason) {
        if (publishing || cancelReason != null) {
            return;
        }
        cancelReason = reason;
        cancelled.countDown();
        if (protocolThread != null && depth == 0) {
            protocolThread.interrupt();
        }
    }

    /** Sleeps, but not on after {@link #cancel}. */
    void sleep(long nanos) throws InterruptedException {
        if (nanos > 0 && cancelled.await(nanos, TimeUnit.NANOSECONDS)) {
            LOG.debug("Woken to cancel: {}", cancelReason);
        }
    }

    synchronized void protocolBegins() {
        protocolThread = Thread.currentThread();
    }

    /** No interrupt of {@link #cancel} comes after this. */
    synchronized void protocolEnds() {
        protocolThread = null;
        if (cancelReason != null && Thread.interrupted()) {
            LOG.debug("Interrupted to cancel: {}", cancelReason);
        }
    }

    /** From here on cancelling has no effect. */
    synchronized void beginPublishing() throws CheckpointException {
        goesOn();
        publishing = true;
    }

    void committed() {
        committed = true;
    }

    boolean isCommitted() {
        return committed;
    }

    /** Whatever still copies ends at the next chunk. */
    void end() {
        if (failure == null && !committed) {
            failure = new CheckpointException("the checkpoint is over");
        }
    }
}
