package tidemark.checkpoint;

import java.util.concurrent.Callable;
import tidemark.api.machine.Handshake;
import tidemark.api.machine.Hold;
import tidemark.api.machine.Machine;

/** Stops a machine for one checkpoint and measures how long. Used by one thread at a time: the checkpoint's, or hart 0's in an action. */
final class Stops {
    private final Machine machine;
    private final Meter meter;
    private final ThreadTimes threads;
    private volatile Hold hold;
    /** Whether an action of a handshake runs: harts stand for it. */
    private boolean inHandshake;
    private long oracleInPause;

    /** A piece of a checkpoint's work. */
    @FunctionalInterface
    interface Work {
        void run() throws Exception;
    }

    Stops(Machine machine, Meter meter, ThreadTimes threads) {
        this.machine = machine;
        this.meter = meter;
        this.threads = threads;
    }

    boolean paused() {
        return hold != null;
    }

    void pause(String reason) {
        hold = machine.hold(reason);
        oracleInPause = 0;
    }

    /** No effect if it is not paused. */
    void resume() {
        if (hold != null) {
            Hold held = hold;
            hold = null;
            meter.stopped("pause", held.release(), oracleInPause);
        }
    }

    /** Whether no hart runs: the guest is paused, or this is an action of a handshake. */
    boolean areStanding() {
        return paused() || inHandshake;
    }

    /** Runs an action while no hart does: now, if they stand, or else at a handshake. */
    <T> T standing(String kind, Callable<T> action) throws Exception {
        return areStanding() ? action.call() : handshake(kind, action);
    }

    /** Runs an action on hart 0's own thread while no hart runs. */
    <T> T handshake(String kind, Callable<T> action) throws Exception {
        Handshake<T> done = machine.handshake(() -> {
            long cpu = ThreadTimes.now();
            inHandshake = true;
            try {
                return action.call();
            } finally {
                inHandshake = false;
                meter.hartTime(ThreadTimes.now() - cpu);
            }
        });
        meter.stopped(kind, done.stop(), 0);
        return done.result();
    }

    /** Does the oracle's work. */
    void outOfFigures(Work work) throws Exception {
        long begin = System.nanoTime();
        long cpu = ThreadTimes.now();
        work.run();
        long nanos = System.nanoTime() - begin;
        threads.add(cpu - ThreadTimes.now());
        meter.oracle(nanos, paused());
        oracleInPause += paused() ? nanos : 0;
    }
}
