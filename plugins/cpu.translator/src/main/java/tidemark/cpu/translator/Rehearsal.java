package tidemark.cpu.translator;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/**
 * Runs new code on a copy of the hart's registers, its stores going nowhere, until HotSpot has compiled it: meanwhile the guest goes on in the
 * interpreter, which is several times faster than code that is not compiled; and HotSpot sees which way the branches go.
 */
final class Rehearsal {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final int ITERATIONS = 12;
    private static final int LEAST = 2000;
    /** Enough for HotSpot to want it compiled, and not so many that it compiles loops for themselves. */
    private static final int RUNS = 240;
    private static final int RUNS_AT_ONCE = 20;
    /** When there were enough runs, a few now and then tell whether it is compiled: HotSpot needs the processor. */
    private static final int PROBES = 2;
    private static final long PAUSE_NANOS = 15_000_000;
    /** Compiled code is faster than the slowest kind by this. */
    private static final int FASTER = 4;
    /** What is not compiled after so long never will be. */
    private static final long PATIENCE_NANOS = 20_000_000_000L;

    private final Code code;
    private final int most;
    private final Frame state;
    private final Frame frame;
    private final long begun = System.nanoTime();
    private int runs;
    private long lastRun;
    private double slowest;

    /**
     * @param longest see {@link Region#longest}
     * @param state see {@link Frame#harmless}
     */
    Rehearsal(Code code, int longest, Frame state) {
        this.code = code;
        most = Math.max(ITERATIONS * longest, LEAST);
        this.state = state;
        frame = state.withOwnRegisters();
    }

    /** Goes on a little. @return whether the code may now be used */
    boolean advance() {
        long now = System.nanoTime();
        if (runs >= RUNS && now - lastRun < PAUSE_NANOS) {
            return false;
        }
        lastRun = now;
        double nanos = run(runs < RUNS ? RUNS_AT_ONCE : PROBES);
        slowest = Math.max(slowest, nanos);
        return runs >= RUNS && nanos * FASTER < slowest;
    }

    /** Whether HotSpot does not seem to be able to compile it. */
    boolean isHopeless() {
        return System.nanoTime() - begun > PATIENCE_NANOS;
    }

    /** @return nanoseconds for an instruction */
    private double run(int times) {
        long instructions = 1;
        long start = THREADS.getCurrentThreadCpuTime();
        for (int i = 0; i < times; i++) {
            frame.restart(state);
            frame.left = most;
            code.run(frame);
            instructions += most - frame.left;
        }
        runs += times;
        return (double) (THREADS.getCurrentThreadCpuTime() - start) / instructions;
    }
}
