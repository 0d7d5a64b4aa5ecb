package tidemark.device.virtio.entropy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static tidemark.testkit.DriverQueue.in;
import static tidemark.testkit.DriverQueue.out;
import static tidemark.testkit.VirtioDriver.VERSION_1;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tidemark.api.device.Device;
import tidemark.testkit.DriverQueue.Used;
import tidemark.testkit.TestDeviceContext;
import tidemark.testkit.TestMemory;
import tidemark.testkit.VirtioDriver;

class EntropyDeviceTest {
    private static final int WANTED = 64;
    private final TestMemory ram = new TestMemory(1 << 20);
    private final TestDeviceContext machine = new TestDeviceContext("rng0", 1).memory(ram);
    private final Device device = new EntropyPart().create(machine);
    private final VirtioDriver driver = new VirtioDriver(device, ram).start(VERSION_1, EntropyDevice.QUEUE_SIZE);

    @AfterEach
    void close() {
        ram.close();
    }

    @Test
    void everyByteThatIsAskedForIsDrawn() {
        long room = driver.allocate(2 * WANTED);
        driver.send(0, in(room, WANTED), in(room + WANTED, WANTED));
        machine.boundary();
        assertEquals(List.of(new Used(0, 2 * WANTED)), driver.queue(0).used());
        assertFalse(Arrays.equals(ram.get(room, WANTED), new byte[WANTED]));
        assertFalse(Arrays.equals(ram.get(room + WANTED, WANTED), ram.get(room, WANTED)));
        assertEquals(1, driver.interrupt());
    }

    @Test
    void aGreedyRequestIsGivenAPart() {
        long room = driver.allocate(2 * EntropyDevice.MAX_BYTES);
        driver.send(0, in(room, 2 * EntropyDevice.MAX_BYTES));
        machine.boundary();
        assertEquals(List.of(new Used(0, EntropyDevice.MAX_BYTES)), driver.queue(0).used());
        assertArrayEquals(new byte[64], ram.get(room + EntropyDevice.MAX_BYTES, 64));
    }

    @Test
    void aRequestWithoutRoomIsGivenNothing() {
        driver.send(0, out(ram.base(), 1));
        machine.boundary();
        assertEquals(List.of(new Used(0, 0)), driver.queue(0).used());
    }

    @Test
    void requestsUnderWayAreFreshForTheOriginalAndForEveryRestoredMachine() throws Exception {
        long room = driver.allocate(WANTED);
        driver.send(0, in(room, WANTED));
        byte[] first = restored(room);
        byte[] second = restored(room);
        machine.boundary();
        assertFalse(Arrays.equals(first, second));
        assertFalse(Arrays.equals(first, ram.get(room, WANTED)));
        assertEquals(1, driver.queue(0).used().size());
    }

    private byte[] restored(long room) throws Exception {
        try (TestMemory copy = ram.copy()) {
            TestDeviceContext other = new TestDeviceContext("rng0", 1).memory(copy);
            Device fresh = new EntropyPart().create(other);
            fresh.load(device.save());
            assertEquals(device.save(), fresh.save());
            other.boundary();
            assertEquals(1, driver.at(fresh, copy).queue(0).used().size());
            return copy.get(room, WANTED);
        }
    }
}
