package tidemark.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tidemark.api.cpu.EngineContext;
import tidemark.api.cpu.Hart;
import tidemark.api.machine.Hold;
import tidemark.api.machine.Machine;
import tidemark.api.machine.Machine.Power;
import tidemark.api.memory.BusFault;
import tidemark.api.state.State;

@Timeout(30)
class TimeTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final long MTIMECMP = Rig.CLINT + 0x4000;
    private static final long STCE = 1L << 63;
    /** instret and mtime at each interrupt, and the pending ones. */
    private final List<String> interrupts = new CopyOnWriteArrayList<>();
    private volatile boolean waits;
    private volatile long interval;

    /** Counts, or waits; at an interrupt sets the timer that interrupted to {@link #interval} ticks later. */
    private final ScriptedCpu.Program guest = new ScriptedCpu.Program() {
        @Override
        public void step(EngineContext context) {
            context.hart().x[5]++;
            context.hart().waiting = waits;
        }

        @Override
        public void interrupt(EngineContext context) throws BusFault {
            Hart hart = context.hart();
            interrupts.add(hart.instret + " " + context.time() + " " + (hart.mip() & hart.mie));
            if ((hart.mip() & Hart.STIP) != 0) {
                hart.stimecmp = interval == 0 ? -1 : hart.stimecmp + interval;
                context.timerChanged();
            } else if ((hart.mip() & Hart.MTIP) != 0) {
                long now = context.bus().load(MTIMECMP + 8 * hart.id, 8);
                context.bus().store(MTIMECMP + 8 * hart.id, 8, interval == 0 ? -1 : now + interval);
            } else {
                hart.mie = 0;
            }
        }
    };
    private final Rig rig = new Rig(guest);

    @AfterEach
    void close() {
        rig.close();
    }

    private static void arm(Machine machine, int hart, long enabled, long mtimecmp, long stimecmp) throws Exception {
        VirtualMachine vm = (VirtualMachine) machine;
        machine.handshake(() -> {
            Hart h = machine.harts().get(hart);
            h.mie = enabled;
            vm.board().bus().store(MTIMECMP + 8 * hart, 8, mtimecmp);
            h.menvcfg = STCE;
            h.stimecmp = stimecmp;
            vm.hartThread(hart).timerChanged();
            return null;
        });
    }

    @Test
    void timersFireAtExactlyTheInstructionWhereTheirTimeComes() throws Exception {
        Machine machine = rig.paused("clock=instructions");
        machine.runTo(1007);
        assertTrue(machine.await(Power.PAUSED, LONG));
        interval = 12_345;
        arm(machine, 0, Hart.MTIP | Hart.STIP, 200, 7777);
        machine.runTo(400_000);
        for (int i = 0; i < 30; i++) {
            machine.handshake(() -> null);
        }
        assertTrue(machine.await(Power.PAUSED, LONG));
        assertEquals(List.of("2000 200 128", "77770 7777 32", "125450 12545 128", "201220 20122 32", "248900 24890 128", "324670 32467 32", "372350 37235 128"),
                interrupts);
    }

    @Test
    void waitingHartSkipsToItsNextTimerAtOnceWhenInstructionsAreTheClock() throws Exception {
        waits = true;
        interval = 1_000_000_000L;
        Machine machine = rig.paused("clock=instructions");
        arm(machine, 0, Hart.MTIP, 1_000_000_000L, -1);
        machine.runTo(5);
        assertTrue(machine.await(Power.PAUSED, LONG));
        assertEquals(List.of("1 1000000000 128", "2 2000000000 128", "3 3000000000 128", "4 4000000000 128"), interrupts);
    }

    @Test
    void waitingHartIsWokenByItsTimerOnTheHostsClock() throws Exception {
        waits = true;
        interval = 20_000;
        Machine machine = rig.paused();
        long begin = System.nanoTime();
        arm(machine, 0, Hart.STIP, -1, 20_000);
        machine.start();
        while (interrupts.size() < 10) {
            Thread.sleep(1);
        }
        assertTrue(System.nanoTime() - begin >= 20_000_000, "ten times 2 ms");
        long previous = 0;
        for (String interrupt : interrupts) {
            long mtime = Long.parseLong(interrupt.split(" ")[1]);
            assertTrue(mtime >= previous + 20_000, interrupts.toString());
            previous += 20_000;
        }
        assertTrue(machine.instructions() < 50, "it waits in between");
    }

    @Test
    void everyHartHasTimersOfItsOwn() throws Exception {
        waits = true;
        Machine machine = rig.paused("harts=3");
        arm(machine, 2, Hart.MTIP, 10_000, -1);
        arm(machine, 1, Hart.STIP, -1, 20_000);
        machine.start();
        while (interrupts.size() < 2) {
            Thread.sleep(1);
        }
        Thread.sleep(5);
        assertEquals(2, interrupts.size());
        for (String interrupt : interrupts) {  // in either order: a late host lets both expire before it looks
            long mtime = Long.parseLong(interrupt.split(" ")[1]);
            assertTrue(interrupt.endsWith(" " + Hart.MTIP) && mtime >= 10_000 || interrupt.endsWith(" " + Hart.STIP) && mtime >= 20_000, interrupt);
        }
        assertFalse(interrupts.get(0).split(" ")[2].equals(interrupts.get(1).split(" ")[2]), interrupts.toString());
    }

    @Test
    void waitingHartIsWokenByInputFromTheHost() throws Exception {
        waits = true;
        Machine machine = rig.paused();
        VirtualMachine vm = (VirtualMachine) machine;
        machine.handshake(() -> {
            machine.harts().getFirst().mie = Hart.SEIP;
            vm.board().bus().store(Rig.PLIC + 4 * 10, 4, 1);
            vm.board().bus().store(Rig.PLIC + 0x2080, 4, 1 << 10);
            vm.board().bus().store(Rig.UART + 1, 1, 1);
            return null;
        });
        machine.start();
        while (machine.instructions() == 0) {
            Thread.sleep(1);
        }
        assertEquals(List.of(), interrupts);
        machine.console().send(new byte[] {'x'});
        while (interrupts.isEmpty()) {
            Thread.sleep(1);
        }
        assertTrue(interrupts.getFirst().endsWith(" " + Hart.SEIP), interrupts.toString());
    }

    @Test
    void noWakeUpIsLost() throws Exception {
        waits = true;
        Machine machine = rig.paused("harts=2");
        VirtualMachine vm = (VirtualMachine) machine;
        machine.start();
        for (int i = 0; i < 2000; i++) {
            long before = machine.harts().get(1).instret;
            machine.harts().get(1).mie = Hart.MSIP;
            vm.board().bus().store(Rig.CLINT + 4, 4, 1);
            long end = System.nanoTime() + 5_000_000_000L;
            while (machine.harts().get(1).instret == before) {
                assertTrue(System.nanoTime() < end, "wake-up " + i + " is lost");
                Thread.onSpinWait();
            }
            vm.board().bus().store(Rig.CLINT + 4, 4, 0);
        }
    }

    @Test
    void hostClockStandsWhileTheMachineIsPausedHeldOrOff() throws Exception {
        Machine machine = rig.off();
        assertStands(machine);
        machine.start();
        assertRuns(machine);
        machine.pause();
        assertStands(machine);
        machine.resume();
        assertRuns(machine);
        try (Hold hold = machine.hold("test")) {
            assertEquals("test", machine.status().reason());
            assertStands(machine);
            hold.release();
        }
        assertRuns(machine);
        machine.powerOff();
        assertStands(machine);
    }

    private static void assertStands(Machine machine) throws InterruptedException {
        long before = machine.clock().mtime();
        Thread.sleep(5);
        assertEquals(before, machine.clock().mtime());
    }

    private static void assertRuns(Machine machine) throws InterruptedException {
        long before = machine.clock().mtime();
        Thread.sleep(5);
        assertTrue(machine.clock().mtime() >= before + 50_000, "5 ms are 50,000 ticks");
    }

    @Test
    void timeThatIsSetBackTakesTheTimersLineBack() throws Exception {
        Machine machine = rig.paused();
        arm(machine, 0, 0, 100, 100);
        machine.handshake(() -> {
            machine.clock().mtime(1000);
            return null;
        });
        Hart hart = machine.harts().getFirst();
        assertEquals(Hart.STIP, hart.lines() & Hart.STIP);
        machine.handshake(() -> {
            machine.clock().mtime(0);
            return null;
        });
        assertEquals(0, hart.lines() & Hart.STIP);
        assertFalse(hart.waiting);
    }

    @Test
    void timersGoOnInAMachineThatTakesTheStateOver() throws Exception {
        Machine machine = rig.paused("clock=instructions");
        arm(machine, 0, Hart.MTIP | Hart.STIP, 500, 600);
        machine.runTo(4000);
        assertTrue(machine.await(Power.PAUSED, LONG));
        Machine copy = rig.paused("clock=instructions");
        copy.loadState(machine.saveState());
        copy.runTo(10_000);
        assertTrue(copy.await(Power.PAUSED, LONG));
        assertEquals(List.of("5000 500 128", "6000 600 32"), interrupts);
    }

    @Test
    void timerThatAHartSetsWhileItsFormerOneExpiresIsNotLost() throws Exception {
        int rounds = 20_000;
        try (Rig busy = new Rig(context -> {
            Hart hart = context.hart();
            if (hart.id == 1) {
                hart.x[5]++;
                hart.menvcfg = 1L << 63;
                hart.mie = Hart.STIP;
                // once soon, so that it expires while the next one is set
                hart.stimecmp = context.time() + 1;
                context.timerChanged();
                hart.stimecmp = context.time() + 3 + hart.x[5] % 50;
                context.timerChanged();
                hart.waiting = true;
            }
        })) {
            Machine machine = busy.running("harts=2");
            long end = System.nanoTime() + 20_000_000_000L;
            while (machine.harts().get(1).x[5] < rounds && System.nanoTime() < end) {
                Thread.sleep(1);
            }
            assertTrue(machine.harts().get(1).x[5] >= rounds, "hart 1 sleeps since round " + machine.harts().get(1).x[5]);
        }
    }

    /** Else a machine that loads the state has another one at once. */
    @Test
    void savedLinesOfTimersAreThoseOfTheSavedTime() throws Exception {
        try (Rig busy = new Rig(context -> {
            Hart hart = context.hart();
            hart.menvcfg = STCE;
            hart.mie = Hart.STIP;
            hart.stimecmp = context.time() + 300;
            context.timerChanged();
            hart.waiting = true;
        })) {
            Machine machine = busy.running("harts=2");
            for (int i = 0; i < 2000; i++) {
                try (Hold hold = machine.hold("test")) {
                    List<State> states = machine.saveState();
                    long mtime = states.get(2).getLong("mtime");
                    for (State hart : states.subList(0, 2)) {
                        boolean expired = hart.getLong("menvcfg") == STCE && mtime >= hart.getLong("stimecmp");
                        assertEquals(expired, (hart.getLong("lines") & Hart.STIP) != 0, i + ": " + hart);
                    }
                    hold.release();
                }
            }
        }
    }
}
