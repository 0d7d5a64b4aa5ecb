package tidemark.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tidemark.api.cpu.EngineContext;
import tidemark.api.cpu.Hart;
import tidemark.api.machine.Firmware;
import tidemark.api.machine.FirmwareContext;
import tidemark.api.machine.FirmwarePart;
import tidemark.api.machine.Hold;
import tidemark.api.machine.Machine;
import tidemark.api.machine.Machine.Power;
import tidemark.api.state.State;
import tidemark.api.state.StateException;

@Timeout(30)
class FirmwareTest {
    /** How often hart 1 must have forgotten everything before its next instruction; and how often it had not. */
    private volatile int leastFlushes;
    private volatile int early;
    /** Every instruction of hart 0 is an ECALL; the others count in x5. */
    private final Rig rig = new Rig(this::step);

    private void step(EngineContext context) {
        Hart hart = context.hart();
        if (hart.id == 0) {
            context.environmentCall();
            return;
        }
        hart.x[5]++;
        int least = leastFlushes;
        if (hart.id == 1 && rig.cpu.engines.get(1).fullFlushes < least) {
            early++;
        }
    }

    @AfterEach
    void close() {
        rig.close();
    }

    /** What a call does is set by the test; all harts but 0 are stopped at boot. */
    private static final class TestFirmware implements Firmware, FirmwarePart {
        private volatile int boots;
        private volatile FirmwareContext context;
        private volatile Runnable onCall = () -> {};
        private volatile long calls;

        @Override
        public Firmware create(FirmwareContext of) {
            context = of;
            return this;
        }

        @Override
        public void boot(long kernel, long deviceTree) {
            boots++;
            context.harts().forEach(hart -> hart.menvcfg = 1L << 63);
            context.harts().forEach(hart -> hart.stimecmp = 0);
            context.harts().forEach(hart -> hart.stopped = hart.id != 0);
        }

        @Override
        public void call(Hart hart) {
            calls++;
            onCall.run();
        }

        @Override
        public State save() {
            return new State(context.name(), 1).put("calls", calls);
        }

        @Override
        public void load(State state) throws StateException {
            calls = state.getLong("calls");
        }

        @Override
        public void close() {}
    }

    private Machine booted(TestFirmware firmware, int harts) {
        rig.parts.add("firmware", "test", firmware);
        Machine machine = rig.off("firmware=test", "harts=" + harts);
        machine.start();
        return machine;
    }

    private static void await(java.util.function.BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            Thread.sleep(1);
        }
    }

    @Test
    void stoppedHartsExecuteNothingUntilFirmwareStartsThem() throws Exception {
        TestFirmware firmware = new TestFirmware();
        Machine machine = booted(firmware, 3);
        await(() -> firmware.calls > 1000);
        assertEquals(List.of(0L, 0L), machine.harts().subList(1, 3).stream().map(hart -> hart.x[5]).toList());
        firmware.onCall = () -> {
            firmware.onCall = () -> {};
            firmware.context.post(2, () -> machine.harts().get(2).stopped = false);
        };
        await(() -> machine.harts().get(2).x[5] > 1000);
        assertEquals(0, machine.harts().get(1).x[5]);
    }

    @Test
    void fencedHartHasForgottenEverythingBeforeTheCallerGoesOn() throws Exception {
        TestFirmware firmware = new TestFirmware();
        Machine machine = booted(firmware, 2);
        machine.handshake(() -> machine.harts().get(1).stopped = false);
        for (int i = 0; i < 200; i++) {
            firmware.onCall = () -> {
                int before = rig.cpu.engines.get(1).fullFlushes;
                firmware.context.fence(machine.harts().getFirst(), 1, FirmwareContext.Fence.EVERYTHING);
                firmware.onCall = () -> {
                    leastFlushes = before + 1;
                    firmware.onCall = () -> {};
                };
            };
            long calls = firmware.calls;
            await(() -> firmware.calls > calls + 2);
        }
        machine.handshake(() -> 0);
        assertTrue(leastFlushes > 200, "fences: " + leastFlushes);
        assertEquals(0, early);
    }

    @Test
    void stateOfFirmwareIsSavedWithWhatItPostedCarriedOut() throws Exception {
        TestFirmware firmware = new TestFirmware();
        Machine machine = booted(firmware, 2);
        boolean[] started = new boolean[1];
        List<State> states = machine.handshake(() -> {
            firmware.context.post(1, () -> machine.harts().get(1).stopped = false);
            List<State> saved = machine.saveState();
            started[0] = !machine.harts().get(1).stopped;
            return saved;
        }).result();
        assertTrue(started[0]);
        assertEquals(List.of("hart0", "hart1", "clock", "firmware"), states.subList(0, 4).stream().map(State::name).toList());
        assertFalse(states.get(1).getBoolean("stopped"));
    }

    @Test
    void machineStandsWhileItsFirmwareIsGoneAndItsStateComesBack() throws Exception {
        TestFirmware firmware = new TestFirmware();
        Machine machine = booted(firmware, 1);
        await(() -> firmware.calls > 100);
        rig.parts.remove("firmware", "test");
        assertEquals(new Machine.Status(Power.FROZEN, "firmware part 'test' is gone; deploy it again", 0), machine.status());
        long calls = firmware.calls;
        TestFirmware newer = new TestFirmware();
        rig.parts.add("firmware", "test", newer);
        await(() -> newer.calls > calls);
        assertEquals(Power.RUNNING, machine.status().power());
    }

    /** Firmware's actions are those of the machine as it was. */
    @Test
    void whatWasPostedBeforeALoadOrAResetIsForgotten() throws Exception {
        TestFirmware firmware = new TestFirmware();
        Machine machine = booted(firmware, 2);
        AtomicInteger run = new AtomicInteger();
        List<State> states = machine.handshake(machine::saveState).result();
        machine.pause();
        firmware.context.post(1, run::incrementAndGet);
        machine.loadState(states);
        firmware.context.post(1, run::incrementAndGet);
        machine.reset();
        machine.resume();
        long calls = firmware.calls;
        await(() -> firmware.calls > calls + 100);
        machine.handshake(machine::saveState);
        assertEquals(0, run.get());
    }

    @Test
    void firmwareGoesWithWhatItPostedCarriedOut() throws Exception {
        TestFirmware firmware = new TestFirmware();
        Machine machine = booted(firmware, 2);
        TestFirmware newer = new TestFirmware();
        try (Hold hold = machine.hold("test")) {
            firmware.context.post(1, () -> firmware.calls = 1L << 40);
            rig.parts.remove("firmware", "test");
            rig.parts.add("firmware", "test", newer);
            hold.release();
        }
        await(() -> newer.calls > 1L << 40);
    }

    @Test
    void firmwareThatComesBackAfterAResetBoots() throws Exception {
        TestFirmware firmware = new TestFirmware();
        Machine machine = booted(firmware, 2);
        await(() -> firmware.calls > 100);
        rig.parts.remove("firmware", "test");
        machine.reset();
        TestFirmware newer = new TestFirmware();
        rig.parts.add("firmware", "test", newer);
        await(() -> newer.calls > 100);
        assertEquals(1, newer.boots);
        assertEquals(Hart.STIP, machine.handshake(() -> machine.harts().get(1).lines()).result(), "timers are looked at as firmware set them");
        assertTrue(machine.harts().get(1).stopped);
    }

    @Test
    void stateThatIsLoadedWhileFirmwareIsGoneIsNotBootedOver() throws Exception {
        TestFirmware firmware = new TestFirmware();
        Machine machine = booted(firmware, 2);
        await(() -> firmware.calls > 100);
        List<State> states = machine.handshake(machine::saveState).result();
        rig.parts.remove("firmware", "test");
        machine.reset();
        machine.loadState(states);
        TestFirmware newer = new TestFirmware();
        rig.parts.add("firmware", "test", newer);
        await(() -> newer.calls > 100);
        assertEquals(0, newer.boots);
    }
}
