package tidemark.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import tidemark.api.checkpoint.CheckpointException;
import tidemark.api.checkpoint.CheckpointProtocol;
import tidemark.api.checkpoint.CheckpointReport;
import tidemark.api.checkpoint.CheckpointRequest;
import tidemark.api.checkpoint.CheckpointTask;
import tidemark.api.checkpoint.Checkpoints;
import tidemark.api.machine.Machine;
import tidemark.api.machine.MachineSpec;
import tidemark.api.machine.Machines;
import tidemark.api.machine.Parts;
import tidemark.api.memory.DirtyLog;
import tidemark.exam.PaxExam;

/** Parts that come and go while a guest runs and while a checkpoint is taken of it. */
@ExtendWith(PaxExam.class)
public class DeploymentIT {
    private Machine machine;
    private Path folder;

    @Configuration
    public static Option[] platform() throws Exception {
        return Platform.options();
    }

    @BeforeEach
    public void startGuest(Machines machines) throws Exception {
        folder = Platform.folder("checkpoints");
        machine = machines.create(MachineSpec.of(Map.of("name", "m1", "guest", "storm", "ram", "64",
                "arguments", "workingSetMiB=8 rateMiBps=0 seconds=3600")));
        machine.start();
        assertGuestRuns();
    }

    @AfterEach
    public void destroy(Machines machines) {
        machines.destroy("m1");
    }

    @Test
    public void aProtocolDroppedIntoTheFolderSavesAGuestThatWasStartedBefore(BundleContext context, Checkpoints checkpoints, Parts parts)
            throws Exception {
        Path dropped = Path.of(context.getProperty("tidemark.home"), "plugins", "archetype.jar");
        CheckpointRequest request = CheckpointRequest.of("m1", folder.resolve("one.tdm"), "sample").withOracle(true);
        CheckpointException unknown = assertThrows(CheckpointException.class, () -> checkpoints.start(request));
        assertTrue(unknown.getMessage().contains("sample"), unknown.getMessage());

        Files.copy(archetype(), dropped);
        Platform.await("protocol sample is listed", () -> parts.names("protocol").contains("sample"));
        CheckpointReport report = checkpoints.start(request).await(progress -> {});
        assertTrue(report.rounds() >= 2, report.rounds() + " rounds");
        assertTrue(checkpoints.verify(request.image()).equal());

        Bundle bundle = bundle(context, "tidemark.archetype");
        long before = bundle.getLastModified();
        Files.write(dropped, JarFiles.with(archetype(), "another", new byte[1]));
        Platform.await("updated", () -> bundle.getLastModified() > before && parts.names("protocol").contains("sample"));
        checkpoints.start(CheckpointRequest.of("m1", folder.resolve("two.tdm"), "sample")).await(progress -> {});

        Files.delete(dropped);
        Platform.await("removed", () -> !parts.names("protocol").contains("sample"));
        assertThrows(CheckpointException.class, () -> checkpoints.start(CheckpointRequest.of("m1", folder.resolve("three.tdm"), "sample")));
        assertGuestRuns();
    }

    @Test
    public void aProtocolIsUsableWithinASecondAfterItsFileLands(BundleContext context, Parts parts) throws Exception {
        Path dropped = Path.of(context.getProperty("tidemark.home"), "plugins", "archetype.jar");
        Path beside = folder.resolve("archetype.jar");
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            Files.copy(archetype(), beside);
            long landed = System.nanoTime();
            Files.move(beside, dropped);
            Platform.await("protocol sample is usable", () -> parts.names("protocol").contains("sample"));
            parts.use(CheckpointProtocol.class, "protocol", "sample", () -> {}).close();
            least = Math.min(least, System.nanoTime() - landed);
            Files.delete(dropped);
            Platform.await("removed", () -> !parts.names("protocol").contains("sample"));
        }
        System.out.println("A protocol is usable " + least / 1_000_000 + " ms after its file lands");
        assertTrue(least <= 1_000_000_000L, least + " ns");
    }

    @Test
    public void aGuestGoesOnWhenIdlePartsAreStoppedUpdatedAndUninstalled(BundleContext context, Checkpoints checkpoints) throws Exception {
        for (String name : List.of("protocol.thread", "tracker.writefault", "copier.single")) {
            Bundle bundle = bundle(context, "tidemark." + name);
            bundle.stop();
            assertThrows(CheckpointException.class, () -> checkpoints.start(CheckpointRequest.of("m1", folder.resolve("x.tdm"), "thread")));
            bundle.start();
            bundle.update();
            String location = bundle.getLocation();
            bundle.uninstall();
            assertGuestRuns();
            context.installBundle(location).start();
        }
        checkpoints.start(CheckpointRequest.of("m1", folder.resolve("after.tdm"), "thread")).await(progress -> {});
        assertGuestRuns();
    }

    @Test
    public void aCheckpointInFlightEndsCleanlyWhenItsProtocolStops(BundleContext context, Checkpoints checkpoints) throws Exception {
        endsCleanly(context, checkpoints, "protocol.live", Bundle::stop);
    }

    @Test
    public void aCheckpointInFlightEndsCleanlyWhenItsProtocolIsUpdatedAndTheNextIsByTheNewOne(BundleContext context, Checkpoints checkpoints) throws Exception {
        endsCleanly(context, checkpoints, "protocol.live", Bundle::update);
        CheckpointRequest next = CheckpointRequest.of("m1", folder.resolve("next.tdm"), "live").withOracle(true).withOption("bandwidthLimitMiBps", 1000);
        assertTrue(checkpoints.verify(checkpoints.start(next).await(progress -> {}).request().image()).equal());
    }

    @Test
    public void aCheckpointInFlightEndsCleanlyWhenItsTrackerIsUpdated(BundleContext context, Checkpoints checkpoints) throws Exception {
        endsCleanly(context, checkpoints, "tracker.writefault", Bundle::update);
    }

    @Test
    public void aCheckpointInFlightEndsCleanlyWhenItsCopierIsUninstalled(BundleContext context, Checkpoints checkpoints) throws Exception {
        endsCleanly(context, checkpoints, "copier.single", Bundle::uninstall);
    }

    @Test
    public void aGuestFreezesWithoutItsCpuAndGoesOnWhenItIsBack(BundleContext context) throws Exception {
        machine.use("cpu", "interpreter");
        Bundle cpu = bundle(context, "tidemark.cpu.interpreter");
        cpu.stop();
        assertEquals(Machine.Power.FROZEN, machine.status().power());
        assertTrue(machine.status().reason().contains("interpreter"), machine.status().reason());
        long frozen = machine.instructions();
        Thread.sleep(100);
        assertEquals(frozen, machine.instructions());
        cpu.start();
        Platform.await("thawed", () -> machine.status().power() == Machine.Power.RUNNING);
        assertGuestRuns();
    }

    @Test
    public void aGuestOnTheFastestEngineGoesOnWithTheNextFastestWhenItsBundleGoes(BundleContext context) throws Exception {
        assertEquals("auto", machine.spec().cpu());
        Bundle fastest = bundle(context, "tidemark.cpu.native");
        Bundle next = bundle(context, "tidemark.cpu.translator");
        Platform.await("translated", () -> machine.translatedInstructions() > 0);
        fastest.stop();
        assertGuestRuns();
        next.stop();
        Platform.await("interpreted", () -> machine.translatedInstructions() == 0);
        assertGuestRuns();
        next.start();
        fastest.start();
        Platform.await("translated again", () -> machine.translatedInstructions() > 0);
        assertGuestRuns();
    }

    private interface BundleAction {
        void on(Bundle bundle) throws Exception;
    }

    private void endsCleanly(BundleContext context, Checkpoints checkpoints, String part, BundleAction action) throws Exception {
        Bundle bundle = bundle(context, "tidemark." + part);
        String location = bundle.getLocation();
        // slow enough to be in flight for minutes
        CheckpointTask task = checkpoints.start(CheckpointRequest.of("m1", folder.resolve("flight.tdm"), "live").withOption("bandwidthLimitMiBps", 1));
        Platform.await("copying", () -> task.progress().pagesCopied() > 0);
        try {
            action.on(bundle);
            CheckpointException end = assertThrows(CheckpointException.class, () -> task.await(progress -> {}));
            assertTrue(end.getMessage().contains(part.substring(part.indexOf('.') + 1)), end.getMessage());
            assertEquals(List.of(), filesIn(folder));
            assertEquals(DirtyLog.NONE, machine.memory().dirtyLog());
            assertGuestRuns();
        } finally {
            if (bundle.getState() == Bundle.UNINSTALLED) {
                context.installBundle(location).start();
            } else {
                bundle.start();
            }
        }
        checkpoints.start(CheckpointRequest.of("m1", folder.resolve("after.tdm"), "thread")).await(progress -> {});
        assertFalse(filesIn(folder).isEmpty());
    }

    private void assertGuestRuns() throws Exception {
        assertTrue(machine.await(Machine.Power.RUNNING, Duration.ofSeconds(5)), () -> machine.status().toString());
        long before = machine.instructions();
        Platform.await("guest runs", () -> machine.instructions() > before);
    }

    private static List<Path> filesIn(Path folder) throws Exception {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    private static Bundle bundle(BundleContext context, String symbolicName) {
        Predicate<Bundle> named = bundle -> symbolicName.equals(bundle.getSymbolicName());
        return Arrays.stream(context.getBundles()).filter(named).findFirst().orElseThrow(() -> new AssertionError("no bundle " + symbolicName));
    }

    private static Path archetype() throws Exception {
        try (Stream<Path> files = Files.list(Platform.ROOT.resolve("test-bundles/archetype/target"))) {
            return files.filter(file -> file.toString().endsWith(".jar")).findFirst().orElseThrow();
        }
    }
}
