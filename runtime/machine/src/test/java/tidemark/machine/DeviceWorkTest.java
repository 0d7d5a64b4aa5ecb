package tidemark.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tidemark.api.machine.Hold;
import tidemark.api.machine.Machine;
import tidemark.api.machine.Machine.Power;

/** What devices do outside of accesses. */
@Timeout(30)
class DeviceWorkTest {
    private static final long ADDRESS = 0x1000_1000L;
    private boolean guestStores;
    private final Rig rig = new Rig(context -> {
        if (guestStores && context.hart().instret == 1000) {
            context.bus().store(ADDRESS, 4, 1);
        }
        context.hart().x[5]++;
    });
    private PostingDevice device;

    @AfterEach
    void close() {
        rig.close();
    }

    private Machine machine(String... settings) {
        rig.parts.add("device", "poster", TestParts.device(ADDRESS, 1, context -> device = new PostingDevice(context)));
        String[] all = java.util.Arrays.copyOf(settings, settings.length + 1);
        all[settings.length] = "devices=d0=poster";
        return rig.paused(all);
    }

    private void awaitDone(String... expected) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!device.done.equals(List.of(expected)) && System.nanoTime() < end) {
            Thread.sleep(1);
        }
        assertEquals(List.of(expected), device.done);
    }

    @Test
    void postedActionsRunInOrderOnAHartThreadAlsoWhileTheHartWaits() throws Exception {
        Machine machine = machine();
        machine.start();
        machine.handshake(() -> machine.harts().getFirst().waiting = true);
        for (int i = 0; i < 100; i++) {
            device.context.post(() -> device.note("a"));
            device.context.post(() -> device.note("b"));
            String hart = " on " + machine.name() + "-hart0";
            awaitDone("a" + hart, "b" + hart);
            device.done.clear();
        }
    }

    @Test
    void nothingThatWasPostedRunsWhileTheMachineStandsAndAllOfItAfterwards() throws Exception {
        Machine machine = machine();
        machine.start();
        try (Hold hold = machine.hold("test")) {
            device.context.background(() -> device.note("work"), () -> device.done.set(0, "done"));
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
            while (device.done.isEmpty() && System.nanoTime() < end) {
                Thread.sleep(1);
            }
            Thread.sleep(20);
            assertEquals(List.of("work on " + machine.name() + "-io-0"), device.done);
            hold.release();
        }
        awaitDone("done");
    }

    @Test
    void resetAndLoadForgetWhatWasPosted() throws Exception {
        Machine machine = machine();
        device.context.post(() -> device.note("before"));
        machine.loadState(machine.saveState());
        device.context.post(() -> device.note("after"));
        machine.resume();
        awaitDone("after on " + machine.name() + "-hart0");
    }

    @Test
    void slowWorkDoesNotHoldUpTheGuest() throws Exception {
        Machine machine = machine();
        machine.start();
        CountDownLatch slow = new CountDownLatch(1);
        device.context.background(() -> await(slow), () -> device.note("done"));
        long before = machine.instructions();
        while (machine.instructions() < before + 1_000_000) {
            Thread.sleep(1);
        }
        assertTrue(machine.handshake(() -> 1).stop().latency().toNanos() > 0);
        slow.countDown();
        awaitDone("done on " + machine.name() + "-hart0");
    }

    @Test
    void aDeviceThatAlwaysHasMoreToDoDoesNotHoldUpTheGuest() throws Exception {
        Machine machine = machine();
        machine.start();
        AtomicBoolean more = new AtomicBoolean(true);
        device.context.post(() -> postAgain(more));
        long before = machine.instructions();
        Thread.sleep(100);
        more.set(false);
        assertTrue(machine.instructions() > before + 100, "no instruction while it was at work");
    }

    private void postAgain(AtomicBoolean more) {
        if (more.get()) {
            device.context.post(() -> postAgain(more));
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void withAClockThatCountsInstructionsTheGuestWaitsForTheWork() throws Exception {
        guestStores = true;
        Machine machine = machine("clock=instructions");
        machine.runTo(1000);
        assertTrue(machine.await(Power.PAUSED, Duration.ofSeconds(10)));
        assertEquals(List.of(), device.done);
        machine.runTo(1002);
        assertTrue(machine.await(Power.PAUSED, Duration.ofSeconds(10)));
        String hart = " on " + machine.name() + "-hart0";
        assertEquals(List.of("work" + hart, "done" + hart), device.done);
    }

    @Test
    void workThatFailsFreezesTheMachineAndSaysWhy() throws Exception {
        Machine machine = machine();
        machine.start();
        device.context.background(() -> {
            throw new IllegalStateException("no such sector");
        }, () -> {});
        assertTrue(machine.await(Power.FROZEN, Duration.ofSeconds(10)));
        assertTrue(machine.status().reason().contains("no such sector"), machine.status().reason());
    }
}
