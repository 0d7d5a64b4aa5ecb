package tidemark.fuzz;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import tidemark.api.device.DevicePart;
import tidemark.testkit.TestMemory;

/** Runs case after case, each with the next seed. */
public final class Fuzzer {
    /** A step that takes so much of a processor hangs; the most expensive ones take 5 ms, while the JVM is still cold 20. */
    private static final Duration MAX_STEP = Duration.ofMillis(500);
    /** So does one that stands for so long. */
    private static final Duration MAX_STANDSTILL = Duration.ofMinutes(2);
    private static final long RAM = 1 << 20;
    private static final int POLL_MILLIS = 50;

    private final Map<String, DevicePart> kinds;
    private long seed;
    private volatile long cases;
    private volatile int step;
    private volatile Case current;
    private volatile Throwable failure;

    /**
     * @param kinds the device parts by the kind's name
     * @param firstSeed that of the first case
     */
    public Fuzzer(Map<String, DevicePart> kinds, long firstSeed) {
        this.kinds = new TreeMap<>(kinds);
        seed = firstSeed;
    }

    /**
     * @return the number of cases
     * @throws AssertionError if a device does what it must not, or hangs; with the seed of the case, which is then the first to be run with that seed
     */
    public long run(Duration time) throws InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        Thread worker = Thread.ofPlatform().daemon().name("fuzzer").start(() -> runUntil(end));
        watch(worker);
        if (failure != null) {
            throw new AssertionError(where() + ": " + failure, failure);
        }
        return cases;
    }

    private void runUntil(long end) {
        try (TestMemory ram = new TestMemory(RAM)) {
            do {
                ram.clear();
                runCase(ram);
                cases++;
                seed++;
            } while (System.nanoTime() - end < 0);
        } catch (Throwable e) {
            failure = e;
        }
    }

    private void runCase(TestMemory ram) {
        try (Case one = new Case(seed, kinds, ram)) {
            current = one;
            for (step = 0; step < Case.STEPS; step++) {
                one.step(step);
            }
            one.end();
        }
    }

    private void watch(Thread worker) throws InterruptedException {
        long lastCase = -1;
        int lastStep = -1;
        long cpuThen = 0;
        long then = System.nanoTime();
        while (!worker.join(Duration.ofMillis(POLL_MILLIS))) {
            long cpu = ManagementFactory.getThreadMXBean().getThreadCpuTime(worker.threadId());
            if (cases != lastCase || step != lastStep) {
                lastCase = cases;
                lastStep = step;
                cpuThen = cpu;
                then = System.nanoTime();
            } else if (cpu - cpuThen > MAX_STEP.toNanos() || System.nanoTime() - then > MAX_STANDSTILL.toNanos()) {
                AssertionError hang = new AssertionError(where() + ": it hangs, after " + TimeUnit.NANOSECONDS.toMillis(cpu - cpuThen) + " ms of CPU time");
                hang.setStackTrace(worker.getStackTrace());
                throw hang;
            }
        }
    }

    private String where() {
        return "-Dtidemark.fuzz.seed=" + seed + ", " + (current == null ? "before the first step" : current.step());
    }
}
