package tidemark.contract.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import tidemark.api.checkpoint.CheckpointException;
import tidemark.api.checkpoint.CheckpointReport;
import tidemark.api.checkpoint.CheckpointRequest;
import tidemark.api.checkpoint.Checkpoints.Verdict;
import tidemark.api.checkpoint.ImageReader;
import tidemark.api.checkpoint.RestoreGrants;
import tidemark.api.machine.Machine;
import tidemark.api.machine.MachineSpec;
import tidemark.api.memory.PageDigest;
import tidemark.api.memory.PhysicalMemory;
import tidemark.api.state.State;
import tidemark.contract.OutOfTime;
import tidemark.contract.WhenBroken;

/**
 * What every checkpoint must keep, whatever takes it: a subclass supplies a platform and the combinations of parts. The guest is {@code ab}, in which
 * one lost page shows.
 */
public abstract class CheckpointContract {
    static final Duration LIMIT = Duration.ofSeconds(60);
    /** Instructions that an original and its restored twin are run on before they are compared. */
    private static final long FURTHER = 1_000_000;
    private static final int SHOWN = 10;
    private static final AtomicInteger MACHINES = new AtomicInteger();

    @TempDir
    Path folder;
    private final List<String> machines = new ArrayList<>();

    protected abstract Platform platform();

    protected abstract Stream<Combination> combinations();

    @TestFactory
    @WhenBroken("A page or a state of the image is not that of the instant of saveDevices. Is every page copied that was written since it was copied"
            + " last, also those of the epoch that ends at the pause?")
    Stream<DynamicTest> restoredMachineIsTheOriginalAtOneInstantAndRunsOnAsItDid() {
        return each(combinations(), this::saveAndCompare);
    }

    @FunctionalInterface
    interface Trial<T> {
        void of(T subject) throws Exception;
    }

    <T> Stream<DynamicTest> each(Stream<T> subjects, Trial<T> trial) {
        return subjects.map(subject -> DynamicTest.dynamicTest(subject.toString(), () -> alone(trial, subject)));
    }

    /** No machine may run on and disturb the next trial. */
    private <T> void alone(Trial<T> trial, T subject) throws Exception {
        try {
            trial.of(subject);
        } finally {
            machines.stream().filter(name -> platform().machines().find(name).isPresent()).forEach(platform().machines()::destroy);
            machines.clear();
        }
    }

    private void saveAndCompare(Combination combination) throws Exception {
        Machine original = startAb(combination);
        Path image = image(original);
        CheckpointReport report = take(combination.request(original.name(), image));
        original.pause();
        assertTrue(report.pagesCopied() >= original.memory().pages(), () -> "All " + original.memory().pages() + " pages must be copied once at least; "
                + report.pagesCopied() + " were: begin with session.allPages()");

        assertProven(image);
        Machine restored = restore(image, original);
        assertEquals(Machine.Power.PAUSED, restored.status().power());
        AbGuest.assertOneInstant(restored.memory());
        runTo(original.instructions() + FURTHER, original, restored);
        assertTwins(original, restored);
        if (hasPlaces(image)) {
            Machine lazy = restoreLazily(image, original.name() + "-lazy");
            runTo(original.instructions(), lazy);
            assertTwins(original, lazy);
        }

        platform().checkpoints().delete(image);
        assertNoFiles();
    }

    /** A name that no other machine of the platform has. */
    String newName() {
        String name;
        do {
            name = "contract-" + MACHINES.incrementAndGet();
        } while (platform().machines().find(name).isPresent());
        machines.add(name);
        return name;
    }

    Machine start(MachineSpec spec) {
        Machine machine = platform().machines().create(spec);
        machine.start();
        return machine;
    }

    /** Guest {@code ab}, which has written every page some times. */
    Machine startAb(Combination combination) throws InterruptedException {
        Machine machine = start(AbGuest.spec(newName(), combination));
        AbGuest.awaitRounds(machine);
        return machine;
    }

    Path image(Machine machine) {
        return folder.resolve(machine.name());
    }

    CheckpointReport take(CheckpointRequest request) throws CheckpointException, InterruptedException {
        return platform().checkpoints().start(request).await(progress -> {});
    }

    Machine restore(Path image, Machine original) throws CheckpointException {
        String name = original.name() + "-restored";
        machines.add(name);
        return platform().checkpoints().restore(image, name).machine();
    }

    private boolean hasPlaces(Path image) throws CheckpointException {
        try (ImageReader reader = platform().checkpoints().open(image)) {
            return reader.places().isPresent();
        }
    }

    Machine restoreLazily(Path image, String name) throws CheckpointException {
        machines.add(name);
        return platform().checkpoints().restoreLazily(image, name, RestoreGrants.NONE).machine();
    }

    void assertProven(Path image) throws CheckpointException {
        Verdict verdict = platform().checkpoints().verify(image);
        assertEquals("0 pages and states [] of the image differ from what the oracle saw",
                verdict.pagesDiffering() + " pages and states " + verdict.differingStates() + " of the image differ from what the oracle saw",
                () -> "The pages begin with " + some(verdict.differingPages()));
        assertTrue(verdict.equal());
    }

    static void runTo(long instructions, Machine... twins) throws InterruptedException {
        for (Machine machine : twins) {
            machine.runTo(instructions);
        }
        for (Machine machine : twins) {
            OutOfTime.unless(machine.await(Machine.Power.PAUSED, LIMIT), machine.name() + " does not come to instruction " + instructions);
            assertEquals(instructions, machine.instructions(), machine.name());
        }
    }

    static void assertTwins(Machine original, Machine restored) {
        PhysicalMemory a = original.memory();
        PhysicalMemory b = restored.memory();
        List<Long> differing = new ArrayList<>();
        for (long page = 0; page < a.pages(); page++) {
            long offset = page * PhysicalMemory.PAGE_SIZE;
            if (PageDigest.of(a.hostAddress() + offset) != PageDigest.of(b.hostAddress() + offset)) {
                differing.add(page);
            }
        }
        assertEquals(List.of(), some(differing), "Pages on which the original and the restored machine differ after both have run on");
        List<State> states = restored.saveState();
        for (State state : original.saveState()) {
            State twin = State.named(states, state.name()).orElseThrow();
            assertEquals(List.of(), state.differences(twin), "Fields of state " + state.name() + " on which they differ after both have run on");
        }
    }

    private static List<Long> some(List<Long> pages) {
        return pages.subList(0, Math.min(SHOWN, pages.size()));
    }

    static void assertRuns(Machine machine) throws InterruptedException {
        long before = machine.instructions();
        for (long end = System.nanoTime() + LIMIT.toNanos(); machine.instructions() == before && System.nanoTime() < end;) {
            Thread.sleep(1);
        }
        OutOfTime.unless(machine.instructions() > before, "The guest must go on");
    }

    void assertNoFiles() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(List.of(), files.toList(), "Files that are left");
        }
    }
}
