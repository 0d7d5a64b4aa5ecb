package tidemark.bench.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class SteadinessTest {
    private final Steadiness steadiness = new Steadiness(3, Duration.ofSeconds(60));

    private boolean reached(double... seconds) {
        return steadiness.reached(Canned.repetitions("0", 1, seconds), Duration.ofSeconds(2));
    }

    @Test
    void repetitionsAreSteadyWhenAsManyBeforeThemWereNoSlower() {
        assertTrue(reached(2, 1, 1, 1, 1, 1, 1));
        assertTrue(reached(2, 1, 1, 1, 0.99, 1.2, 0.99), "noise and a percent");
        assertFalse(reached(2, 1, 1, 1, 0.9, 0.9, 0.9), "still getting faster");
        assertTrue(reached(2, 1, 1, 1, 1.3, 1.3, 1.3), "slower is not warm-up");
    }

    @Test
    void twoBlocksAndTheTimeForWarmUpAreTheLeast() {
        assertFalse(reached(9, 1, 1, 1, 1));
        assertFalse(reached(.3, .3, .3, .3, .3, .3), "1.8 s of CPU time");
        assertFalse(reached(.3, .3, .3, 1, 1, 1), "warm-up must be over before those that count");
    }

    @Test
    void whileOtherThreadsCompileNothingIsSteady() {
        double[] seconds = {2, 1, 1, 1, 1, 1, 1};
        assertFalse(steadiness.reached(Canned.repetitions(0.5, "0", 1, seconds), Duration.ofSeconds(2)));
        assertTrue(steadiness.reached(Canned.repetitions(0.04, "0", 1, seconds), Duration.ofSeconds(2)));
    }

    @Test
    void waitingEndsAtTheLimitButNotBeforeThereIsSomethingToTell() {
        assertFalse(steadiness.isOverdue(Canned.repetitions("0", 1, 20, 20)));
        assertFalse(steadiness.isOverdue(Canned.repetitions("0", 1, 1, 1, 1, 1, 1, 1)));
        assertTrue(steadiness.isOverdue(Canned.repetitions("0", 1, 20, 20, 5, 5, 5, 5, 5)));
    }

    @Test
    void steadyFiguresAreMediansOfTheLastRepetitions() {
        double[] seconds = DoubleStream.of(9, 5, 1, 4, 2).toArray();
        KernelRun run = new KernelRun("core", "p", 1, Canned.repetitions("0", 1, seconds), 3, true);
        assertEquals(2, run.threadSeconds(), 1e-9);
        assertEquals(4, run.wallSeconds(), 1e-9);
    }
}
