package tidemark.litmus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import tidemark.api.machine.Machine;

/** What harts count, execute and translate together, on every engine. Longer with {@code -Dtidemark.litmus.ms=}. */
@Timeout(600)
class CoherenceTest {
    private static final long MILLIS = Long.getLong("tidemark.litmus.ms", 300);
    private static final int[] HARTS = {2, 4};

    private interface Body {
        void run(String engine, int harts) throws InterruptedException;
    }

    private static Stream<DynamicTest> tests(String name, int mostHarts, Body body) {
        List<DynamicTest> tests = new ArrayList<>();
        for (String engine : Engines.names()) {
            Arrays.stream(HARTS).filter(harts -> harts <= mostHarts)
                    .forEach(harts -> tests.add(DynamicTest.dynamicTest(engine + ", " + harts + " harts: " + name, () -> body.run(engine, harts))));
        }
        return tests.stream();
    }

    /** Runs code for a time, but until {@code enough}; then looks at the paused machine. */
    private static void run(String engine, int harts, byte[] code, Predicate<Machine> enough, Consumer<Machine> look) throws InterruptedException {
        try (Rig rig = new Rig()) {
            Machine machine = rig.machine(engine, harts, code);
            machine.start();
            Thread.sleep(MILLIS);
            while (!enough.test(machine)) {
                Thread.sleep(10);
            }
            machine.pause();
            look.accept(machine);
        }
    }

    /** Every hart has come by at least once. */
    private static Predicate<Machine> all(long[] counters) {
        return machine -> LongStream.of(counters).allMatch(counter -> Rig.word(machine, counter) > 0);
    }

    private static long[] lines(long from, int count) {
        return LongStream.range(0, count).map(i -> from + i * Variable.LINE).toArray();
    }

    @TestFactory
    Stream<DynamicTest> nothingThatHartsCountTogetherIsLost() {
        return Arrays.stream(Mutex.values()).filter(mutex -> mutex != Mutex.NONE).flatMap(mutex -> tests(mutex.name(), mutex.mostHarts(), (engine, harts) -> {
            long[] own = lines(Mutex.OWN, harts);
            run(engine, harts, mutex.code(harts), all(own), machine -> {
                long shared = mutex.counted(Rig.word(machine, Mutex.SHARED));
                long sum = LongStream.of(own).map(counter -> Rig.word(machine, counter)).sum();
                // a hart may stand between its two counts
                assertTrue(shared >= sum && shared <= sum + harts, shared + " counted together, " + sum + " by each");
            });
        }));
    }

    @TestFactory
    Stream<DynamicTest> hartsNeverExecuteCodeThatIsOlderThanTheFenceBehindIt() {
        return Stream.of(PatchedCode.REMOTE_FENCE_I, PatchedCode.LOCAL_FENCE_I).flatMap(fence -> tests(fence.name(), 8, (engine, harts) -> {
            long[] calls = lines(PatchedCode.CALLS, harts - 1);
            run(engine, harts, fence.code(harts), all(calls), machine -> {
                LongStream.of(calls).forEach(call -> assertEquals(0, Rig.word(machine, call + 8), "old, of " + Rig.word(machine, call)));
                assertTrue(Rig.word(machine, PatchedCode.TOLD) > 0);
            });
        }));
    }

    @TestFactory
    Stream<DynamicTest> hartsNeverUseATranslationThatIsOlderThanTheFenceBehindIt() {
        return tests("remote SFENCE.VMA", 8, (engine, harts) -> {
            long[] loads = lines(RemappedPage.LOADS, harts - 1);
            run(engine, harts, RemappedPage.code(harts, true), all(loads), machine -> {
                LongStream.of(loads).forEach(load -> assertEquals(0, Rig.word(machine, load + 8), "old, of " + Rig.word(machine, load)));
                assertEquals(0, Rig.word(machine, RemappedPage.LATE_STORES));
                assertTrue(Rig.word(machine, RemappedPage.TOLD) > 0);
            });
        });
    }

    // The tests are able to fail

    @TestFactory
    Stream<DynamicTest> countsAreLostWithoutMutex() {
        return tests("no mutex", 2, (engine, harts) -> {
            long[] own = lines(Mutex.OWN, harts);
            run(engine, harts, Mutex.NONE.code(harts), machine -> Rig.word(machine, Mutex.SHARED) + harts < LongStream.of(own).map(counter -> Rig.word(machine, counter)).sum(),
                    machine -> {});
        });
    }

    /** Engines may see new code earlier than they must; the interpreter does not. */
    @Test
    void oldCodeIsExecutedWithoutFence() throws InterruptedException {
        run("interpreter", 2, PatchedCode.NO_FENCE.code(2), machine -> Rig.word(machine, PatchedCode.CALLS + 8) > 0, machine -> {});
    }

    @Test
    void oldTranslationsAreUsedWithoutFence() throws InterruptedException {
        run("interpreter", 2, RemappedPage.code(2, false), machine -> Rig.word(machine, RemappedPage.LOADS + 8) > 0 && Rig.word(machine, RemappedPage.LATE_STORES) > 0,
                machine -> {});
    }
}
