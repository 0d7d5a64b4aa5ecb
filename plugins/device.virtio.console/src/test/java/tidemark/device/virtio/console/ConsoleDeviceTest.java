package tidemark.device.virtio.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tidemark.testkit.DriverQueue.in;
import static tidemark.testkit.DriverQueue.out;
import static tidemark.testkit.VirtioDriver.*;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tidemark.api.device.Device;
import tidemark.api.state.State;
import tidemark.api.state.StateException;
import tidemark.testkit.DriverQueue.Used;
import tidemark.testkit.TestDeviceContext;
import tidemark.testkit.TestMemory;
import tidemark.testkit.VirtioDriver;

class ConsoleDeviceTest {
    private static final long FEATURES = VERSION_1 | EVENT_IDX | INDIRECT_DESC;
    private final TestMemory ram = new TestMemory(1 << 20);
    private TestDeviceContext machine = new TestDeviceContext("hvc0", 1).memory(ram);
    private Device device = new ConsolePart().create(machine);
    private VirtioDriver driver = new VirtioDriver(device, ram);

    @AfterEach
    void close() {
        ram.close();
    }

    private void start() {
        driver.start(FEATURES, ConsoleDevice.QUEUE_SIZE, ConsoleDevice.QUEUE_SIZE);
    }

    private long text(String text) {
        long address = driver.allocate(text.length());
        ram.put(address, text.getBytes(StandardCharsets.ISO_8859_1));
        return address;
    }

    private String textAt(long address, int length) {
        return new String(driver.ram().get(address, length), StandardCharsets.ISO_8859_1);
    }

    /** Everything from here on happens to a machine restored from what is now. */
    private void restore() throws Exception {
        TestDeviceContext other = new TestDeviceContext("hvc0", 1).memory(ram.copy());
        Device copy = new ConsolePart().create(other);
        copy.load(device.save());
        driver = driver.at(copy, (TestMemory) other.memory());
        machine = other;
        device = copy;
    }

    @Test
    void outputIsWithTheHostWhenTheNotificationReturns() {
        start();
        long text = text("hello\u00ff");
        driver.send(ConsoleDevice.TRANSMITQ, out(text, 2), out(text + 2, 4));
        assertEquals("hello\u00ff", machine.transmitted());
        assertEquals(List.of(new Used(0, 0)), driver.queue(1).used());
    }

    @Test
    void longOutputGoesOnAtTheNextBoundary() {
        start();
        String text = "0123456789abcdef".repeat(10_000);
        driver.send(ConsoleDevice.TRANSMITQ, out(text(text), text.length()));
        assertTrue(machine.transmitted().length() <= ConsoleDevice.MAX_AT_ONCE);
        assertEquals(0, driver.queue(1).usedIndex());
        machine.boundary();
        assertEquals(text, machine.transmitted());
        assertEquals(1, driver.queue(1).used().size());
    }

    @Test
    void aRestoredMachineSendsTheRestOfItsOutput() throws Exception {
        start();
        String text = "0123456789abcdef".repeat(10_000);
        driver.send(ConsoleDevice.TRANSMITQ, out(text(text), text.length()));
        String before = machine.transmitted();
        assertFalse(before.isEmpty());
        restore();
        machine.boundary();
        assertEquals(text, before + machine.transmitted());
        assertEquals(1, driver.queue(1).used().size());
    }

    @Test
    void aBufferThatIsNoOutputIsGivenBack() {
        start();
        driver.send(ConsoleDevice.TRANSMITQ, in(text("x"), 1));
        assertEquals("", machine.transmitted());
        assertEquals(List.of(new Used(0, 0)), driver.queue(1).used());
    }

    @Test
    void inputComesIntoTheBuffersOfTheGuest() {
        start();
        long room = driver.allocate(100);
        driver.send(ConsoleDevice.RECEIVEQ, in(room, 3), in(room + 50, 1));
        driver.send(ConsoleDevice.RECEIVEQ, in(room + 10, 10));
        machine.send("abcdefgh");
        assertEquals(0, driver.queue(0).usedIndex(), "only at a boundary");
        machine.boundary();
        assertEquals(List.of(new Used(0, 4), new Used(2, 4)), driver.queue(0).used());
        assertEquals("abcd", textAt(room, 3) + textAt(room + 50, 1));
        assertEquals("efgh", textAt(room + 10, 4));
        assertEquals(1, driver.interrupt());
    }

    @Test
    void inputWaitsForBuffersAndNoByteIsLost() {
        machine.send("early");
        machine.boundary();
        start();
        machine.send(" bird");
        machine.boundary();
        long room = driver.allocate(20);
        for (int i = 0; i < 5; i++) {
            driver.send(ConsoleDevice.RECEIVEQ, in(room + 2 * i, 2));
        }
        assertEquals("early bird", textAt(room, 10));
    }

    @Test
    void aBufferWithoutRoomIsGivenBackAndCostsNoInput() {
        start();
        machine.send("x");
        long room = driver.allocate(1);
        driver.send(ConsoleDevice.RECEIVEQ, out(room, 1));
        driver.send(ConsoleDevice.RECEIVEQ, in(room, 1));
        machine.boundary();
        assertEquals(List.of(new Used(0, 0), new Used(1, 1)), driver.queue(0).used());
        assertEquals("x", textAt(room, 1));
    }

    @Test
    void aByteThatTheDeviceHasTakenFromTheHostIsInItsState() throws Exception {
        start();
        machine.send("z");
        machine.boundary();
        restore();
        long room = driver.allocate(1);
        driver.send(ConsoleDevice.RECEIVEQ, in(room, 1));
        assertEquals("z", textAt(room, 1));
    }

    @Test
    void inputThatWaitsWhereTheMachineIsRestoredComes() throws Exception {
        start();
        long room = driver.allocate(1);
        driver.send(ConsoleDevice.RECEIVEQ, in(room, 1));
        TestDeviceContext other = new TestDeviceContext("hvc0", 1).memory(ram);
        other.send("q");
        new ConsolePart().create(other).load(device.save());
        other.boundary();
        assertEquals("q", textAt(room, 1));
    }

    @Test
    void aResetForgetsOutputThatWasUnderWayButNoInput() {
        start();
        driver.send(ConsoleDevice.TRANSMITQ, out(text("x".repeat(100_000)), 100_000));
        int sent = machine.transmitted().length();
        machine.send("kept");
        driver.store(STATUS, 0);
        machine.boundary();
        assertEquals(sent, machine.transmitted().length());
        driver = new VirtioDriver(device, ram);
        start();
        long room = driver.allocate(4);
        driver.send(ConsoleDevice.RECEIVEQ, in(room, 4));
        assertEquals("kept", textAt(room, 4));
        driver.send(ConsoleDevice.TRANSMITQ, out(text("new"), 3));
        assertEquals("new", machine.transmitted().substring(sent));
    }

    @ParameterizedTest
    @CsvSource({"sent, -1", "ahead, -2", "ahead, 256"})
    void damagedStatesAreRefused(String field, long value) {
        start();
        State damaged = device.save().put(field, value);
        assertThrows(StateException.class, () -> device.load(damaged));
    }

    @Test
    void moreSentThanTheChainNowHasEndsIt() throws Exception {
        start();
        driver.send(ConsoleDevice.TRANSMITQ, out(text("x".repeat(100_000)), 100_000));
        device.load(device.save().put("sent", Long.MAX_VALUE));
        machine.boundary();
        assertEquals(1, driver.queue(1).used().size());
    }
}
