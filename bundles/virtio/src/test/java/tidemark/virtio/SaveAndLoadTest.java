package tidemark.virtio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tidemark.testkit.DriverQueue.out;
import static tidemark.testkit.VirtioDriver.*;
import static tidemark.virtio.EchoMachine.ALL;
import static tidemark.virtio.EchoMachine.PLAIN;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tidemark.api.state.State;
import tidemark.api.state.StateException;
import tidemark.testkit.DriverQueue.Used;

class SaveAndLoadTest {
    private final EchoMachine original = new EchoMachine();

    private static State copy(State state) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        state.write(new DataOutputStream(bytes));
        return State.read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
    }

    private EchoMachine restored() throws Exception {
        EchoMachine machine = new EchoMachine(original);
        machine.device.load(copy(original.device.save()));
        return machine;
    }

    @ParameterizedTest
    @ValueSource(longs = {PLAIN, ALL})
    void requestsThatAreUnderWayAreCompletedOnceByTheOriginalAndOnceByTheRestoredMachine(long features) throws Exception {
        original.start(features);
        List<Long> answers = List.of(original.ask(1, "one"), original.ask(1, "two"));
        try (EchoMachine restored = restored()) {
            for (EchoMachine machine : List.of(original, restored)) {
                machine.context.boundary();
                assertEquals(List.of("one", "two"), machine.echo.read);
                assertEquals(List.of(new Used(0, 3), new Used(2, 3)), machine.queue(1).used());
                assertEquals("onetwo", machine.textAt(answers.get(0), 3) + machine.textAt(answers.get(1), 3));
                assertTrue(machine.context.interruptLevel());
                machine.ask(1, "three");
                machine.context.boundary();
                assertEquals(List.of(new Used(4, 5)), machine.queue(1).used());
            }
        }
    }

    @Test
    void theStateOfARestoredDeviceIsTheStateThatWasSaved() throws Exception {
        original.start(ALL);
        original.ask(0, "done");
        original.ask(1, "under way");
        State saved = original.device.save();
        try (EchoMachine restored = restored()) {
            assertEquals(saved, restored.device.save());
            assertTrue(restored.context.interruptLevel());
        }
    }

    @Test
    void aRestoredMachineThatIsSavedAtOnceLosesNothing() throws Exception {
        original.start(ALL);
        original.ask(1, "twice saved");
        try (EchoMachine restored = restored(); EchoMachine again = new EchoMachine(restored)) {
            again.device.load(copy(restored.device.save()));
            again.context.boundary();
            assertEquals(List.of("twice saved"), again.echo.read);
            assertEquals(1, again.queue(1).used().size());
        }
    }

    @Test
    void aLongWorkGoesOnWhereItWas() throws Exception {
        original.start(PLAIN);
        original.echo.perCall = 1;
        for (int i = 0; i < 3; i++) {
            original.queue(0).offer(original.queue(0).chain(out(original.text("abc") + i, 1)));
        }
        original.driver.kick(0);
        try (EchoMachine restored = restored()) {
            restored.context.boundary();
            assertEquals(List.of("b", "c"), restored.echo.read);
            assertEquals(3, restored.queue(0).used().size());
        }
    }

    @Test
    void whatWaitsForWorkOfBeforeAResetIsSeenToAfterARestore() throws Exception {
        original.start(PLAIN);
        original.ask(1, "old");
        original.driver.store(STATUS, 0);
        EchoMachine machine = new EchoMachine(original);
        machine.device.load(copy(original.device.save()));
        machine.start(PLAIN);
        machine.ask(0, "new");
        assertEquals(List.of("new"), machine.echo.read, "there is no such work in a restored machine");
    }

    @Test
    void halfWayThroughTheInitializationTheDriverGoesOn() throws Exception {
        original.driver.negotiate(ALL).place(0, 8, original.ram.base(), original.ram.base() + 0x1000, original.ram.base() + 0x2000);
        try (EchoMachine restored = restored()) {
            restored.driver.store(QUEUE_READY, 1);
            assertEquals(1, restored.driver.load(QUEUE_READY));
        }
    }

    @Test
    void aDeviceThatNeedsAResetStillNeedsIt() throws Exception {
        original.start(ALL);
        original.queue(0).offer(99);
        original.driver.kick(0);
        try (EchoMachine restored = restored()) {
            assertEquals(DEVICE_NEEDS_RESET, restored.driver.status() & DEVICE_NEEDS_RESET);
            assertEquals(2, restored.driver.interrupt());
        }
    }

    @Test
    void aConfigurationThatIsAnotherAfterARestoreIsToldToTheDriver() throws Exception {
        original.start(ALL);
        try (EchoMachine other = new EchoMachine(original)) {
            other.echo.config[0] = 9;
            other.device.load(original.device.save());
            assertEquals(2, other.driver.interrupt());
            assertEquals(1, other.driver.load(CONFIG_GENERATION));
        }
    }

    @ParameterizedTest
    @CsvSource({"transport, 3", "deviceId, 1", "driverFeatures, 1", "driverFeatures, 4294967297", "queue0.size, 3", "queue0.size, 16", "queue0.descriptors, 0",
        "queue1.device, -4"})
    void aStateInWhichNoDeviceCanBeIsRefusedAndChangesNothing(String field, long value) throws Exception {
        original.start(ALL);
        original.ask(1, "x");
        State damaged = copy(original.device.save()).put(field, value);
        try (EchoMachine other = new EchoMachine().start(PLAIN)) {
            other.ask(1, "mine");
            State before = other.device.save();
            assertThrows(StateException.class, () -> other.device.load(damaged));
            assertEquals(before, other.device.save());
            other.context.boundary();
            assertEquals(1, other.queue(1).used().size());
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 8, Long.MAX_VALUE})
    void headsThatNoQueueHasAreRefused(long head) throws Exception {
        original.start(ALL);
        State damaged = original.device.save().put("queue0.taken", new long[] {head});
        assertThrows(StateException.class, () -> original.device.load(damaged));
    }

    @Test
    void theSameHeadTwiceOrOneOfAQueueThatIsNotReadyIsRefused() throws Exception {
        original.start(ALL);
        State twice = original.device.save().put("queue0.taken", new long[] {1, 1});
        assertThrows(StateException.class, () -> original.device.load(twice));
        State unready = original.device.save().put("queue0.taken", new long[] {1}).put("queue0.ready", false);
        assertThrows(StateException.class, () -> original.device.load(unready));
    }

    @ParameterizedTest
    @ValueSource(strings = {"transport", "deviceId", "status", "queueSel", "interruptStatus", "configGeneration", "config", "driverFeatures", "queue1.taken",
        "queue1.nextUsed", "calls"})
    void aMissingFieldIsRefused(String field) throws Exception {
        original.start(ALL);
        State full = original.device.save();
        State less = new State(full.name(), full.version());
        for (String name : full.describe().keySet()) {
            if (!name.equals(field)) {
                try {
                    less.put(name, full.getLong(name));
                } catch (StateException e) {
                    less.put(name, full.getBytes(name));
                }
            }
        }
        assertThrows(StateException.class, () -> original.device.load(less));
    }

    @Test
    void aClosedDeviceDrivesNoInterrupt() throws Exception {
        original.start(ALL);
        original.ask(0, "x");
        original.device.close();
        assertFalse(original.context.interruptLevel());
        assertTrue(original.echo.closed);
    }
}
