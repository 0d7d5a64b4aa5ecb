package tidemark.virtio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tidemark.testkit.DriverQueue.in;
import static tidemark.testkit.DriverQueue.out;
import static tidemark.testkit.VirtioDriver.EVENT_IDX;
import static tidemark.testkit.VirtioDriver.INDIRECT_DESC;
import static tidemark.virtio.EchoMachine.PLAIN;

import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tidemark.api.memory.Barrier;
import tidemark.api.memory.DirtyLog;
import tidemark.api.memory.PageSet;
import tidemark.testkit.DriverQueue;
import tidemark.testkit.DriverQueue.Piece;
import tidemark.testkit.DriverQueue.Used;

class VirtqueueTest {
    private static final long EVENTS = PLAIN | EVENT_IDX;
    private final EchoMachine machine = new EchoMachine();

    @AfterEach
    void close() {
        machine.close();
    }

    private DriverQueue queue() {
        return machine.queue(0);
    }

    private void offer(int count) {
        for (int i = 0; i < count; i++) {
            queue().offer(queue().chain(out(machine.ram.base(), 1)));
        }
    }

    @Test
    void aBufferMayLieInPiecesAnywhereInRam() {
        machine.start(PLAIN);
        long text = machine.text("scatter and gather");
        long a = machine.driver.allocate(64) + 3;
        long b = machine.driver.allocate(64) + 7;
        machine.driver.send(0, out(text, 1), out(text + 1, 11), out(text + 12, 6), in(a, 5), in(b, 20));
        assertEquals(List.of("scatter and gather"), machine.echo.read);
        assertEquals("scatt", machine.textAt(a, 5));
        assertEquals("er and gather", machine.textAt(b, 13));
        assertEquals(List.of(new Used(0, 18)), queue().used());
    }

    @Test
    void anIndirectTableIsOneDescriptorOfTheQueueAndItsWriteFlagIsIgnored() {
        machine.start(PLAIN | INDIRECT_DESC);
        long text = machine.text("indirect");
        long answer = machine.driver.allocate(8);
        Piece table = queue().indirect(machine.driver.allocate(64), out(text, 4), out(text + 4, 4), in(answer, 3), in(answer + 3, 5));
        machine.driver.send(0, new Piece(table.address(), table.length(), table.flags() | DriverQueue.WRITE));
        assertEquals("indirect", machine.textAt(answer, 8));
        assertEquals(List.of(new Used(0, 8)), queue().used());
    }

    @Test
    void directDescriptorsMayEndInAnIndirectOne() {
        machine.start(PLAIN | INDIRECT_DESC);
        long text = machine.text("mixed");
        long answer = machine.driver.allocate(8);
        machine.driver.send(0, out(text, 2), queue().indirect(machine.driver.allocate(32), out(text + 2, 3), in(answer, 5)));
        assertEquals("mixed", machine.textAt(answer, 5));
    }

    @Test
    void anIndirectChainMayBeLongerThanASmallQueue() {
        machine.driver.start(PLAIN | INDIRECT_DESC, 1);
        Piece[] pieces = new Piece[Echo.QUEUE_SIZE];
        long text = machine.text("12345678");
        for (int i = 0; i < pieces.length; i++) {
            pieces[i] = out(text + i, 1);
        }
        machine.driver.send(0, queue().indirect(machine.driver.allocate(16L * pieces.length), pieces));
        assertEquals(List.of("12345678"), machine.echo.read);
    }

    @ParameterizedTest
    @ValueSource(longs = {PLAIN, EVENTS})
    void indicesWrapAndNoRequestIsLostOrCompletedTwice(long features) {
        machine.start(features);
        long text = machine.text("w");
        long answer = machine.driver.allocate(1);
        for (int i = 0; i < 3 * 65536 + 5; i++) {
            int head = machine.driver.send(0, out(text, 1), in(answer, 1));
            assertEquals(List.of(new Used(head, 1)), queue().used());
            if (features == EVENTS) {
                queue().usedEvent(i + 1 & 0xFFFF);
            }
            assertEquals(1, machine.driver.interrupt());
        }
        assertEquals(3 * 65536 + 5, machine.echo.read.size());
    }

    @Test
    void theDriverThatWantsNoInterruptGetsNone() {
        machine.start(PLAIN);
        queue().noInterrupt(true);
        machine.ask(0, "x");
        assertFalse(machine.context.interruptLevel());
        queue().noInterrupt(false);
        machine.ask(0, "y");
        assertTrue(machine.context.interruptLevel());
    }

    @Test
    void withEventIndexTheFlagIsIgnoredAndTheEventDecides() {
        machine.start(EVENTS);
        queue().noInterrupt(true);
        queue().usedEvent(2);
        machine.ask(0, "0");
        machine.ask(0, "1");
        assertEquals(0, machine.driver.interrupt());
        machine.ask(0, "2");
        assertEquals(1, machine.driver.interrupt());
        machine.ask(0, "3");
        assertEquals(0, machine.driver.interrupt(), "once only");
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5, 6, 7})
    void anEventWithinABatchInterrupts(int event) {
        machine.start(EVENTS);
        queue().usedEvent(0xFFFF);
        offer(4);
        machine.driver.kick(0);
        assertEquals(0, machine.driver.interrupt());
        queue().usedEvent(event);
        offer(4);
        machine.driver.kick(0);
        assertEquals(1, machine.driver.interrupt());
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 8, 9, 0xFFFF})
    void anEventOutsideOfABatchDoesNot(int event) {
        machine.start(EVENTS);
        queue().usedEvent(0xFFFF);
        offer(4);
        machine.driver.kick(0);
        queue().usedEvent(event);
        offer(4);
        machine.driver.kick(0);
        assertEquals(0, machine.driver.interrupt());
    }

    @ParameterizedTest
    @ValueSource(ints = {0xFFFD, 0xFFFE, 0xFFFF, 0, 1})
    void eventsAreFoundWhereTheIndexWraps(int event) {
        machine.start(EVENTS);
        queue().usedEvent(0x8000);
        for (int i = 0; i < 0xFFFC; i++) {
            machine.driver.send(0, out(machine.ram.base(), 1));
        }
        machine.driver.interrupt();
        queue().usedEvent(event);
        offer(7);
        machine.driver.kick(0);
        assertEquals(3, queue().usedIndex());
        assertEquals(1, machine.driver.interrupt());
    }

    @Test
    void withEventIndexTheDeviceSaysWhichBufferItWantsToHearOf() {
        machine.start(EVENTS);
        assertEquals(0, queue().availEvent());
        offer(3);
        assertTrue(queue().notificationDue(true, 3));
        machine.driver.kick(0);
        assertEquals(3, queue().availEvent());
    }

    @Test
    void aQuietQueueIsNotifiedOfNothingUntilTheDeviceHasLookedForMore() throws Exception {
        machine.start(PLAIN);
        machine.echo.transport.queue(0).quiet();
        offer(1);
        assertFalse(queue().notificationDue(false, 1));
        machine.driver.kick(0);
        assertEquals(1, queue().used().size(), "a driver that notifies all the same is served");
        assertTrue(queue().notificationDue(false, 1));
    }

    @Test
    void buffersThatComeBetweenTheLastLookAndTheRequestForNotificationAreSeen() throws Exception {
        machine.start(EVENTS);
        machine.ram.dirtyLog(onceMarked(() -> offer(1))); // all that the device writes when it finds nothing is its request
        machine.driver.kick(0);
        assertEquals(1, queue().used().size());
    }

    private static DirtyLog onceMarked(Runnable action) {
        return new Marks() {
            @Override
            public void mark(long page) {
                if (pages.isEmpty()) {
                    pages.add(page);
                    action.run();
                }
            }
        };
    }

    private static class Marks implements DirtyLog {
        final Set<Long> pages = new TreeSet<>();

        @Override
        public Barrier barrier() {
            return Barrier.FIRST_WRITE;
        }

        @Override
        public void mark(long page) {
            pages.add(page);
        }

        @Override
        public void flip() {}

        @Override
        public void collect(PageSet into) {}

        @Override
        public void close() {}
    }

    @Test
    void everyPageThatTheDeviceWritesIsInTheDirtyLog() {
        machine.start(EVENTS);
        long data = machine.ram.base() + 0x8_0FF0;
        Marks marks = new Marks();
        queue().offer(queue().chain(out(machine.ram.base(), 64), in(data, 64)));
        machine.ram.dirtyLog(marks);
        machine.driver.kick(0);
        machine.ram.dirtyLog(DirtyLog.NONE);
        assertEquals(Set.of(machine.ram.pageOf(queue().device()), 0x80L, 0x81L), marks.pages);
    }

    @Test
    void whatTheDeviceReadsItNeverWrites() {
        machine.start(PLAIN | INDIRECT_DESC);
        byte[] content = new byte[4096];
        new Random(5).nextBytes(content);
        long source = machine.driver.allocate(content.length);
        machine.ram.put(source, content);
        long answer = machine.driver.allocate(content.length);
        Piece[] pieces = {out(source, 1000), out(source + 1000, 3096), in(answer + 1, 10), in(answer + 100, 3000)};
        machine.driver.send(0, queue().indirect(machine.driver.allocate(64), pieces));
        assertArrayEquals(content, machine.ram.get(source, content.length));
        assertEquals(0, machine.ram.get(answer, 1)[0]);
        assertEquals(List.of(new Used(0, 3010)), queue().used());
    }
}
