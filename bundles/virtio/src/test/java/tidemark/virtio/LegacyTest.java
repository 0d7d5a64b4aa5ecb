package tidemark.virtio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tidemark.testkit.DriverQueue.in;
import static tidemark.testkit.DriverQueue.out;
import static tidemark.testkit.VirtioDriver.*;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tidemark.api.memory.BusFault;
import tidemark.api.state.State;
import tidemark.api.state.StateException;
import tidemark.testkit.DriverQueue;
import tidemark.testkit.TestDeviceContext;
import tidemark.testkit.TestMemory;
import tidemark.testkit.VirtioDriver;

/** A driver of before virtio 1.0, on a device with {@code legacy=on}. */
class LegacyTest {
    private static final int GUEST_PAGE_SIZE = 0x028;
    private static final int QUEUE_ALIGN = 0x03C;
    private static final int QUEUE_PFN = 0x040;
    private static final int SIZE = 8;
    private final EchoMachine machine = new EchoMachine(new TestMemory(1 << 20), null, "on");
    private final VirtioDriver driver = machine.driver;

    @AfterEach
    void close() {
        machine.close();
    }

    /** The areas as the driver lays them out by itself. */
    private DriverQueue start(long features, int pageSize, int align) {
        if (pageSize != 1) {
            driver.store(GUEST_PAGE_SIZE, pageSize);
        }
        driver.store(STATUS, 0).store(STATUS, ACKNOWLEDGE).store(STATUS, ACKNOWLEDGE | DRIVER).store(DRIVER_FEATURES, features)
                .store(STATUS, ACKNOWLEDGE | DRIVER | DRIVER_OK);
        long descriptors = driver.allocate(0x4000) + 0xFFF & -4096;
        driver.store(QUEUE_SEL, 0).store(QUEUE_NUM, SIZE).store(QUEUE_ALIGN, align).store(QUEUE_PFN, descriptors / pageSize);
        long available = descriptors + 16 * SIZE;
        int effective = align == 0 ? 4096 : align;
        return new DriverQueue(machine.ram, descriptors, available, available + 4 + 2 * SIZE + 2 + effective - 1 & -effective, SIZE);
    }

    @ParameterizedTest
    @CsvSource({"4096, 4096", "4096, 64", "1, 0"})
    void aQueueIsPlacedByAPageNumber(int pageSize, int align) {
        assertEquals(1, driver.load(VERSION));
        DriverQueue queue = start(0, pageSize, align);
        assertTrue(driver.load(QUEUE_PFN) != 0);
        long answer = driver.allocate(16);
        queue.offer(queue.chain(out(machine.text("hello"), 5), in(answer, 5)));
        driver.kick(0);
        assertEquals("hello", machine.textAt(answer, 5));
        assertEquals(1, queue.used().size());
        driver.store(QUEUE_PFN, 0);
        assertEquals(0, driver.load(QUEUE_PFN));
    }

    @Test
    void featuresHoldWithoutFeaturesOkAndNoneIsInTheSecondWord() {
        assertEquals(0, driver.offered() >>> 32);
        start(VirtioDriver.EVENT_IDX, 4096, 4096);
        assertTrue(machine.device.negotiated(VirtioDriver.EVENT_IDX));
    }

    @Test
    void eachLayoutHasItsOwnRegisters() {
        assertThrows(BusFault.class, () -> new EchoMachine().device.load(QUEUE_PFN, 4));
        assertThrows(BusFault.class, () -> new EchoMachine().device.store(GUEST_PAGE_SIZE, 4, 4096));
    }

    @Test
    void theStateIsOfOneLayout() throws Exception {
        DriverQueue queue = start(0, 4096, 4096);
        State state = machine.device.save();
        EchoMachine copy = new EchoMachine(machine.ram, driver, "on");
        copy.device.load(state);
        assertEquals(state, copy.device.save());
        long answer = driver.allocate(16);
        queue.offer(queue.chain(out(machine.text("again"), 5), in(answer, 5)));
        copy.driver.kick(0);
        assertEquals("again", machine.textAt(answer, 5));
        assertTrue(assertThrows(StateException.class, () -> new EchoMachine().device.load(state)).getMessage().contains("legacy=on"));
    }

    @Test
    void anotherValueOfTheOptionIsRefused() {
        TestDeviceContext context = new TestDeviceContext("x", 1).memory(machine.ram).option("legacy", "yes");
        String message = assertThrows(IllegalArgumentException.class, () -> new VirtioMmio(context, Echo::new)).getMessage();
        assertTrue(message.contains("legacy=yes; give on or off"), message);
    }
}
