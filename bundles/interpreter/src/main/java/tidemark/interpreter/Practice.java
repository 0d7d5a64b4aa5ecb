package tidemark.interpreter;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.locks.LockSupport;
import tidemark.api.cpu.EngineContext;

/**
 * Has HotSpot compile the interpreter's {@link Loop} before a guest needs it, and in view of every instruction: HotSpot compiles a method once, for what it has seen it do,
 * and what it has not seen by then stays slow, whatever the guest does later. So the loop executes a {@link PracticeProgram} until it is compiled with a profile.
 */
public final class Practice {
    private static final long ENDS_WITHIN_MS = 5_000;
    /** How many bundles want it to go on; the thread, once it was begun. */
    private static int users;
    private static Thread thread;
    private static volatile boolean ended;
    private static final int INSTRUCTIONS = 500;
    /** After so many it asks for the method to be compiled; then it needs the processor. */
    private static final int FIRST_RUNS = 256;
    private static final long PAUSE_NANOS = 5_000_000;
    private static final int RUNS_AT_ONCE = 16;
    /** With its quick compiler's code HotSpot looks at a method's counters at each 1,024th entry. */
    private static final int PROFILED_RUNS = 2200;
    /** That code is faster than HotSpot's interpreter by this. */
    private static final int FASTER = 3;
    private static final int MOST_RUNS = 20_000;

    private Practice() {}

    /** Begins on a thread of its own, unless that was done in this JVM. {@link #end} once for each call. */
    public static synchronized void begin() {
        users++;
        if (thread == null) {
            thread = Thread.ofPlatform().daemon().name("tidemark-practice").start(Practice::run);
        }
    }

    /** When all who began have ended, the practice has, too, for good: it does not outlive the bundles that it practises for. */
    public static void end() {
        Thread practising = leave();
        try {
            if (practising != null) {
                practising.join(ENDS_WITHIN_MS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static synchronized Thread leave() {
        users--;
        ended = ended || users == 0;
        return ended ? thread : null;
    }

    private static void run() {
        Engine engine = new Engine(PracticeProgram.context());
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long slowest = 0;
        int profiled = 0;
        for (int runs = 0; !ended && profiled < PROFILED_RUNS && runs < MOST_RUNS; runs += RUNS_AT_ONCE) {
            long start = threads.getCurrentThreadCpuTime();
            engine.repeat();
            long nanos = threads.getCurrentThreadCpuTime() - start;
            slowest = Math.max(slowest, nanos);
            if (nanos * FASTER < slowest) {
                profiled += RUNS_AT_ONCE;
            } else if (runs > FIRST_RUNS) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    /** Runs the loop as either engine does. */
    private static final class Engine extends Interpreter {
        private boolean looksForHeads;

        Engine(EngineContext context) {
            super(context);
        }

        void repeat() {
            for (int i = 0; i < RUNS_AT_ONCE; i++) {
                looksForHeads = !looksForHeads;
                run(INSTRUCTIONS);
            }
        }

        @Override
        protected void execute(Regime now) {
            interpret(now, looksForHeads ? Integer.MAX_VALUE : 0);
        }
    }
}
