package tidemark.contract.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import tidemark.api.checkpoint.CancelledException;
import tidemark.api.checkpoint.CheckpointReport;
import tidemark.api.checkpoint.CheckpointRequest;
import tidemark.api.checkpoint.CheckpointTask;
import tidemark.api.checkpoint.Checkpoints;
import tidemark.api.checkpoint.Checkpoints.Verdict;
import tidemark.api.machine.GuestPart;
import tidemark.api.machine.Machine;
import tidemark.api.machine.MachineSpec;
import tidemark.api.machine.Machines;
import tidemark.api.machine.Parts;
import tidemark.api.memory.DirtyLog;
import tidemark.api.memory.PageDigest;
import tidemark.api.memory.PhysicalMemory;
import tidemark.api.state.State;

/**
 * What every checkpoint protocol must keep. A subclass supplies a platform; every protocol that is deployed there is tested with every
 * tracker, layout and copy strategy. The guests are {@code ab}, in which one lost page shows, and {@code storm}, which writes as fast as it
 * can and knows what must be in memory.
 */
public abstract class ProtocolContract {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    /** Instructions that an original and its restored twin are run on before they are compared. */
    private static final long FURTHER = 1_000_000;
    private static final int CANCELLATIONS = 6;

    @TempDir
    Path folder;
    private int machinesMade;

    /** The services of the platform under test. */
    public record Platform(Machines machines, Parts parts, Checkpoints checkpoints) {}

    protected abstract Platform platform();

    private record Combination(String protocol, String tracker, String copier, String layout) {
        CheckpointRequest request(Machine machine, Path image) {
            return new CheckpointRequest(machine.name(), image, protocol, tracker, copier, layout, CheckpointRequest.DEFAULT_STOP, true,
                    Map.of("rateWindowMs", "20"));
        }

        @Override
        public String toString() {
            return String.join(", ", protocol, tracker, copier, layout);
        }
    }

    @TestFactory
    Stream<DynamicTest> restoredMachineIsTheOriginalAtOneInstantAndRunsOnAsItDid() {
        return combinations().map(c -> DynamicTest.dynamicTest(c.toString(), () -> alone(this::saveAndCompare, c)));
    }

    @TestFactory
    Stream<DynamicTest> stormEndsWellInTheOriginalAndInTheRestoredMachine() {
        return protocols().map(c -> DynamicTest.dynamicTest(c.protocol, () -> alone(this::saveStorm, c)));
    }

    @TestFactory
    Stream<DynamicTest> cancelAtAnyTimeLeavesTheGuestRunningUntrackedAndNoImage() {
        return protocols().map(c -> DynamicTest.dynamicTest(c.protocol, () -> alone(this::cancelAgainAndAgain, c)));
    }

    @FunctionalInterface
    private interface Trial {
        void run(Combination combination) throws Exception;
    }

    /** No machine may run on and disturb the next trial. */
    private void alone(Trial trial, Combination combination) throws Exception {
        try {
            trial.run(combination);
        } finally {
            platform().machines().list().forEach(machine -> platform().machines().destroy(machine.name()));
        }
    }

    private Stream<Combination> protocols() {
        return names("protocol").map(protocol -> new Combination(protocol, CheckpointRequest.DEFAULT_TRACKER,
                CheckpointRequest.DEFAULT_COPIER, CheckpointRequest.DEFAULT_LAYOUT));
    }

    /** Every protocol with every tracker and layout; and with every further copy strategy and layout, on the default tracker. */
    private Stream<Combination> combinations() {
        List<Combination> all = new ArrayList<>();
        names("protocol").forEach(protocol -> names("layout").forEach(layout -> {
            names("tracker").forEach(tracker -> all.add(new Combination(protocol, tracker, CheckpointRequest.DEFAULT_COPIER, layout)));
            names("copier").filter(copier -> !copier.equals(CheckpointRequest.DEFAULT_COPIER))
                    .forEach(copier -> all.add(new Combination(protocol, CheckpointRequest.DEFAULT_TRACKER, copier, layout)));
        }));
        return all.stream();
    }

    private Stream<String> names(String kind) {
        return platform().parts().names(kind).stream();
    }

    private void saveAndCompare(Combination combination) throws Exception {
        Machine original = start(AbGuest.spec("ab" + ++machinesMade));
        AbGuest.awaitRounds(original);
        Path image = folder.resolve(original.name());
        CheckpointReport report = take(combination.request(original, image));
        original.pause();
        assertTrue(report.pagesCopied() >= original.memory().pages(), report.pagesCopied() + " pages copied");

        Verdict verdict = platform().checkpoints().verify(image);
        assertTrue(verdict.equal(), verdict.toString());
        Machine restored = platform().checkpoints().restore(image, original.name() + "-restored").machine();
        assertEquals(Machine.Power.PAUSED, restored.status().power());
        AbGuest.assertOneInstant(restored.memory());
        runTo(original.instructions() + FURTHER, original, restored);
        assertTwins(original, restored);

        platform().checkpoints().delete(image);
        assertNoFiles();
    }

    private void saveStorm(Combination combination) throws Exception {
        Machine original = start(MachineSpec.of(Map.of("name", "storm" + ++machinesMade, "guest", "storm", "ram", 20,
                "clock", "instructions", "arguments", "workingSetMiB=8 rateMiBps=0 seconds=1 bytesPerPage=64")));
        assertTrue(original.console().expect(Pattern.compile("storm: workingSet"), 0, LIMIT).isPresent(), "storm does not begin");
        Path image = folder.resolve(original.name());
        take(combination.request(original, image));
        assertTrue(platform().checkpoints().verify(image).equal());
        Machine restored = platform().checkpoints().restore(image, original.name() + "-restored").machine();
        restored.resume();
        for (Machine machine : List.of(original, restored)) {
            assertTrue(machine.await(Machine.Power.OFF, LIMIT), machine.name() + " does not end");
            assertEquals(Optional.of("SUCCESSFUL"), verification(machine), machine.console().text());
        }
        assertEquals(original.instructions(), restored.instructions());
    }

    private Optional<String> verification(Machine machine) {
        try (Parts.Use<GuestPart> guests = platform().parts().use(GuestPart.class, "guest", machine.spec().guest(), () -> {})) {
            return guests.part().guest(machine.spec().guest()).orElseThrow().verification(machine.console().text());
        }
    }

    private void cancelAgainAndAgain(Combination combination) throws Exception {
        Machine machine = start(AbGuest.spec("ab" + ++machinesMade));
        AbGuest.awaitRounds(machine);
        Path image = folder.resolve(machine.name());
        long whole = take(combination.request(machine, image)).latency().toNanos();
        platform().checkpoints().delete(image);
        for (int i = 0; i < CANCELLATIONS; i++) {
            CheckpointTask task = platform().checkpoints().start(combination.request(machine, image).withOption("rateWindowMs", 0));
            Thread.sleep(Duration.ofNanos(whole * i / CANCELLATIONS));
            task.cancel("the contract says so");
            if (Files.exists(image)) {
                task.await(progress -> {});
                platform().checkpoints().delete(image);
            } else {
                awaitCancelled(task, image);
            }
            assertSame(DirtyLog.NONE, machine.memory().dirtyLog());
            assertNoFiles();
            assertRuns(machine);
        }
    }

    /** It may have been published just before. */
    private void awaitCancelled(CheckpointTask task, Path image) throws Exception {
        try {
            task.await(progress -> {});
            platform().checkpoints().delete(image);
        } catch (CancelledException e) {
            assertTrue(e.getMessage().contains("the contract says so"), e.getMessage());
            assertThrows(CancelledException.class, () -> task.await(progress -> {}), "the outcome stays");
        }
    }

    private Machine start(MachineSpec spec) {
        Machine machine = platform().machines().create(spec);
        machine.start();
        return machine;
    }

    private CheckpointReport take(CheckpointRequest request) throws Exception {
        return platform().checkpoints().start(request).await(progress -> {});
    }

    private static void runTo(long instructions, Machine... machines) throws InterruptedException {
        for (Machine machine : machines) {
            machine.runTo(instructions);
        }
        for (Machine machine : machines) {
            assertTrue(machine.await(Machine.Power.PAUSED, LIMIT), machine.name() + " does not come to instruction " + instructions);
            assertEquals(instructions, machine.instructions(), machine.name());
        }
    }

    private static void assertTwins(Machine one, Machine other) {
        PhysicalMemory a = one.memory();
        PhysicalMemory b = other.memory();
        List<Long> differing = new ArrayList<>();
        for (long page = 0; page < a.pages(); page++) {
            long offset = page * PhysicalMemory.PAGE_SIZE;
            if (PageDigest.of(a.hostAddress() + offset) != PageDigest.of(b.hostAddress() + offset)) {
                differing.add(page);
            }
        }
        assertEquals(List.of(), differing, "pages that differ");
        List<State> states = other.saveState();
        for (State state : one.saveState()) {
            State twin = states.stream().filter(s -> s.name().equals(state.name())).findFirst().orElseThrow();
            assertEquals(List.of(), state.differences(twin), state.name());
        }
    }

    private static void assertRuns(Machine machine) throws InterruptedException {
        long before = machine.instructions();
        for (long end = System.nanoTime() + LIMIT.toNanos(); machine.instructions() == before && System.nanoTime() < end;) {
            Thread.sleep(1);
        }
        assertTrue(machine.instructions() > before, "the guest must go on");
    }

    private void assertNoFiles() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(List.of(), files.toList());
        }
    }
}
