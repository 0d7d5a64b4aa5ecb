package tidemark.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import tidemark.api.machine.Machine;
import tidemark.api.machine.Machine.Power;
import tidemark.api.machine.MachineException;
import tidemark.api.state.State;
import tidemark.device.uart.UartPart;

/** Parts that do not answer: whoever waits for them is told so, and the guest goes on when they do. */
@Timeout(20)
class PatienceTest {
    private volatile boolean spinning;
    private volatile boolean inside;
    private final Rig rig = new Rig(context -> {
        while (spinning) {
            inside = true;
            Thread.onSpinWait();
        }
        context.hart().x[5]++;
    });

    @BeforeEach
    void beImpatient() {
        System.setProperty(Patience.LIMIT, "200");
    }

    @AfterEach
    void close() {
        spinning = false;
        rig.close();
        System.clearProperty(Patience.LIMIT);
    }

    private static void assertRuns(Machine machine) throws InterruptedException {
        assertEquals(Power.RUNNING, machine.status().power());
        long before = machine.instructions();
        while (machine.instructions() == before) {
            Thread.sleep(1);
        }
    }

    private void spin() {
        spinning = true;
        while (!inside) {
            Thread.onSpinWait();
        }
    }

    private static void assertTold(Executable asking, String place) {
        String told = assertThrows(MachineException.class, asking).getMessage();
        assertTrue(told.contains("does not come to stand within 200 ms") && told.contains(place) && told.contains("vm:destroy"), told);
    }

    @Test
    void engineThatDoesNotComeToABoundaryIsNamedAndTheGuestGoesOnWhenItDoes() throws Exception {
        Machine machine = rig.running();
        spin();
        assertTold(() -> machine.handshake(() -> null), "PatienceTest");
        assertTold(machine::pause, "m0-hart0 is in");
        assertTold(() -> machine.hold("test"), "PatienceTest");
        assertTold(() -> machine.use("uart0", "uart"), "'uart' goes on");
        assertEquals(Power.RUNNING, machine.status().power(), "nothing that was asked for in vain stays asked for");
        spinning = false;
        assertRuns(machine);
        machine.use("uart0", "uart");
        assertRuns(machine);
    }

    @Test
    void otherMachinesGoOnAndItsPartsCanBeTakenAway() throws Exception {
        Machine machine = rig.running("harts=2");
        spin();
        Machine other = rig.paused();
        other.use("uart0", "uart");
        rig.parts.remove("device", "uart");
        assertEquals(Power.FROZEN, machine.status().power());
        rig.parts.add("device", "uart", new UartPart());
        spinning = false;
        assertRuns(machine);
    }

    @Test
    void machineIsDestroyedAlthoughItsEngineSpinsAndGivesItsRamBackWhenThatEnds() throws Exception {
        Machine machine = rig.running();
        spin();
        rig.machines.destroy(machine.name());
        assertTrue(rig.machines.find(machine.name()).isEmpty());
        assertTrue(rig.parts.openUses() > 0, "the spinning hart may still use them");
        spinning = false;
        while (rig.parts.openUses() > 0) {
            Thread.sleep(1);
        }
    }

    @Test
    void deviceThatBlocksInSaveIsNamedAndStaysWhenItEnds() throws Exception {
        CountDownLatch saved = new CountDownLatch(1);
        rig.parts.add("device", "blocking", TestParts.device(0x1000_1000L, 1, context -> new PostingDevice(context) {
            @Override
            public State save() {
                try {
                    saved.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                return super.save();
            }
        })).add("device", "good", TestParts.device(0x1000_1000L, 1, PostingDevice::new));
        Machine machine = rig.running("devices=d0=blocking");
        assertTold(() -> machine.use("d0", "good"), "PatienceTest$1.save");
        assertTold(machine::pause, "PatienceTest$1.save");
        assertEquals("blocking", machine.parts().stream().filter(part -> part.part().equals("d0")).findFirst().orElseThrow().name());
        saved.countDown();
        assertRuns(machine);
        machine.use("d0", "good");
        assertRuns(machine);
    }
}
