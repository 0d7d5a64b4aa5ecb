package tidemark.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
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
import tidemark.api.checkpoint.CheckpointReport;
import tidemark.api.checkpoint.CheckpointRequest;
import tidemark.api.checkpoint.Checkpoints;
import tidemark.api.machine.Machine;
import tidemark.api.machine.Machine.Power;
import tidemark.api.machine.MachineException;
import tidemark.api.machine.MachineSpec;
import tidemark.api.machine.Machines;
import tidemark.api.memory.DirtyLog;
import tidemark.exam.PaxExam;

/** Parts that do what no part may: the platform stays whole, the error names the part, the guest goes on or says why not, and a good part takes over. */
@ExtendWith(PaxExam.class)
public class FaultyIT {
    private static final String PATIENCE = "tidemark.patience.ms";
    private static final String BLOCKED = "tidemark.faulty.blocked";
    private static final String SPINNING = "tidemark.faulty.spinning";

    private Bundle faulty;
    private Machine machine;
    private Machine other;
    private Path folder;

    @Configuration
    public static Option[] platform() throws Exception {
        return Platform.options();
    }

    @BeforeEach
    public void startGuests(BundleContext context, Machines machines) throws Exception {
        System.setProperty(PATIENCE, "500");
        try (Stream<Path> files = Files.list(Platform.ROOT.resolve("test-bundles/faulty/target"))) {
            faulty = context.installBundle(files.filter(file -> file.toString().endsWith(".jar")).findFirst().orElseThrow().toUri().toString());
        }
        faulty.start();
        folder = Platform.folder("faulty");
        machine = create(machines, "m1");
        machine.start();
        other = create(machines, "m2");
        other.start();
        assertRuns(machine);
    }

    private static Machine create(Machines machines, String name) {
        return machines.create(MachineSpec.of(Map.of("name", name, "guest", "storm", "ram", "64", "arguments", "workingSetMiB=8 rateMiBps=0 seconds=3600")));
    }

    @AfterEach
    public void destroy(Machines machines) throws Exception {
        for (String property : new String[] {PATIENCE, BLOCKED, SPINNING}) {
            System.clearProperty(property);
        }
        assertRuns(other);
        machines.list().forEach(each -> machines.destroy(each.name()));
        faulty.uninstall();
    }

    private static void assertRuns(Machine machine) throws Exception {
        assertTrue(machine.await(Power.RUNNING, Duration.ofSeconds(5)), () -> machine.status().toString());
        long before = machine.instructions();
        Platform.await("guest runs", () -> machine.instructions() > before);
    }

    private static void assertSaid(String message, String... parts) {
        for (String part : parts) {
            assertTrue(message.contains(part), message + "\nwithout " + part);
        }
    }

    private void refused(String slot, String part, String... said) throws Exception {
        assertSaid(assertThrows(MachineException.class, () -> machine.use(slot, part)).getMessage(), said);
        assertRuns(machine);
    }

    private void goodOneTakesOver() throws Exception {
        machine.use("uart0", "uart");
        assertRuns(machine);
    }

    @Test
    public void aPartThatCannotBeActivatedIsRefused() throws Exception {
        refused("uart0", "fails-in-activate", "fails-in-activate", "tidemark.faulty");
        goodOneTakesOver();
    }

    @Test
    public void aDeviceThatThrowsInLoadLeavesTheFormerOne() throws Exception {
        refused("uart0", "throws-in-load", "'throws-in-load' does not take over as uart0", "faulty: no load today", "'uart' goes on");
        goodOneTakesOver();
    }

    @Test
    public void aDeviceThatThrowsInAnAccessStopsItsOwnMachineOnlyWhichSaysWhy(Machines machines) throws Exception {
        Machine third = create(machines, "m3");
        third.use("uart0", "throws-in-access");
        third.start();
        Platform.await("frozen", () -> third.status().power() == Power.FROZEN);
        assertSaid(third.status().reason(), "device uart0, part 'throws-in-access', threw", "faulty: no access today", "reset the machine");
        assertRuns(machine);
        assertSaid(assertThrows(MachineException.class, () -> third.use("uart0", "uart")).getMessage(),
                "'throws-in-access' goes on", "vm:stop m3", "vm:use", "vm:start");
        third.powerOff();
        third.use("uart0", "uart");
        third.start();
        assertRuns(third);
    }

    @Test
    public void aDeviceThatThrewIsReplacedByOneThatReadsItsState(Machines machines) throws Exception {
        Machine third = create(machines, "m3");
        third.start();
        third.use("uart0", "throws-in-access");
        Platform.await("frozen", () -> third.status().power() == Power.FROZEN);
        third.use("uart0", "uart");
        third.reset();
        assertRuns(third);
    }

    @Test
    public void aDeviceThatBlocksInSaveIsNamedAndItsGuestGoesOnWhenItEnds() throws Exception {
        machine.use("uart0", "blocks-in-save");
        System.setProperty(BLOCKED, "true");
        String message = assertThrows(MachineException.class, () -> machine.use("uart0", "uart")).getMessage();
        assertSaid(message, "does not come to stand within 500 ms", "tidemark.faulty.BlocksInSave", ".save", "vm:destroy m1");
        assertRuns(other);
        System.clearProperty(BLOCKED);
        assertRuns(machine);
        goodOneTakesOver();
    }

    @Test
    public void anEngineThatSpinsIsNamedAndItsGuestGoesOnWhenItEnds(Checkpoints checkpoints) throws Exception {
        System.setProperty(SPINNING, "true");
        machine.use("cpu", "spins");
        Thread.sleep(50);
        assertSaid(assertThrows(MachineException.class, machine::pause).getMessage(), "m1-hart0 is in tidemark.faulty.Spins", "vm:destroy m1");
        CheckpointRequest request = CheckpointRequest.of("m1", folder.resolve("spin.tdm"), "stop");
        assertSaid(assertThrows(CheckpointException.class, () -> checkpoints.start(request).await(progress -> {})).getMessage(), "tidemark.faulty.Spins");
        assertRuns(other);
        System.clearProperty(SPINNING);
        machine.use("cpu", "interpreter");
        assertRuns(machine);
    }

    @Test
    public void aMachineWhoseEngineSpinsCanBeDestroyed(Machines machines) throws Exception {
        System.setProperty(SPINNING, "true");
        machine.use("cpu", "spins");
        Thread.sleep(50);
        machines.destroy("m1");
        assertTrue(machines.find("m1").isEmpty());
        assertRuns(other);
        System.clearProperty(SPINNING);
        Platform.await("its thread has ended", () -> Thread.getAllStackTraces().keySet().stream().noneMatch(thread -> thread.getName().equals("m1-hart0")));
        machine = create(machines, "m1");
        machine.start();
        assertRuns(machine);
    }

    @Test
    public void aProtocolThatVanishesLeavesNeitherImageNorLog(Checkpoints checkpoints) throws Exception {
        endsInVain(checkpoints, "vanishes", "protocol 'vanishes'");
        assertProven(checkpoints, "thread");
    }

    @Test
    public void threadsThatAProtocolLeaksCanDoNothingMoreWithTheirSession(Checkpoints checkpoints) throws Exception {
        assertProven(checkpoints, "leaks-threads");
        Platform.await("they are there still", () -> Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("faulty-leaked")).count() == 2);
        assertEquals(DirtyLog.NONE, machine.memory().dirtyLog());
        assertRuns(machine);
        assertProven(checkpoints, "thread");
    }

    private void endsInVain(Checkpoints checkpoints, String protocol, String said) throws Exception {
        Path image = folder.resolve(protocol + ".tdm");
        CheckpointRequest request = CheckpointRequest.of("m1", image, protocol);
        CheckpointException end = assertThrows(CheckpointException.class, () -> checkpoints.start(request).await(progress -> {}));
        assertSaid(end.getMessage(), said);
        assertFalse(Files.exists(image));
        assertEquals(DirtyLog.NONE, machine.memory().dirtyLog());
        assertRuns(machine);
    }

    private void assertProven(Checkpoints checkpoints, String protocol) throws Exception {
        Path image = folder.resolve(protocol + ".tdm");
        CheckpointReport report = checkpoints.start(CheckpointRequest.of("m1", image, protocol).withOracle(true)).await(progress -> {});
        assertTrue(checkpoints.verify(report.request().image()).equal());
        assertFalse(checkpoints.running("m1").isPresent());
    }
}
