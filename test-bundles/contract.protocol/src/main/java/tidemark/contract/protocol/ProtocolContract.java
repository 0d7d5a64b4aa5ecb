package tidemark.contract.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tidemark.api.checkpoint.CancelledException;
import tidemark.api.checkpoint.CheckpointException;
import tidemark.api.checkpoint.CheckpointProtocol;
import tidemark.api.checkpoint.CheckpointRequest;
import tidemark.api.checkpoint.CheckpointTask;
import tidemark.api.checkpoint.ImageLayout;
import tidemark.api.machine.GuestPart;
import tidemark.api.machine.Machine;
import tidemark.api.machine.Parts;
import tidemark.api.memory.DirtyLog;
import tidemark.contract.OutOfTime;
import tidemark.contract.WhenBroken;
import tidemark.contract.protocol.FaultyLayout.Fault;
import tidemark.contract.protocol.FaultyLayout.Step;

/**
 * What every checkpoint protocol must keep, beside what every checkpoint must. The guests are {@code ab}, in which one lost page shows, and
 * {@code storm}, which writes as fast as it can and knows what must be in memory.
 */
public abstract class ProtocolContract extends CheckpointContract {
    private static final int CANCELLATIONS = 6;
    private static final int MIDWAY = 5;
    private static final long TIME_LIMIT_MS = 1000;
    private static final long SLOW_MS = 20;
    private static final Duration STOPS_WITHIN = Duration.ofSeconds(10);

    /** Names of the protocols that are judged. */
    protected abstract Stream<String> protocols();

    @TestFactory
    @WhenBroken("A page of the image is not that of the instant of saveDevices: the guest writes as fast as it can, and its own sums tell"
            + " what must be in memory")
    Stream<DynamicTest> stormEndsWellInTheOriginalAndInTheRestoredMachine() {
        return each(protocols(), this::saveStorm);
    }

    @TestFactory
    @WhenBroken("Let CheckpointException and InterruptedException of the session's verbs pass; catch nothing, wait for nothing but the session")
    Stream<DynamicTest> cancelAtAnyTimeLeavesTheGuestRunningUntrackedAndNoImage() {
        return each(protocols(), this::cancelAgainAndAgain);
    }

    private record Failing(String protocol, Step step, int batch) {
        @Override
        public String toString() {
            return protocol + ", " + step.name().toLowerCase(Locale.ROOT) + (step == Step.PAGES ? ", batch " + batch : "");
        }
    }

    @TestFactory
    @WhenBroken("The store refused a write: let the exception of the verb pass, and the session cleans up")
    Stream<DynamicTest> noImageIsLeftAndTheGuestGoesOnWhenTheStoreFails() {
        return each(protocols().flatMap(protocol -> Stream.of(new Failing(protocol, Step.PAGES, 0), new Failing(protocol, Step.PAGES, MIDWAY),
                new Failing(protocol, Step.STATES, 0), new Failing(protocol, Step.MANIFEST, 0))), this::failStore);
    }

    @TestFactory
    @WhenBroken("The machine went away: the verb says so, let its exception pass")
    Stream<DynamicTest> checkpointOfAMachineThatIsDestroyedFailsAndLeavesNoImage() {
        return each(protocols(), this::destroyMidway);
    }

    @TestFactory
    @WhenBroken("The protocol's bundle was stopped: take must return, by the exception of the verb that it is in, or it holds the platform up")
    Stream<DynamicTest> protocolThatIsStoppedMidwayLeavesTheGuestRunningAndNoImage() {
        return each(protocols(), this::withdrawMidway);
    }

    @TestFactory
    @WhenBroken("The guest writes every page all the time, so that there is always something left to copy: ask session.converged in the loop of rounds")
    Stream<DynamicTest> checkpointEndsInTimeThoughTheGuestNeverStopsWriting() {
        return each(protocols(), this::takeInTime);
    }

    @TestFactory
    @WhenBroken("One protocol serves several checkpoints at once: keep what belongs to one in local variables of take, not in fields")
    Stream<DynamicTest> twoCheckpointsAtOnceDoNotDisturbEachOther() {
        return each(protocols(), this::takeTwoAtOnce);
    }

    private void saveStorm(String protocol) throws Exception {
        Combination combination = Combination.of(protocol);
        Machine original = start(combination.machine(newName(), "storm", 20, "workingSetMiB=8 rateMiBps=0 seconds=1 bytesPerPage=64"));
        OutOfTime.unless(original.console().expect(Pattern.compile("storm: workingSet"), 0, LIMIT).isPresent(), "storm does not begin");
        Path image = image(original);
        take(combination.request(original.name(), image));
        assertProven(image);
        Machine restored = restore(image, original);
        restored.resume();
        for (Machine machine : List.of(original, restored)) {
            OutOfTime.unless(machine.await(Machine.Power.OFF, LIMIT), machine.name() + " does not end");
            assertEquals(Optional.of("SUCCESSFUL"), verification(machine), machine.console().text());
        }
        assertEquals(original.instructions(), restored.instructions(), "Instructions to the end of the original and of the restored machine");
        platform().checkpoints().delete(image);
    }

    private Optional<String> verification(Machine machine) {
        try (Parts.Use<GuestPart> guests = platform().parts().use(GuestPart.class, "guest", machine.spec().guest(), () -> {})) {
            return guests.part().guest(machine.spec().guest()).orElseThrow().verification(machine.console().text());
        }
    }

    private void cancelAgainAndAgain(String protocol) throws Exception {
        Machine machine = startAb(Combination.of(protocol));
        CheckpointRequest request = request(protocol, machine);
        long whole = take(request).latency().toNanos();
        platform().checkpoints().delete(request.image());
        for (int i = 0; i < CANCELLATIONS; i++) {
            CheckpointTask task = platform().checkpoints().start(request.withOption("rateWindowMs", 0));
            Thread.sleep(Duration.ofNanos(whole * i / CANCELLATIONS));
            task.cancel("the contract says so");
            if (Files.exists(request.image())) {
                task.await(progress -> {});
                platform().checkpoints().delete(request.image());
            } else {
                awaitEnd(task, "the contract says so");
            }
            assertLeftAlone(machine);
        }
    }

    /** It is cancelled; or was published just before. */
    private void awaitEnd(CheckpointTask task, String reason) throws Exception {
        try {
            task.await(progress -> {});
            platform().checkpoints().delete(task.request().image());
        } catch (CancelledException e) {
            assertTrue(e.getMessage().contains(reason), e.getMessage());
            assertThrows(CancelledException.class, () -> task.await(progress -> {}), "the outcome stays");
        }
    }

    private void failStore(Failing failing) throws Exception {
        Machine machine = startAb(Combination.of(failing.protocol));
        try (Platform.Deployment _ = deploy(machine.name(), (step, batch) -> {
            if (step == failing.step && batch == failing.batch) {
                throw new IOException("no space left");
            }
        })) {
            CheckpointTask task = platform().checkpoints().start(request(failing.protocol, machine).withLayout(machine.name()));
            CheckpointException e = assertThrows(CheckpointException.class, () -> task.await(progress -> {}), "The store failed; so must the checkpoint");
            assertTrue(e.getMessage().contains("no space left") && e.getMessage().contains("the guest goes on"), e.getMessage());
        }
        assertLeftAlone(machine);
    }

    private void destroyMidway(String protocol) throws Exception {
        Machine machine = startAb(Combination.of(protocol));
        CountDownLatch copying = new CountDownLatch(1);
        try (Platform.Deployment _ = deploy(machine.name(), (step, batch) -> {
            copying.countDown();
            awaitOff(machine);
        })) {
            CheckpointTask task = platform().checkpoints().start(request(protocol, machine).withLayout(machine.name()));
            copying.await();
            platform().machines().destroy(machine.name());
            CheckpointException e = assertThrows(CheckpointException.class, () -> task.await(progress -> {}));
            assertTrue(e.getMessage().contains("the machine is off"), e.getMessage());
        }
        assertNoFiles();
    }

    private static void awaitOff(Machine machine) {
        while (machine.status().power() != Machine.Power.OFF) {
            Thread.onSpinWait();
        }
    }

    private void withdrawMidway(String protocol) throws Exception {
        Machine machine = startAb(Combination.of(protocol));
        CountDownLatch copying = new CountDownLatch(1);
        try (Platform.Deployment _ = deploy(machine.name(), (step, batch) -> {
            copying.countDown();
            sleep(SLOW_MS);
        }); Parts.Use<CheckpointProtocol> use = platform().parts().use(CheckpointProtocol.class, "protocol", protocol, () -> {})) {
            String name = machine.name();
            Platform.Deployment withdrawn = platform().deploy(CheckpointProtocol.class, CheckpointProtocol.NAME, name, use.part());
            try (withdrawn) {
                CheckpointTask task = platform().checkpoints().start(request(name, machine).withLayout(machine.name()));
                copying.await();
                long before = System.nanoTime();
                withdrawn.close();
                Duration stopping = Duration.ofNanos(System.nanoTime() - before);
                OutOfTime.unless(stopping.compareTo(STOPS_WITHIN) < 0, "It took " + stopping + " until take had returned and the bundle could stop");
                awaitEnd(task, "was stopped, updated or uninstalled");
            }
        }
        assertLeftAlone(machine);
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void takeInTime(String protocol) throws Exception {
        Machine machine = startAb(Combination.of(protocol));
        CheckpointRequest request = request(protocol, machine).withOption("timeLimitMs", TIME_LIMIT_MS);
        try {
            take(request);
        } catch (CheckpointException e) {
            OutOfTime.unless(!e.getMessage().contains("it is not done after "), e.getMessage());
            throw e;
        }
        platform().checkpoints().delete(request.image());
    }

    private void takeTwoAtOnce(String protocol) throws Exception {
        List<Machine> machines = List.of(startAb(Combination.of(protocol)), startAb(Combination.of(protocol)));
        List<CheckpointRequest> requests = machines.stream().map(machine -> request(protocol, machine)).toList();
        CheckpointTask[] tasks = {platform().checkpoints().start(requests.getFirst()), platform().checkpoints().start(requests.getLast())};
        for (CheckpointTask task : tasks) {
            task.await(progress -> {});
        }
        for (CheckpointRequest request : requests) {
            assertProven(request.image());
            platform().checkpoints().delete(request.image());
        }
    }

    private CheckpointRequest request(String protocol, Machine machine) {
        return Combination.of(protocol).request(machine.name(), image(machine));
    }

    /** A layout of this name in which something happens. */
    private Platform.Deployment deploy(String name, Fault fault) {
        Parts.Use<ImageLayout> layout = platform().parts().use(ImageLayout.class, "layout", CheckpointRequest.DEFAULT_LAYOUT, () -> {});
        Platform.Deployment faulty = platform().deploy(ImageLayout.class, ImageLayout.NAME, name, new FaultyLayout(layout.part(), fault));
        return () -> Arrays.asList(faulty, (Platform.Deployment) layout::close).forEach(Platform.Deployment::close);
    }

    private void assertLeftAlone(Machine machine) throws Exception {
        platform().checkpoints().endIncrements(machine.name());
        assertSame(DirtyLog.NONE, machine.memory().dirtyLog(), "The dirty log that is left");
        assertNoFiles();
        assertRuns(machine);
    }
}
