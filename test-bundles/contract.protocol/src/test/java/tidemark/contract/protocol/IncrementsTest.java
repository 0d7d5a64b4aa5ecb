package tidemark.contract.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tidemark.api.checkpoint.CheckpointException;
import tidemark.api.checkpoint.CheckpointReport;
import tidemark.api.checkpoint.CheckpointRequest;
import tidemark.api.checkpoint.CheckpointTask;
import tidemark.api.checkpoint.Checkpoints;
import tidemark.api.checkpoint.Checkpoints.Rollback;
import tidemark.api.checkpoint.DirtyTrace;
import tidemark.api.checkpoint.ImageLayout;
import tidemark.api.checkpoint.ImageReader;
import tidemark.api.machine.Machine;
import tidemark.api.machine.MachineException;
import tidemark.api.machine.Parts;
import tidemark.api.memory.DirtyLog;
import tidemark.contract.OutOfTime;
import tidemark.contract.protocol.FaultyLayout.Step;

/** Images of which each has only what was written since the one before: on every tracker and layout, and whatever happens between two of them. */
class IncrementsTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String NAME = "m";

    private final Platform platform = new DeployedProtocolsTest().platform();
    private final Checkpoints checkpoints = platform.checkpoints();
    @TempDir
    Path folder;

    @AfterEach
    void destroy() {
        platform.machines().list().forEach(machine -> platform.machines().destroy(machine.name()));
    }

    static List<Combination> combinations() {
        return Combination.all(new DeployedProtocolsTest().platform().parts()).filter(combination -> combination.parts().get("protocol").equals("incremental"))
                .toList();
    }

    /** Every tracker and every layout, but not each with each; all with {@code -Dtidemark.increments.all=true}. */
    static List<Combination> pairs() {
        List<Combination> all = combinations();
        List<String> trackers = distinct(all, "tracker");
        List<String> layouts = distinct(all, "layout");
        return all.stream().filter(combination -> Boolean.getBoolean("tidemark.increments.all") || combination.parts().containsKey("tracker")
                && layouts.get(trackers.indexOf(combination.parts().get("tracker")) % layouts.size()).equals(combination.parts().get("layout"))).toList();
    }

    private static List<String> distinct(List<Combination> all, String kind) {
        return all.stream().map(combination -> combination.parts().get(kind)).filter(Objects::nonNull).distinct().toList();
    }

    /** Writes 2 MiB of its RAM slowly, and knows what must be in them. */
    private Machine startStorm(Combination combination) throws Exception {
        Machine machine = platform.machines().create(combination.machine(NAME, "storm", 20, "workingSetMiB=2 rateMiBps=0 seconds=600 bytesPerPage=64"));
        machine.start();
        OutOfTime.unless(machine.console().expect(Pattern.compile("storm: workingSet"), 0, LIMIT).isPresent(), "storm does not begin");
        return machine;
    }

    private Machine startAb(Combination combination) throws Exception {
        Machine machine = platform.machines().create(AbGuest.spec(NAME, combination));
        machine.start();
        AbGuest.awaitRounds(machine);
        return machine;
    }

    private CheckpointRequest request(Combination combination, String image) {
        return combination.request(NAME, folder.resolve(image));
    }

    private CheckpointReport take(Combination combination, String image) throws Exception {
        return checkpoints.start(request(combination, image)).await(progress -> {});
    }

    private Optional<String> parent(String image) throws CheckpointException {
        try (ImageReader reader = checkpoints.open(folder.resolve(image))) {
            return reader.parent().map(ImageReader.Parent::file);
        }
    }

    private void assertProven(String... images) throws CheckpointException {
        for (String image : images) {
            assertTrue(checkpoints.verify(folder.resolve(image)).equal(), () -> image + " is not what the machine was");
        }
    }

    private static void run(Machine machine) throws InterruptedException {
        long goal = machine.instructions() + 200_000;
        while (machine.instructions() < goal) {
            Thread.sleep(1);
        }
    }

    @ParameterizedTest
    @MethodSource("combinations")
    void everyImageOfALineIsProvenAndIncrementsAreSmall(Combination combination) throws Exception {
        Machine machine = startStorm(combination);
        CheckpointReport whole = take(combination, "a");
        run(machine);
        CheckpointReport second = take(combination, "b");
        run(machine);
        take(combination, "c");
        assertEquals(List.of(Optional.empty(), Optional.of("a"), Optional.of("b")), List.of(parent("a"), parent("b"), parent("c")));
        assertProven("a", "b", "c");
        assertTrue(second.pagesCopied() < whole.pagesCopied(), () -> second.pagesCopied() + " pages, the whole " + whole.pagesCopied());
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void anIncrementThatFailsLosesNothing(Combination combination) throws Exception {
        Machine machine = startAb(combination);
        take(combination, "a");
        run(machine);
        for (Step step : Step.values()) {
            Parts.Use<ImageLayout> layout = platform.parts().use(ImageLayout.class, "layout", "stream", () -> {});
            try (Platform.Deployment _ = platform.deploy(ImageLayout.class, ImageLayout.NAME, "faulty", new FaultyLayout(layout.part(), (at, batch) -> {
                if (at == step && (at != Step.PAGES || batch > 3)) {
                    throw new IOException("no space left");
                }
            }))) {
                CheckpointTask failing = checkpoints.start(request(combination, "failed").withLayout("faulty"));
                assertThrows(CheckpointException.class, () -> failing.await(progress -> {}));
            }
        }
        take(combination, "b");
        assertEquals(Optional.of("a"), parent("b"));
        assertProven("b");
        Machine restored = checkpoints.restore(folder.resolve("b"), "restored").machine();
        AbGuest.assertOneInstant(restored.memory());
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void otherCheckpointsBetweenTwoIncrementsTakeNothingFromThem(Combination combination) throws Exception {
        Machine machine = startStorm(combination);
        take(combination, "a");
        for (String other : List.of("thread", "stop", "cow", "thread-hash")) {
            run(machine);
            CheckpointRequest request = request(combination, other);
            checkpoints.start(new CheckpointRequest(NAME, request.image(), other, request.tracker(), request.copier(), request.layout(), request.stop(), true,
                    request.withOption("maxRounds", 3).options())).await(progress -> {});
        }
        take(combination, "b");
        assertEquals(Optional.of("a"), parent("b"));
        assertProven("b", "thread", "stop", "cow", "thread-hash");
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void aMachineGoesBackToAnyOfItsImagesAndOnFromThere(Combination combination) throws Exception {
        Machine machine = startStorm(combination);
        for (String image : List.of("a", "b", "c")) {
            take(combination, image);
            run(machine);
        }
        machine.pause();
        Rollback newest = checkpoints.rollback(NAME, Optional.empty(), 0);
        assertEquals(folder.resolve("c"), newest.image());
        assertIs(machine, "c");
        assertEquals(folder.resolve("a"), checkpoints.rollback(NAME, Optional.of(folder.resolve("b")), 1).image());
        assertIs(machine, "a");
        machine.resume();
        run(machine);
        take(combination, "d");
        assertEquals(Optional.of("a"), parent("d"));
        assertProven("b", "c", "d");
        assertTrue(newest.pages() < machine.memory().pages(), newest + " of " + machine.memory().pages() + " pages");
    }

    /** It is what the image says, and goes on as a machine that was restored from it. */
    private void assertIs(Machine machine, String image) throws Exception {
        Machine restored = checkpoints.restore(folder.resolve(image), "twin-" + image).machine();
        CheckpointContract.assertTwins(machine, restored);
        CheckpointContract.runTo(machine.instructions() + 300_000, machine, restored);
        CheckpointContract.assertTwins(machine, restored);
    }

    @Test
    void aMachineGoesBackWhileItRuns() throws Exception {
        Combination combination = Combination.of("incremental").with("layout", "mapped");
        Machine machine = startAb(combination);
        take(combination, "a");
        for (int i = 0; i < 20; i++) {
            run(machine);
            checkpoints.rollback(NAME, Optional.empty(), 0);
        }
        CheckpointContract.assertRuns(machine);
        take(combination, "b");
        assertProven("b");
        AbGuest.assertOneInstant(checkpoints.restore(folder.resolve("b"), "restored").machine().memory());
    }

    @Test
    void rollbacksThatCannotBeAreRefusedAndChangeNothing() throws Exception {
        Combination combination = Combination.of("incremental");
        Machine machine = startStorm(combination);
        assertRefused("has no increments that go on", Optional.empty(), 0);
        take(combination, "a");
        take(combination, "b");
        assertRefused("there are 1 images before b, not 2", Optional.empty(), 2);
        assertRefused("is neither b nor one of its ancestors", Optional.of(folder.resolve("other")), 0);
        Files.move(folder.resolve("a"), folder.resolve("moved"));
        assertRefused("is an increment of a, which is not beside it", Optional.empty(), 0);
        Files.move(folder.resolve("moved"), folder.resolve("a"));
        CheckpointContract.assertRuns(machine);
        take(combination, "c");
        assertProven("c");
        checkpoints.delete(folder.resolve("c"));
        assertRefused("There is no image", Optional.empty(), 0);
        take(Combination.of("stop"), "c");
        assertRefused("is another image than the one that was taken", Optional.empty(), 0);
        CheckpointContract.assertRuns(machine);
    }

    private void assertRefused(String why, Optional<Path> image, int back) {
        CheckpointException e = assertThrows(CheckpointException.class, () -> checkpoints.rollback(NAME, image, back));
        assertTrue(e.getMessage().contains(why), e.getMessage());
    }

    @Test
    void aTraceBetweenIncrementsShowsTheWorkingSetAndTakesNothingFromThem() throws Exception {
        Combination combination = Combination.of("incremental");
        Machine machine = startStorm(combination);
        DirtyTrace alone = checkpoints.traceDirtyPages(NAME, "card", Duration.ofMillis(50), Duration.ofMillis(500), epoch -> {});
        assertEquals(10, alone.epochs().size());
        // the guest writes 2 MiB, and a few pages of its own
        assertTrue(alone.distinct() >= 512 && alone.distinct() < 600, alone.toString());
        assertEquals(alone.distinct(), alone.epochs().getLast().distinct());
        assertSame(DirtyLog.NONE, machine.memory().dirtyLog());
        take(combination, "a");
        checkpoints.traceDirtyPages(NAME, "writefault", Duration.ofMillis(20), Duration.ofMillis(200), epoch -> {
            CheckpointException e = assertThrows(CheckpointException.class, () -> take(combination, "b"));
            assertTrue(e.getMessage().contains("is being watched"), e.getMessage());
        });
        take(combination, "b");
        assertEquals(Optional.of("a"), parent("b"));
        assertProven("b");
    }

    @Test
    void whatIsPutIntoTheMachineBetweenTwoIncrementsIsInTheSecond() throws Exception {
        Combination combination = Combination.of("incremental");
        Machine machine = startAb(combination);
        take(combination, "a");
        run(machine);
        machine.pause();
        checkpoints.restoreInto(folder.resolve("a"), machine);
        machine.resume();
        take(combination, "b");
        assertEquals(Optional.of("a"), parent("b"));
        assertProven("b");
    }

    @Test
    void parentIsNotDeletedUntilItsChildIsWhole() throws Exception {
        Combination combination = Combination.of("incremental").with("layout", "mapped");
        Machine machine = startStorm(combination);
        take(combination, "a");
        take(combination, "b");
        take(combination, "c");
        CheckpointException e = assertThrows(CheckpointException.class, () -> checkpoints.delete(folder.resolve("a")));
        assertTrue(e.getMessage().contains("is needed by b, an increment of it"), e.getMessage());
        assertThrows(CheckpointException.class, () -> checkpoints.restoreLazily(folder.resolve("b"), "lazy", tidemark.api.checkpoint.RestoreGrants.NONE));

        assertThrows(CheckpointException.class, () -> checkpoints.deleteAll(List.of(folder.resolve("a"), folder.resolve("b"))));
        assertTrue(Files.exists(folder.resolve("b")), "nothing is deleted if one is needed");
        checkpoints.merge(folder.resolve("b"), Optional.empty());
        assertEquals(Optional.empty(), parent("b"));
        checkpoints.delete(folder.resolve("a"));
        assertProven("b", "c");
        checkpoints.restoreLazily(folder.resolve("b"), "lazy", tidemark.api.checkpoint.RestoreGrants.NONE);
        run(machine);
        take(combination, "d");
        assertEquals(Optional.of("c"), parent("d"));
        assertProven("d");
        checkpoints.merge(folder.resolve("d"), Optional.empty());
        checkpoints.merge(folder.resolve("d"), Optional.empty());
        assertProven("d");
        checkpoints.deleteAll(List.of(folder.resolve("b"), folder.resolve("c")));
        assertEquals(List.of(folder.resolve("d")), checkpoints.list(folder));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void anIncrementTakesWhatThoseBetweenItAndAnAncestorHave(Combination combination) throws Exception {
        Machine machine = startStorm(combination);
        for (String image : List.of("a", "b", "c", "d")) {
            take(combination, image);
            machine.memory().write(machine.memory().base() + (12 << 20), new byte[1 << 16], 0, 1 << 16); // pages of zeros in each
            run(machine);
        }
        checkpoints.merge(folder.resolve("c"), Optional.of(folder.resolve("a")));
        assertEquals(Optional.of("a"), parent("c"));
        checkpoints.delete(folder.resolve("b"));
        assertProven("c", "d");
        assertRefusedToMerge("is neither d nor one of its ancestors", "d", "other");
        checkpoints.merge(folder.resolve("d"), Optional.of(folder.resolve("c")));
        checkpoints.merge(folder.resolve("d"), Optional.of(folder.resolve("d")));
        assertEquals(Optional.of("c"), parent("d"));
        checkpoints.merge(folder.resolve("d"), Optional.empty());
        assertProven("d");
    }

    private void assertRefusedToMerge(String why, String image, String onto) {
        CheckpointException e = assertThrows(CheckpointException.class, () -> checkpoints.merge(folder.resolve(image), Optional.of(folder.resolve(onto))));
        assertTrue(e.getMessage().contains(why), e.getMessage());
    }

    @Test
    void withoutItsParentBesideItAnIncrementIsRefusedAndTheNextIsWhole() throws Exception {
        Combination combination = Combination.of("incremental");
        startStorm(combination);
        take(combination, "a");
        take(combination, "b");
        Files.move(folder.resolve("a"), folder.resolve("elsewhere"));
        CheckpointException missing = assertThrows(CheckpointException.class, () -> checkpoints.restore(folder.resolve("b"), "x"));
        assertTrue(missing.getMessage().contains("is an increment of a, which is not beside it"), missing.getMessage());
        Files.copy(folder.resolve("b"), folder.resolve("a"));
        CheckpointException other = assertThrows(CheckpointException.class, () -> checkpoints.restore(folder.resolve("b"), "x"));
        assertTrue(other.getMessage().contains("is an increment of another image than the a beside it"), other.getMessage());
        Files.move(folder.resolve("b"), folder.resolve("gone"));
        take(combination, "c");
        assertEquals(Optional.empty(), parent("c"));
        assertProven("c");
        checkpoints.delete(folder.resolve("c"));
        take(Combination.of("stop"), "c"); // another image in its place
        take(combination, "d");
        assertEquals(Optional.empty(), parent("d"));
        assertProven("d");
    }

    @Test
    void logGoesOnBetweenIncrementsUntilTheyAreEnded() throws Exception {
        Combination combination = Combination.of("incremental");
        Machine machine = startStorm(combination);
        assertEquals(Optional.empty(), checkpoints.endIncrements(NAME));
        take(combination, "a");
        assertFalse(machine.memory().dirtyLog() == DirtyLog.NONE);
        CheckpointTask otherTracker = checkpoints.start(request(combination.with("tracker", "card"), "b"));
        CheckpointException e = assertThrows(CheckpointException.class, () -> otherTracker.await(progress -> {}));
        assertTrue(e.getMessage().contains("is tracked by 'writefault' for its increments") && e.getMessage().contains("checkpoint:end m"), e.getMessage());
        MachineException memory = assertThrows(MachineException.class, () -> machine.use("memory", "flat"));
        assertTrue(memory.getMessage().contains("checkpoint:end m"), memory.getMessage());

        assertEquals(Optional.of(folder.resolve("a")), checkpoints.endIncrements(NAME));
        assertSame(DirtyLog.NONE, machine.memory().dirtyLog());
        take(combination.with("tracker", "card"), "b");
        assertEquals(Optional.empty(), parent("b"));
        assertProven("b");
    }
}
