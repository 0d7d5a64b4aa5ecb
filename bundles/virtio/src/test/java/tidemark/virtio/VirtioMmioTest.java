package tidemark.virtio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tidemark.testkit.VirtioDriver.*;
import static tidemark.virtio.EchoMachine.ALL;
import static tidemark.virtio.EchoMachine.PLAIN;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tidemark.api.device.Device;
import tidemark.api.memory.BusFault;
import tidemark.api.state.State;
import tidemark.testkit.DriverQueue;
import tidemark.testkit.VirtioDriver;

class VirtioMmioTest {
    private final EchoMachine machine = new EchoMachine();
    private final Device device = machine.device;
    private final VirtioDriver driver = machine.driver;

    @AfterEach
    void close() {
        machine.close();
    }

    @Test
    void theDriverFindsWhatItLooksFor() {
        assertEquals(0x7472_6976, driver.load(MAGIC_VALUE));
        assertEquals(2, driver.load(VERSION));
        assertEquals(Echo.ID, driver.load(DEVICE_ID));
        assertEquals(0x554D_4551, driver.load(VENDOR_ID), "that is what drivers check for");
        assertEquals(ALL, driver.offered());
        assertEquals(0, driver.store(DEVICE_FEATURES_SEL, 2).load(DEVICE_FEATURES));
        assertEquals(Echo.QUEUE_SIZE, driver.store(QUEUE_SEL, 1).load(QUEUE_NUM_MAX));
        assertEquals(0, driver.store(QUEUE_SEL, 2).load(QUEUE_NUM_MAX));
        assertEquals(0, driver.store(QUEUE_SEL, 0xFFFF_FFFFL).load(QUEUE_NUM_MAX));
        assertEquals(0xFFFF_FFFFL, driver.store(0x0AC, 1).load(0x0B0), "there is no shared memory");
    }

    @Test
    void theWholeInitializationLeadsToADeviceThatWorks() {
        machine.start(ALL);
        assertEquals(ACKNOWLEDGE | DRIVER | FEATURES_OK | DRIVER_OK, driver.status());
        long answer = machine.ask(0, "hello");
        assertEquals("hello", machine.textAt(answer, 5));
        assertEquals(1, driver.interrupt());
    }

    @ParameterizedTest
    @ValueSource(longs = {0, Echo.FEATURE, VirtioDriver.EVENT_IDX, VirtioDriver.VERSION_1 | 1, VirtioDriver.VERSION_1 | 1L << 63})
    void whateverTheDriverAcceptsBothAgreeOnWhatWasOffered(long features) throws Exception {
        driver.start(features & ALL, Echo.QUEUE_SIZE);
        State offeredOnly = device.save();
        driver.store(STATUS, 0);
        EchoMachine again = new EchoMachine();
        again.driver.start(features, Echo.QUEUE_SIZE);
        assertEquals(ACKNOWLEDGE | DRIVER | FEATURES_OK | DRIVER_OK, again.driver.status());
        assertEquals(offeredOnly.getLong("driverFeatures"), again.device.save().getLong("driverFeatures"));
        long answer = again.ask(0, "hello");
        assertEquals("hello", again.textAt(answer, 5));
        again.close();
    }

    @Test
    void featuresOfAWordThatNoDeviceOffersAreNotAgreedOn() throws Exception {
        driver.accept(PLAIN).store(DRIVER_FEATURES_SEL, 2).store(DRIVER_FEATURES, 1).store(STATUS, ACKNOWLEDGE | DRIVER | FEATURES_OK);
        assertEquals(ACKNOWLEDGE | DRIVER | FEATURES_OK, driver.status());
        assertEquals(PLAIN, device.save().getLong("driverFeatures"));
    }

    @Test
    void aDriverThatNeverTouchesTheSecondWordOfFeaturesIsServed() {
        driver.store(STATUS, ACKNOWLEDGE).store(STATUS, ACKNOWLEDGE | DRIVER).store(DRIVER_FEATURES, 0)
                .store(STATUS, ACKNOWLEDGE | DRIVER | FEATURES_OK);
        assertEquals(FEATURES_OK, driver.status() & FEATURES_OK);
        assertServed(ACKNOWLEDGE | DRIVER | FEATURES_OK | DRIVER_OK);
    }

    @ParameterizedTest
    @ValueSource(ints = {DRIVER_OK, DRIVER | FEATURES_OK | DRIVER_OK, ACKNOWLEDGE | DRIVER | DRIVER_OK, FEATURES_OK | DRIVER_OK})
    void aDriverThatLeavesStepsOutIsServed(int steps) {
        assertServed(steps);
    }

    private void assertServed(int status) {
        driver.setUp(0, Echo.QUEUE_SIZE);
        driver.store(STATUS, status);
        assertEquals(status, driver.status());
        long answer = machine.ask(0, "hello");
        assertEquals("hello", machine.textAt(answer, 5));
    }

    @Test
    void featuresStandAfterFeaturesOk() throws Exception {
        driver.negotiate(PLAIN).accept(ALL);
        assertEquals(PLAIN, device.save().getLong("driverFeatures"));
    }

    @Test
    void statusBitsAreSetByTheDriverAndClearedByAResetOnly() {
        driver.store(STATUS, DRIVER);
        assertEquals(DRIVER, driver.status());
        driver.store(STATUS, ACKNOWLEDGE);
        assertEquals(ACKNOWLEDGE | DRIVER, driver.status());
        driver.store(STATUS, DEVICE_NEEDS_RESET | FAILED);
        assertEquals(ACKNOWLEDGE | DRIVER | FAILED, driver.status(), "that it needs a reset is the device's word");
        driver.store(STATUS, 0);
        assertEquals(0, driver.status());
    }

    @Test
    void noBufferIsTakenBeforeTheDriverIsReady() {
        driver.negotiate(PLAIN);
        driver.setUp(0, Echo.QUEUE_SIZE);
        machine.ask(0, "early");
        driver.kick(0);
        assertEquals(List.of(), machine.echo.read);
        assertEquals(0, driver.queue(0).usedIndex());
        driver.store(STATUS, driver.status() | DRIVER_OK);
        assertEquals(List.of("early"), machine.echo.read, "what it offered before is seen to then");
    }

    @Test
    void aDriverThatFailedIsServedNoMore() {
        machine.start(PLAIN);
        driver.store(STATUS, driver.status() | FAILED);
        machine.ask(0, "gone");
        assertEquals(List.of(), machine.echo.read);
    }

    @Test
    void aReadyQueueStaysWhereItIs() throws Exception {
        machine.start(PLAIN);
        State before = device.save();
        driver.place(1, 4, 0, 0, 0);
        assertEquals(before.describe().get("queue1.descriptors"), device.save().describe().get("queue1.descriptors"));
        assertEquals(Echo.QUEUE_SIZE, device.save().getInt("queue1.size"));
        assertEquals(1, driver.load(QUEUE_READY));
    }

    @Test
    void aQueueThatIsNotReadyIsNotTouched() {
        machine.start(PLAIN);
        driver.store(QUEUE_SEL, 0).store(QUEUE_READY, 0);
        assertEquals(0, driver.load(QUEUE_READY));
        machine.ask(0, "x");
        driver.kick(0);
        assertEquals(List.of(), machine.echo.read);
        DriverQueue fresh = driver.setUp(0, 4);
        machine.ask(0, "y");
        assertEquals(List.of("y"), machine.echo.read, "it begins anew");
        assertEquals(1, fresh.used().size());
    }

    @Test
    void configurationIsReadInBytesHalvesAndWords() throws Exception {
        assertEquals(1, device.load(CONFIG, 1));
        assertEquals(0x0403, device.load(CONFIG + 2, 2));
        assertEquals(0x0403_0201, device.load(CONFIG, 4));
        assertEquals(7, device.load(CONFIG + 6, 1));
        assertEquals(0, device.load(CONFIG_GENERATION, 4));
    }

    @Test
    void whatTheSpecificationForbidsFaults() {
        for (int size : new int[] {1, 2, 8}) {
            assertThrows(BusFault.class, () -> device.load(MAGIC_VALUE, size));
            assertThrows(BusFault.class, () -> device.store(STATUS, size, 0));
        }
        for (int readOnly : new int[] {MAGIC_VALUE, VERSION, DEVICE_ID, VENDOR_ID, DEVICE_FEATURES, QUEUE_NUM_MAX, INTERRUPT_STATUS, CONFIG_GENERATION}) {
            assertThrows(BusFault.class, () -> device.store(readOnly, 4, 0));
        }
        for (int writeOnly : new int[] {DEVICE_FEATURES_SEL, DRIVER_FEATURES, QUEUE_SEL, QUEUE_NUM, QUEUE_NOTIFY, INTERRUPT_ACK, QUEUE_DESC, QUEUE_DEVICE + 4}) {
            assertThrows(BusFault.class, () -> device.load(writeOnly, 4));
        }
        for (int nothing : new int[] {0x01C, 0x028, 0x03C, 0x040, 0x0C0, 0x0F8}) {
            assertThrows(BusFault.class, () -> device.load(nothing, 4));
            assertThrows(BusFault.class, () -> device.store(nothing, 4, 0));
        }
        assertThrows(BusFault.class, () -> device.load(CONFIG + 4, 4), "the configuration ends within the word");
        assertThrows(BusFault.class, () -> device.load(CONFIG, 8));
        assertThrows(BusFault.class, () -> device.load(0xFFF, 1));
        assertThrows(BusFault.class, () -> device.store(CONFIG, 1, 0));
    }

    @Test
    void theInterruptStandsUntilItsCauseIsAcknowledged() {
        machine.start(PLAIN);
        machine.ask(0, "x");
        assertTrue(machine.context.interruptLevel());
        driver.store(INTERRUPT_ACK, 2);
        assertTrue(machine.context.interruptLevel());
        driver.store(INTERRUPT_ACK, 1);
        assertFalse(machine.context.interruptLevel());
        assertEquals(0, driver.load(INTERRUPT_STATUS));
    }

    @Test
    void aResetByTheDriverForgetsEverything() throws Exception {
        State fresh = device.save();
        machine.start(ALL);
        machine.ask(0, "x");
        machine.ask(1, "y");
        driver.store(STATUS, 0);
        assertFalse(machine.context.interruptLevel());
        assertEquals(fresh.put("calls", machine.echo.calls), device.save());
        machine.context.boundary();
        assertEquals(0, driver.queue(1).usedIndex(), "what was under way is not completed");
    }

    @Test
    void aResetOfTheMachineForgetsEverything() throws Exception {
        State fresh = device.save();
        machine.start(ALL);
        machine.ask(1, "y");
        machine.context.forgetPosted();
        device.reset();
        assertEquals(fresh.put("calls", machine.echo.calls), device.save());
        machine.context.boundary();
        assertEquals(0, driver.queue(1).usedIndex());
        new VirtioDriver(device, machine.ram).start(ALL, 8, 8).kick(0);
        assertEquals(ACKNOWLEDGE | DRIVER | FEATURES_OK | DRIVER_OK, driver.status());
    }

    @Test
    void afterAResetTheDeviceRestsUntilWorkOfBeforeHasEnded() {
        machine.start(PLAIN);
        machine.ask(1, "old");
        driver.store(STATUS, 0);
        VirtioDriver next = new VirtioDriver(device, machine.ram).start(PLAIN, 8, 8);
        long text = machine.text("new");
        next.send(0, DriverQueue.out(text, 3));
        next.kick(0);
        assertEquals(List.of("old"), machine.echo.read, "the old work could still overtake it");
        machine.context.boundary();
        assertEquals(List.of("old", "new"), machine.echo.read);
        assertEquals(1, next.queue(0).used().size());
        assertEquals(0, next.queue(1).used().size());
    }

    @Test
    void stoppingAQueueDoesNotCostTheOtherOneItsRequests() {
        machine.start(PLAIN);
        machine.ask(1, "a");
        driver.store(QUEUE_SEL, 0).store(QUEUE_READY, 0);
        machine.context.boundary();
        assertEquals(List.of("a", "a"), machine.echo.read, "it is asked for again");
        assertEquals(1, driver.queue(1).used().size(), "and completed once");
    }

    @Test
    void aLongWorkGoesOnAtTheNextBoundaryHoweverOftenTheDriverNotifies() {
        machine.start(PLAIN);
        machine.echo.perCall = 2;
        for (int i = 0; i < 5; i++) {
            driver.queue(0).offer(driver.queue(0).chain(DriverQueue.out(machine.text("x"), 1)));
        }
        int before = machine.echo.calls;
        for (int i = 0; i < 100; i++) {
            driver.kick(0);
        }
        assertEquals(1, machine.echo.calls - before);
        assertEquals(2, driver.queue(0).used().size());
        machine.context.boundary();
        assertEquals(3, machine.echo.calls - before);
        assertEquals(3, driver.queue(0).used().size());
    }

    @Test
    void notificationsOfQueuesThatAreNotThereAreIgnored() {
        machine.start(PLAIN);
        int calls = machine.echo.calls;
        driver.kick(2).kick(0x8000_0000).kick(-1);
        assertEquals(calls, machine.echo.calls);
    }
}
