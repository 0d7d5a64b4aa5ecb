package tidemark.litmus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.api.machine.Machine;

/** The memory model on every engine. Longer with {@code -Dtidemark.litmus.ms=}, which is for each test; some of them with {@code -Dtidemark.litmus.test=REGEX}. */
class RvwmoTest {
    private static final Logger LOG = LoggerFactory.getLogger(RvwmoTest.class);
    private static final long MILLIS = Long.getLong("tidemark.litmus.ms", 150);
    private static final Predicate<String> CHOSEN = Pattern.compile(System.getProperty("tidemark.litmus.test", ".*")).asMatchPredicate();
    private static final long SLICE_MILLIS = 20;
    /** By which what can be seen must have been. */
    private static final long PATIENCE_MILLIS = 60_000;
    private static final int TURNS = 100_000;
    private static final int MOST_TURNS = 20_000_000;

    private static Stream<DynamicTest> onEveryEngine(BiConsumer<String, LitmusTest> body) {
        return Engines.names().stream()
                .flatMap(engine -> Catalogue.all().stream().filter(test -> CHOSEN.test(test.name())).map(test -> DynamicTest.dynamicTest(engine + ": " + test, () -> body.accept(engine, test))));
    }

    @TestFactory
    Stream<DynamicTest> noOutcomeThatTheModelForbidsIsSeen() {
        return onEveryEngine((engine, test) -> {
            Histogram seen = run(engine, test, MILLIS, histogram -> false);
            LOG.info("{}: {}", engine, seen);
            assertTrue(seen.total() > 0, "it did not run");
            assertEquals(0, seen.forbidden(), seen.toString());
        });
    }

    /** Otherwise nothing of the above would mean anything: stores of harts do stay in the host's store buffers for a while. */
    @Test
    @Timeout(300)
    void storeBuffersAreSeenWhereThereAreNoFences() {
        Assumptions.assumeTrue(Runtime.getRuntime().availableProcessors() > 1, "harts never run at once on one processor");
        for (String engine : Engines.names()) {
            Histogram seen = run(engine, Catalogue.storeBuffering(), PATIENCE_MILLIS, histogram -> histogram.relaxed() > 0);
            LOG.info("{}: {}", engine, seen);
            assertTrue(seen.relaxed() > 0, seen.toString());
        }
    }

    /** Harts that can all run at once wait until they do; for others it makes no sense. */
    private static int patience(LitmusTest test) {
        return test.harts().size() <= Runtime.getRuntime().availableProcessors() ? 5_000 : 200;
    }

    /** Runs for a time at most, but long enough to see something. */
    private static Histogram run(String engine, LitmusTest test, long millis, Predicate<Histogram> enough) {
        try (Rig rig = new Rig()) {
            Machine machine = rig.machine(engine, test.harts().size(), LitmusProgram.of(test, patience(test)).code());
            machine.start();
            long end = System.nanoTime() + millis * 1_000_000;
            Histogram seen;
            do {
                Thread.sleep(Math.min(millis, SLICE_MILLIS));
                machine.pause();
                seen = new Histogram(test, Rig.read(machine, LitmusProgram.HISTOGRAM, LitmusProgram.OUTCOMES * Long.BYTES));
                machine.resume();
            } while (!enough.test(seen) && (System.nanoTime() < end || seen.total() == 0));
            return seen;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The tests are able to fail: an engine that reordered the accesses of the last hart would be found out. */
    @TestFactory
    Stream<DynamicTest> everyTestSeesAReordering() {
        return onEveryEngine((engine, test) -> {
            LitmusTest reordered = test.reversed(test.harts().size() - 1);
            try (Interleaving harts = new Interleaving(Engines.ALL.get(engine), reordered)) {
                for (int turns = 0; turns < MOST_TURNS && harts.seen().forbidden() + harts.seen().relaxed() == 0; turns += TURNS) {
                    harts.run(TURNS);
                }
                assertTrue(harts.seen().forbidden() + harts.seen().relaxed() > 0, harts.seen().toString());
            }
        });
    }
}
