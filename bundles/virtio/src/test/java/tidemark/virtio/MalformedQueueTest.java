package tidemark.virtio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tidemark.testkit.DriverQueue.INDIRECT;
import static tidemark.testkit.DriverQueue.NEXT;
import static tidemark.testkit.DriverQueue.WRITE;
import static tidemark.testkit.VirtioDriver.*;
import static tidemark.virtio.EchoMachine.ALL;
import static tidemark.virtio.EchoMachine.PLAIN;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tidemark.testkit.DriverQueue;
import tidemark.testkit.TestMemory;
import tidemark.testkit.VirtioDriver;

/** Everything that a driver can get wrong ends in a device that says it needs a reset, and works after it. */
class MalformedQueueTest {
    private static final long BASE = 0x8000_0000L;
    private static final long RAM = 1 << 20;
    private static final long END = BASE + RAM;
    private static final long TABLE = BASE + 0x4_0000;

    private interface Mischief {
        void in(DriverQueue queue);
    }

    private static Arguments wrong(String what, Mischief mischief) {
        return Arguments.of(what, mischief);
    }

    private static Mischief descriptor(long address, long length, int flags, int next) {
        return queue -> queue.describe(0, address, length, flags, next).offer(0);
    }

    private static Mischief table(Mischief entries) {
        return queue -> {
            entries.in(queue);
            queue.describe(0, TABLE, 4 * 16, INDIRECT, 0).offer(0);
        };
    }

    static Stream<Arguments> mischiefs() {
        return Stream.of(
                wrong("address below RAM", descriptor(BASE - 1, 2, 0, 0)),
                wrong("address 0", descriptor(0, 16, 0, 0)),
                wrong("end beyond RAM", descriptor(END - 8, 9, 0, 0)),
                wrong("writable end beyond RAM", descriptor(END - 8, 9, WRITE, 0)),
                wrong("address just beyond RAM", descriptor(END, 1, 0, 0)),
                wrong("end beyond the last address", descriptor(-1L, 2, WRITE, 0)),
                wrong("negative address", descriptor(Long.MIN_VALUE, 16, 0, 0)),
                wrong("address that overflows with RAM's base", descriptor(Long.MIN_VALUE + BASE, 16, WRITE, 0)),
                wrong("longest length", descriptor(BASE, 0xFFFF_FFFFL, 0, 0)),
                wrong("no length", descriptor(BASE, 0, 0, 0)),
                wrong("no length, writable", descriptor(BASE, 0, WRITE, 0)),
                wrong("loop of one", descriptor(BASE, 1, NEXT, 0)),
                wrong("loop of two", queue -> queue.describe(0, BASE, 1, NEXT, 1).describe(1, BASE, 1, NEXT, 0).offer(0)),
                wrong("loop that does not lead back to its head", queue -> queue.describe(0, BASE, 1, NEXT, 1).describe(1, BASE, 1, NEXT, 2)
                        .describe(2, BASE, 1, NEXT, 1).offer(0)),
                wrong("next beyond the table", descriptor(BASE, 1, NEXT, 8)),
                wrong("next far beyond the table", descriptor(BASE, 1, NEXT, 0xFFFF)),
                wrong("readable after writable", queue -> queue.describe(0, BASE, 1, NEXT | WRITE, 1).describe(1, BASE, 1, 0, 0).offer(0)),
                wrong("head beyond the table", queue -> queue.offer(8)),
                wrong("head far beyond the table", queue -> queue.offer(0xFFFF)),
                wrong("more available than the queue holds", queue -> queue.describe(0, BASE, 1, 0, 0).availableIndex(9)),
                wrong("index that went backwards", queue -> queue.availableIndex(0xFFFF)),
                wrong("indirect with next", descriptor(TABLE, 16, INDIRECT | NEXT, 1)),
                wrong("empty table", descriptor(TABLE, 0, INDIRECT, 0)),
                wrong("table of one and a half", descriptor(TABLE, 24, INDIRECT, 0)),
                wrong("table outside of RAM", descriptor(END - 16, 32, INDIRECT, 0)),
                wrong("table at the last address", descriptor(-16L, 32, INDIRECT, 0)),
                wrong("table of 4 GiB", descriptor(BASE, 0xFFFF_FFF0L, INDIRECT, 0)),
                wrong("indirect in indirect", table(queue -> queue.describe(TABLE, 0, TABLE, 16, INDIRECT, 0))),
                wrong("indirect in indirect, later", table(queue -> {
                    queue.describe(TABLE, 0, BASE, 1, NEXT, 1);
                    queue.describe(TABLE, 1, TABLE, 16, INDIRECT, 0);
                })),
                wrong("table that points beyond itself", table(queue -> queue.describe(TABLE, 0, BASE, 1, NEXT, 4))),
                wrong("loop in a table", table(queue -> queue.describe(TABLE, 0, BASE, 1, NEXT, 0))),
                wrong("chain in a table, longer than allowed", queue -> {
                    for (int i = 0; i <= Echo.QUEUE_SIZE; i++) {
                        queue.describe(TABLE, i, BASE, 1, i < Echo.QUEUE_SIZE ? NEXT : 0, i + 1);
                    }
                    queue.describe(0, TABLE, 16 * (Echo.QUEUE_SIZE + 1), INDIRECT, 0).offer(0);
                }));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mischiefs")
    void theDeviceNeedsAResetAndWorksAfterIt(String what, Mischief mischief) {
        try (EchoMachine machine = new EchoMachine().start(ALL)) {
            VirtioDriver driver = machine.driver;
            mischief.in(machine.queue(0));
            driver.kick(0);
            assertEquals(DEVICE_NEEDS_RESET, driver.status() & DEVICE_NEEDS_RESET);
            assertEquals(2, driver.interrupt(), "a configuration change tells the driver");
            assertEquals(List.of(), machine.echo.read);
            assertEquals(0, machine.queue(0).usedIndex());
            machine.ask(1, "x");
            driver.kick(1).store(STATUS, 0xFF);
            machine.context.boundary();
            assertEquals(List.of(), machine.echo.read, "it does nothing until then");
            driver.store(STATUS, 0);
            assertEquals(0, driver.status());
            VirtioDriver next = new VirtioDriver(machine.device, machine.ram).start(ALL, 8, 8);
            next.send(0, DriverQueue.out(machine.text("again"), 5));
            assertEquals(List.of("again"), machine.echo.read);
        }
    }

    @Test
    void anIndirectTableWithoutTheFeatureIsRefused() {
        try (EchoMachine machine = new EchoMachine().start(PLAIN)) {
            machine.driver.send(0, machine.queue(0).indirect(TABLE, DriverQueue.out(BASE, 1)));
            assertEquals(DEVICE_NEEDS_RESET, machine.driver.status() & DEVICE_NEEDS_RESET);
        }
    }

    @Test
    void aChainOfMoreThan4GiBIsRefused() {
        try (TestMemory ram = new TestMemory(RAM)) {
            int size = 8192;
            DriverQueue queue = new VirtioDriver(null, ram).layOut(size);
            for (int i = 0; i <= (1L << 32) / RAM; i++) {
                queue.describe(i, BASE, RAM, NEXT, i + 1);
            }
            ChainWalk walk = new ChainWalk(new GuestRam(ram), new Layout(size, queue.descriptors(), queue.driver(), queue.device()), false, size);
            assertTrue(assertThrows(MalformedQueue.class, () -> walk.from(0)).getMessage().contains("4294967296"));
        }
    }

    @Test
    void aChainThatTheDeviceHasIsNotTakenTwice() {
        try (EchoMachine machine = new EchoMachine().start(ALL)) {
            machine.queue(1).describe(0, BASE, 1, 0, 0).offer(0, 0);
            machine.driver.kick(1);
            assertEquals(DEVICE_NEEDS_RESET, machine.driver.status() & DEVICE_NEEDS_RESET);
            machine.context.boundary();
            assertEquals(0, machine.queue(1).usedIndex(), "what was under way is not completed");
        }
    }

    @Test
    void aChainThatIsChangedWhileTheDeviceHasItChangesNothing() {
        try (EchoMachine machine = new EchoMachine().start(ALL)) {
            long answer = machine.ask(1, "good");
            machine.queue(1).describe(1, END - 1, 0xFFFF_FFFFL, WRITE, 0);
            machine.context.boundary();
            assertEquals("good", machine.textAt(answer, 4));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 16, 0x8000, 0x10000, -8})
    void queuesOfImpossibleSizesAreRefused(int size) {
        refused(size, BASE, BASE + 0x1000, BASE + 0x2000);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, BASE - 16, BASE + 8, END - 0x70, END, -16, Long.MIN_VALUE})
    void descriptorAreasOutsideOfRamOrUnalignedAreRefused(long address) {
        refused(8, address, BASE + 0x1000, BASE + 0x2000);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, BASE - 2, BASE + 1, END - 20, -2})
    void driverAreasOutsideOfRamOrUnalignedAreRefused(long address) {
        refused(8, BASE, address, BASE + 0x2000);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, BASE - 4, BASE + 2, END - 68, -4})
    void deviceAreasOutsideOfRamOrUnalignedAreRefused(long address) {
        refused(8, BASE, BASE + 0x1000, address);
    }

    private static void refused(int size, long descriptors, long driverArea, long deviceArea) {
        try (EchoMachine machine = new EchoMachine()) {
            VirtioDriver driver = machine.driver.negotiate(ALL).place(0, size, descriptors, driverArea, deviceArea).store(QUEUE_READY, 1);
            assertEquals(0, driver.load(QUEUE_READY));
            assertEquals(DEVICE_NEEDS_RESET, driver.status() & DEVICE_NEEDS_RESET);
            assertEquals(0, driver.interrupt(), "before DRIVER_OK it does not interrupt");
            driver.store(STATUS, driver.status() | DRIVER_OK).kick(0);
        }
    }
}
