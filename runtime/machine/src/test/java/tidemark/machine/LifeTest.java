package tidemark.machine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tidemark.api.cpu.EngineContext;
import tidemark.api.cpu.Hart;
import tidemark.api.machine.Machine;
import tidemark.api.machine.Machine.Power;
import tidemark.api.machine.MachineException;
import tidemark.api.machine.MachineSpec;
import tidemark.api.memory.BusFault;
import tidemark.api.state.State;
import tidemark.api.state.StateException;

@Timeout(30)
class LifeTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    /** Does something at the instruction whose number is in x[6], then goes on counting. */
    private final Rig rig = new Rig(context -> {
        Hart hart = context.hart();
        hart.x[5]++;
        if (hart.instret == hart.x[6] && hart.x[7] != 0) {
            context.bus().store(hart.x[7], (int) hart.x[8], hart.x[9]);
        }
    });

    @AfterEach
    void close() {
        rig.close();
    }

    /** Has the guest store at instruction {@code at}. */
    private static void plan(Machine machine, long at, long address, int size, long value) throws Exception {
        machine.handshake(() -> {
            Hart hart = machine.harts().getFirst();
            hart.x[6] = at;
            hart.x[7] = address;
            hart.x[8] = size;
            hart.x[9] = value;
            return null;
        });
    }

    private Machine planned(long at, long address, int size, long value, String... settings) throws Exception {
        Machine machine = rig.paused(settings);
        plan(machine, at, address, size, value);
        machine.start();
        return machine;
    }

    @Test
    void guestPowersOffWithItsCode() throws Exception {
        Machine machine = planned(1000, Rig.POWER, 4, 7 << 16 | 0x3333, "clock=instructions");
        assertTrue(machine.await(Power.OFF, LONG));
        assertEquals(new Machine.Status(Power.OFF, "powered off by the guest", 7), machine.status());
        assertEquals(1001, machine.instructions(), "the store was the last instruction");
        assertThrows(MachineException.class, machine::pause);
        assertThrows(MachineException.class, machine::resume);
    }

    @Test
    void startAfterPowerOffBeginsFromScratch() throws Exception {
        Machine machine = rig.off("harts=2");
        assertEquals(new Machine.Status(Power.OFF, "not started", 0), machine.status());
        machine.memory().write(MachineSpec.RAM_BASE + 0x2000, new byte[] {1}, 0, 1);
        machine.start();
        Hart hart1 = machine.harts().get(1);
        assertEquals(1, hart1.x[10]);
        machine.powerOff();
        byte[] byteThere = new byte[1];
        machine.memory().read(MachineSpec.RAM_BASE + 0x2000, byteThere, 0, 1);
        assertEquals(0, byteThere[0]);
        machine.memory().write(MachineSpec.RAM_BASE + 0x2000, new byte[] {1}, 0, 1);
        machine.start();
        machine.pause();
        machine.memory().read(MachineSpec.RAM_BASE + 0x2000, byteThere, 0, 1);
        assertEquals(0, byteThere[0]);
        byte[] code = new byte[TestGuest.CODE.length];
        machine.memory().read(MachineSpec.RAM_BASE, code, 0, code.length);
        assertArrayEquals(TestGuest.CODE, code);
        byte[] magic = new byte[4];
        machine.memory().read(machine.harts().getFirst().x[11], magic, 0, 4);
        assertArrayEquals(new byte[] {(byte) 0xD0, 0x0D, (byte) 0xFE, (byte) 0xED}, magic);
    }

    @Test
    void resetByTheGuestGoesOnFromScratch() throws Exception {
        Machine machine = rig.off("clock=instructions");
        machine.runTo(500);
        assertTrue(machine.await(Power.PAUSED, LONG));
        machine.clock().mtime(1_000_000);
        plan(machine, 800, Rig.POWER, 4, 0x7777);
        machine.resume();
        while (machine.harts().getFirst().x[6] != 0) {
            Thread.sleep(1);
        }
        machine.pause();
        assertEquals(machine.instructions(), machine.harts().getFirst().x[5]);
        assertEquals(machine.instructions() / 10, machine.clock().mtime());
    }

    @Test
    void resetFromOutsideKeepsRunningOrPaused() throws Exception {
        Machine machine = rig.off();
        machine.start();
        machine.reset();
        assertEquals(Power.RUNNING, machine.status().power());
        machine.pause();
        machine.reset();
        assertEquals(Power.PAUSED, machine.status().power());
        assertEquals(0, machine.instructions());
        assertEquals(MachineSpec.RAM_BASE, machine.harts().getFirst().pc);
    }

    @Test
    void resetOfAMachineWithoutAGuestIsRefused() {
        Machine machine = rig.running();
        String message = assertThrows(MachineException.class, machine::reset).getMessage();
        assertTrue(message.contains("nothing to run") && message.contains("nop"), message);
        assertEquals(Power.RUNNING, machine.status().power());
    }

    @Test
    void runToStopsAtExactlyThatInstruction() throws Exception {
        Machine machine = rig.off("clock=instructions");
        for (long target : new long[] {0, 1, 12_345, 50_000, 50_001, 777_777}) {
            machine.runTo(target);
            assertTrue(machine.await(Power.PAUSED, LONG));
            assertEquals(target, machine.instructions());
            assertEquals(target / 10, machine.clock().mtime());
        }
        assertThrows(MachineException.class, () -> machine.runTo(777_776));
        assertThrows(MachineException.class, () -> rig.paused().runTo(1));
    }

    @Test
    void handshakesOnTheWayDoNotChangeWhereARunEnds() throws Exception {
        Machine machine = rig.off("clock=instructions");
        machine.runTo(3_000_000);
        for (int i = 0; i < 50; i++) {
            machine.handshake(() -> null);
        }
        assertTrue(machine.await(Power.PAUSED, LONG));
        assertEquals(3_000_000, machine.instructions());
        assertEquals(3_000_000, machine.harts().getFirst().x[5]);
    }

    @Test
    void awaitGivesUpAfterItsTime() throws Exception {
        assertFalse(rig.running().await(Power.OFF, Duration.ofMillis(5)));
    }

    @Test
    void severalMachinesRunSideBySideAndDoNotSeeEachOther() throws Exception {
        List<Machine> machines = List.of(rig.off("clock=instructions"), rig.off("clock=instructions"), rig.running());
        machines.get(0).runTo(100_000);
        machines.get(1).runTo(200_000);
        assertTrue(machines.get(0).await(Power.PAUSED, LONG) && machines.get(1).await(Power.PAUSED, LONG));
        assertEquals(100_000, machines.get(0).harts().getFirst().x[5]);
        assertEquals(200_000, machines.get(1).harts().getFirst().x[5]);
        machines.get(2).memory().write(MachineSpec.RAM_BASE, new byte[] {99}, 0, 1);
        byte[] first = new byte[1];
        machines.get(1).memory().read(MachineSpec.RAM_BASE, first, 0, 1);
        assertEquals(TestGuest.CODE[0], first[0]);
        rig.machines.destroy(machines.get(0).name());
        assertEquals(Power.RUNNING, machines.get(2).status().power());
        assertEquals(2, rig.machines.list().size());
    }

    @Test
    void stateGoesRoundThroughAnotherMachineAndBothRunOnAlike() throws Exception {
        Machine original = rig.off("clock=instructions");
        original.runTo(123_456);
        assertTrue(original.await(Power.PAUSED, LONG));
        original.clock().mtime(77);
        List<State> states = original.saveState();
        assertEquals(List.of("hart0", "clock", "clint0", "plic0", "uart0", "power0"), states.stream().map(State::name).toList());
        Machine copy = rig.paused("clock=instructions");
        copy.loadState(states);
        assertEquals(states, copy.saveState());
        List<List<State>> ends = new ArrayList<>();
        for (Machine machine : List.of(original, copy)) {
            machine.runTo(200_000);
            assertTrue(machine.await(Power.PAUSED, LONG));
            ends.add(machine.saveState());
        }
        assertEquals(ends.get(0), ends.get(1));
        assertEquals(77 + 200_000 / 10 - 123_456 / 10, copy.clock().mtime());
        assertTrue(rig.cpu.engines.getLast().fullFlushes > 0);
    }

    @Test
    void stateOfAnotherShapeIsRefusedBeforeAnythingIsChanged() throws Exception {
        Machine machine = rig.paused();
        List<State> before = machine.saveState();
        Machine other = rig.paused("harts=2");
        String message = assertThrows(StateException.class, () -> machine.loadState(other.saveState())).getMessage();
        assertTrue(message.contains("hart1") && message.contains(machine.name()), message);
        List<State> twice = new ArrayList<>(before);
        twice.add(before.getFirst());
        assertThrows(StateException.class, () -> machine.loadState(twice));
        assertEquals(before, machine.saveState());
        assertEquals(Power.PAUSED, machine.status().power());
    }

    @Test
    void stateThatADeviceRefusesHalfWayFreezesTheMachineUntilAGoodOneComes() throws Exception {
        Machine machine = rig.paused();
        List<State> good = machine.saveState();
        List<State> bad = new ArrayList<>(good);
        bad.set(4, new State("uart0", 1));
        assertThrows(StateException.class, () -> machine.loadState(bad));
        machine.resume();
        assertEquals(Power.FROZEN, machine.status().power());
        machine.loadState(good);
        assertEquals(Power.RUNNING, machine.status().power());
    }

    @Test
    void flushedWritesReachEveryEngine() throws Exception {
        Machine machine = rig.running("harts=2");
        machine.handshake(() -> {
            machine.flushWrites();
            return null;
        });
        assertEquals(List.of(1, 1), rig.cpu.engines.stream().map(engine -> engine.writeFlushes).toList());
    }

    @Test
    void failureOfAnEngineFreezesTheMachineAndResetThawsIt() throws Exception {
        Rig faulty = new Rig(new ScriptedCpu.Program() {
            @Override
            public void step(EngineContext context) throws BusFault {
                if (context.hart().instret == 1000 && context.hart().x[9] == 0) {
                    throw new IllegalStateException("bad engine");
                }
            }
        });
        try (faulty) {
            Machine machine = faulty.off();
            machine.start();
            assertTrue(machine.await(Power.FROZEN, LONG));
            assertTrue(machine.status().reason().contains("hart0 failed: java.lang.IllegalStateException: bad engine"), machine.status().reason());
            assertEquals(1000, machine.harts().getFirst().instret);
            machine.pause();
            machine.reset();
            machine.harts().getFirst().x[9] = 1;
            machine.resume();
            while (machine.instructions() < 2000) {
                Thread.sleep(1);
            }
        }
    }

    @Test
    void nameThatIsTakenOrUnknownIsNamed() {
        Machine machine = rig.paused();
        assertThrows(MachineException.class, () -> rig.machines.createEmpty(Rig.spec(machine.name()), List.of()));
        String message = assertThrows(MachineException.class, () -> rig.machines.get("m9")).getMessage();
        assertTrue(message.contains("did you mean m0?"), message);
        assertThrows(MachineException.class, () -> rig.machines.destroy("m9"));
    }
}
