package tidemark.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tidemark.api.cpu.Hart;
import tidemark.api.machine.Hold;
import tidemark.api.machine.Machine;
import tidemark.api.machine.Machine.Power;
import tidemark.api.machine.MachineException;
import tidemark.api.memory.Bus;
import tidemark.api.memory.BusFault;
import tidemark.api.state.State;
import tidemark.device.uart.UartPart;

@Timeout(30)
class BoardTest {
    private final Rig rig = new Rig(context -> context.hart().x[5]++);

    @AfterEach
    void close() {
        rig.close();
    }

    private static Bus bus(Machine machine) {
        return ((VirtualMachine) machine).board().bus();
    }

    private static void assertRuns(Machine machine) throws InterruptedException {
        assertEquals(Power.RUNNING, machine.status().power());
        long before = machine.instructions();
        while (machine.instructions() == before) {
            Thread.sleep(1);
        }
    }

    private static void assertFrozen(Machine machine, String reason) throws InterruptedException {
        assertEquals(new Machine.Status(Power.FROZEN, reason, 0), machine.status());
        long before = machine.instructions();
        Thread.sleep(10);
        assertEquals(before, machine.instructions());
    }

    private String refusal(String... settings) {
        int before = rig.parts.openUses();
        String message = assertThrows(MachineException.class, () -> rig.paused(settings)).getMessage();
        assertEquals(before, rig.parts.openUses(), "nothing stays in use");
        return message;
    }

    @Test
    void accessesReachTheDeviceInWhoseWindowTheyLie() throws Exception {
        Machine machine = rig.paused();
        bus(machine).store(Rig.UART + 7, 1, 0x5A);
        assertEquals(0x5A, bus(machine).load(Rig.UART + 7, 1));
        bus(machine).store(Rig.CLINT + 0x4000, 8, 0x1234);
        assertEquals(0x1234, bus(machine).load(Rig.CLINT + 0x4000, 4));
    }

    @Test
    void accessWhereNothingAnswersFaultsWithItsPhysicalAddress() {
        Bus bus = bus(rig.paused());
        long[][] wrong = {{0, 8}, {Rig.UART - 1, 1}, {Rig.UART + 0x100, 1}, {Rig.UART + 8, 1}, {Rig.UART, 4}, {Rig.CLINT + 0x4001, 4}, {Rig.CLINT + 0x4004, 8},
            {Rig.CLINT + 0x10000, 4}, {-8, 8}, {Long.MIN_VALUE, 1}, {0x8000_0000L, 8}};
        for (long[] access : wrong) {
            assertEquals(access[0], assertThrows(BusFault.class, () -> bus.load(access[0], (int) access[1])).address());
            assertEquals(access[0], assertThrows(BusFault.class, () -> bus.store(access[0], (int) access[1], 0)).address());
        }
    }

    @Test
    void overlapsAreRefusedWithBothNames() {
        String devices = refusal("devices=uart0=uart@0x10000000; uart1=uart@0x10000080#11");
        assertTrue(devices.contains("uart0 at 0x10000000 to 0x100000ff") && devices.contains("uart1 at 0x10000080"), devices);
        String ram = refusal("devices=uart0=uart@0x803fff80");
        assertTrue(ram.contains("device uart0 at 0x803fff80") && ram.contains("RAM at 0x80000000 to 0x803fffff"), ram);
        String source = refusal("devices=uart0=uart; uart1=uart@0x10001000");
        assertTrue(source.contains("uart0 and uart1 both drive interrupt 10"), source);
        String controllers = refusal("devices=plic0=plic; plic1=plic@0x20000000");
        assertTrue(controllers.contains("plic0 and plic1 are both interrupt controllers"), controllers);
    }

    @Test
    void unknownPartsAreNamedWithTheNearest() {
        assertTrue(refusal("cpu=interpeter").contains("did you mean interpreter?"));
        assertTrue(refusal("memory=falt").contains("did you mean flat?"));
        assertTrue(refusal("devices=uart0=aurt").contains("uart"));
    }

    @Test
    void machineStandsWhileItsCpuIsGoneAndGoesOnWhenItIsBack() throws Exception {
        Machine machine = rig.running("harts=2");
        rig.parts.remove("cpu", "interpreter");
        assertFrozen(machine, "cpu part 'interpreter' is gone; deploy it again");
        assertTrue(rig.cpu.engines.stream().allMatch(engine -> engine.closed));
        assertEquals(1, machine.handshake(() -> 1).result());
        try (Hold hold = machine.hold("test")) {
            assertEquals(6, machine.saveState().size() - 1);
            hold.release();
        }
        rig.parts.add("cpu", "other", rig.cpu);
        assertFrozen(machine, "cpu part 'interpreter' is gone; deploy it again");
        rig.parts.add("cpu", "interpreter", rig.cpu);
        assertRuns(machine);
        assertEquals(4, rig.cpu.engines.size());
    }

    @Test
    void deviceKeepsItsStateAndItsWiresThroughAnUpdateOfItsBundle() throws Exception {
        Machine machine = rig.running();
        machine.handshake(() -> {
            bus(machine).store(Rig.PLIC + 4 * 10, 4, 1);
            bus(machine).store(Rig.PLIC + 0x2000, 4, 1 << 10);
            bus(machine).store(Rig.UART + 1, 1, 1);
            bus(machine).store(Rig.UART + 7, 1, 0x5A);
            return null;
        });
        machine.console().send(new byte[] {'x'});
        assertEquals(Hart.MEIP, machine.harts().getFirst().lines());
        List<State> before = machine.handshake(machine::saveState).result();
        rig.parts.remove("device", "uart");
        rig.parts.remove("device", "plic");
        assertFrozen(machine, "device part 'uart' is gone; deploy it again; device part 'plic' is gone; deploy it again");
        assertEquals(before.subList(3, 5), machine.saveState().subList(3, 5), "the state can be saved meanwhile");
        rig.parts.add("device", "uart", new UartPart());
        assertEquals(Power.FROZEN, machine.status().power());
        rig.parts.add("device", "plic", new tidemark.device.plic.PlicPart());
        assertRuns(machine);
        machine.pause();
        assertEquals(before.subList(3, 5), machine.saveState().subList(3, 5));
        assertEquals(Hart.MEIP, machine.harts().getFirst().lines());
        assertEquals('x', bus(machine).load(Rig.UART, 1));
        machine.console().send(new byte[] {'y'});
        assertEquals('y', bus(machine).load(Rig.UART, 1), "input reaches the new device");
    }

    @Test
    void timersOfADeviceThatIsGoneDoNotFire() throws Exception {
        Machine machine = rig.paused("clock=instructions");
        bus(machine).store(Rig.CLINT + 0x4000, 8, 100);
        rig.parts.remove("device", "clint");
        machine.clock().mtime(1000);
        rig.parts.add("device", "clint", new tidemark.device.clint.ClintPart());
        assertEquals(Hart.MTIP, machine.harts().getFirst().lines(), "its time came while it was away");
        machine.runTo(100);
        assertTrue(machine.await(Power.PAUSED, java.time.Duration.ofSeconds(20)));
        assertEquals(100, machine.instructions());
    }

    @Test
    void machineThatIsOffStaysOffWhenAPartGoesAndFreezesWhenItIsStarted() throws Exception {
        Machine machine = rig.off();
        rig.parts.remove("cpu", "interpreter");
        assertEquals(Power.OFF, machine.status().power());
        machine.start();
        assertEquals(Power.FROZEN, machine.status().power());
        rig.parts.add("cpu", "interpreter", rig.cpu);
        assertRuns(machine);
    }

    @Test
    void ramStaysWhenItsPartGoes() throws Exception {
        Machine machine = rig.running();
        rig.parts.remove("memory", "flat");
        assertRuns(machine);
        assertFalse(rig.parts.names("memory").contains("flat"));
    }

    @Test
    void cpuThatCannotBeMadeAgainLeavesTheMachineFrozenAndSaysWhy() throws Exception {
        Machine machine = rig.running();
        rig.parts.remove("cpu", "interpreter");
        tidemark.api.cpu.CpuPart broken = context -> {
            throw new IllegalStateException("no engine today");
        };
        rig.parts.add("cpu", "interpreter", broken);
        assertEquals(Power.FROZEN, machine.status().power());
        assertTrue(machine.status().reason().contains("no engine today"), machine.status().reason());
        rig.parts.add("cpu", "interpreter", rig.cpu);
        assertRuns(machine);
    }

    @Test
    void destroyGivesEverythingBack() {
        Machine machine = rig.running();
        rig.machines.destroy(machine.name());
        assertEquals(0, rig.parts.openUses());
        assertTrue(rig.cpu.engines.stream().allMatch(engine -> engine.closed));
        rig.parts.remove("cpu", "interpreter");
        rig.parts.add("cpu", "interpreter", rig.cpu);
        assertEquals(1, rig.cpu.engines.size(), "it does not listen any more");
    }

    @Test
    void devicesOfAKindTakeOneWindowAfterTheOtherAndKeepOutOfThoseThatAreGiven() throws Exception {
        rig.parts.add("device", "disk", TestParts.device(0x1000_1000L, 1, context -> new PostingDevice(context)));
        Machine machine = rig.paused("devices=d0=disk; d1=disk; d2=disk@0x10002000#7; d3=disk");
        List<DeviceSlot> slots = ((VirtualMachine) machine).board().devices();
        assertEquals(List.of(0x1000_1000L, 0x1000_3000L, 0x1000_2000L, 0x1000_4000L), slots.stream().map(DeviceSlot::address).toList());
        assertEquals(List.of(1, 3, 7, 4), slots.stream().map(DeviceSlot::source).toList());
    }

    @Test
    void everySerialDeviceHasALineOfItsOwnAndTheFirstIsTheMachines() throws Exception {
        Machine machine = rig.paused("devices=uart0=uart; uart1=uart#11");
        bus(machine).store(Rig.UART, 1, 'a');
        bus(machine).store(Rig.UART + 0x100, 1, 'b');
        assertEquals("a", machine.console().text());
        assertEquals("b", machine.console("uart1").text());
        assertEquals(List.of("uart0", "uart1"), machine.consoles());
        machine.console("uart1").send(new byte[] {'x'});
        assertEquals('x', bus(machine).load(Rig.UART + 0x100, 1));
        assertTrue(assertThrows(MachineException.class, () -> machine.console("uart2")).getMessage().contains("did you mean uart"));
    }
}
