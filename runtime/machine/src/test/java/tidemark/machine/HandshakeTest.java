package tidemark.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tidemark.api.machine.Handshake;
import tidemark.api.machine.Hold;
import tidemark.api.machine.Machine;
import tidemark.api.machine.Machine.Power;
import tidemark.api.machine.MachineException;
import tidemark.api.machine.Stop;

@Timeout(30)
@SuppressWarnings("try") // holds are used by being there
class HandshakeTest {
    private final Rig rig = new Rig(context -> context.hart().x[5]++);

    @AfterEach
    void close() {
        rig.close();
    }

    private static void awaitProgress(Machine machine) throws InterruptedException {
        long before = machine.instructions();
        while (machine.instructions() == before) {
            Thread.sleep(1);
        }
    }

    private static boolean makesProgress(Machine machine) throws InterruptedException {
        long before = machine.instructions();
        Thread.sleep(20);
        return machine.instructions() != before;
    }

    @Test
    void actionRunsOnTheThreadOfHart0WhileAllHartsStand() throws Exception {
        Machine machine = rig.running("harts=3");
        for (int i = 0; i < 100; i++) {
            Handshake<List<Long>> handshake = machine.handshake(() -> {
                assertEquals(machine.name() + "-hart0", Thread.currentThread().getName());
                List<Long> before = machine.harts().stream().map(hart -> hart.x[5]).toList();
                Thread.sleep(0, 100_000);
                assertEquals(before, machine.harts().stream().map(hart -> hart.x[5]).toList());
                return before;
            });
            Stop stop = handshake.stop();
            assertTrue(stop.requested() <= stop.stopped() && stop.stopped() <= stop.standing() && stop.standing() < stop.resumed(), stop.toString());
            assertTrue(stop.downtime().toNanos() >= 100_000, stop.toString());
        }
        awaitProgress(machine);
    }

    @Test
    void handshakesFromSeveralThreadsExcludeEachOtherAndNoneIsLost() throws Exception {
        Machine machine = rig.running("harts=2");
        AtomicInteger inside = new AtomicInteger();
        int[] total = new int[1];
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
        List<Future<Integer>> callers = new ArrayList<>();
        try (ExecutorService pool = Executors.newCachedThreadPool()) {
            for (int i = 0; i < 6; i++) {
                boolean holds = i % 3 == 2;
                callers.add(pool.submit(() -> {
                    int done = 0;
                    for (; System.nanoTime() < end; done++) {
                        try (Hold hold = holds ? machine.hold("test") : null) {
                            machine.handshake(() -> {
                                assertEquals(1, inside.incrementAndGet());
                                total[0]++;
                                return inside.decrementAndGet();
                            });
                        }
                    }
                    return done;
                }));
            }
            int sum = 0;
            for (Future<Integer> caller : callers) {
                sum += caller.get();
            }
            assertEquals(sum, total[0]);
            assertTrue(sum > 100, "handshakes in a second: " + sum);
        }
        awaitProgress(machine);
    }

    @Test
    void exceptionOfTheActionGoesToTheCallerAndTheGuestGoesOn() throws Exception {
        Machine machine = rig.running();
        IOException cause = new IOException("disk full");
        assertSame(cause, assertThrows(IOException.class, () -> machine.handshake(() -> {
            throw cause;
        })));
        assertThrows(AssertionError.class, () -> machine.handshake(() -> {
            throw new AssertionError("an error");
        }));
        awaitProgress(machine);
        assertEquals(Power.RUNNING, machine.status().power());
    }

    @Test
    void holdsAndPauseComposeInAnyOrder() throws Exception {
        Machine machine = rig.running();
        Hold first = machine.hold("first");
        Hold second = machine.hold("second");
        assertEquals(new Machine.Status(Power.RUNNING, "first; second", 0), machine.status());
        machine.pause();
        first.release();
        assertFalse(makesProgress(machine));
        machine.resume();
        assertFalse(makesProgress(machine), "the second hold still keeps it");
        Stop stop = second.release();
        awaitProgress(machine);
        assertTrue(stop.downtime().toMillis() >= 40, stop.toString());
        assertSame(stop, second.release());
        assertEquals("", machine.status().reason());
    }

    @Test
    void pausedMachineStaysPausedThroughAHandshake() throws Exception {
        Machine machine = rig.running();
        machine.pause();
        Thread.sleep(20);
        Stop stop = machine.handshake(() -> 1).stop();
        assertEquals(stop.requested(), stop.stopped(), "what was before the request does not count");
        assertEquals(Power.PAUSED, machine.status().power());
        assertFalse(makesProgress(machine));
        machine.pause();
        machine.resume();
        machine.resume();
        awaitProgress(machine);
    }

    @Test
    void handshakeOfAMachineThatIsOffRunsOnTheCaller() throws Exception {
        Machine machine = rig.off();
        assertSame(Thread.currentThread(), machine.handshake(Thread::currentThread).result());
        assertEquals(Power.OFF, machine.status().power());
    }

    @Test
    void handshakeWakesAHartThatWaitsForAnInterrupt() throws Exception {
        Rig idle = new Rig(context -> context.hart().waiting = true);
        try (idle) {
            Machine machine = idle.running("harts=2");
            Thread.sleep(20);
            for (int i = 0; i < 20; i++) {
                Stop stop = machine.handshake(() -> 1).stop();
                assertTrue(stop.latency().toMillis() < 1000, stop.toString());
            }
            assertEquals(2, machine.instructions());
            try (Hold hold = machine.hold("test")) {
                assertTrue(machine.harts().stream().allMatch(hart -> hart.waiting));
            }
        }
    }

    @Test
    void powerOffInsideAHoldAndStartAfterIt() throws Exception {
        Machine machine = rig.off();
        machine.start();
        awaitProgress(machine);
        Hold hold = machine.hold("test");
        machine.powerOff();
        assertEquals(Power.OFF, machine.status().power());
        machine.start();
        assertEquals(Power.RUNNING, machine.status().power());
        assertEquals(0, machine.instructions());
        assertFalse(makesProgress(machine));
        hold.release();
        awaitProgress(machine);
    }

    @Test
    void whoWaitsForAMachineThatIsDestroyedIsTold() throws Exception {
        Machine machine = rig.running();
        CountDownLatch inAction = new CountDownLatch(1);
        CountDownLatch leave = new CountDownLatch(1);
        try (ExecutorService pool = Executors.newCachedThreadPool()) {
            Future<?> acting = pool.submit(() -> machine.handshake(() -> {
                inAction.countDown();
                return leave.await(10, TimeUnit.SECONDS);
            }));
            inAction.await();
            List<Future<?>> waiting = List.of(pool.submit(() -> machine.handshake(() -> 1)), pool.submit(() -> machine.await(Power.PAUSED, Duration.ofDays(1))));
            Thread.sleep(20);
            Future<?> destroying = pool.submit(() -> rig.machines.destroy(machine.name()));
            Thread.sleep(20);
            leave.countDown();
            destroying.get();
            acting.get();
            for (Future<?> future : waiting) {
                Throwable cause = assertThrows(java.util.concurrent.ExecutionException.class, future::get).getCause();
                assertEquals("Machine " + machine.name() + " was destroyed", assertThrows(MachineException.class, () -> {
                    throw cause;
                }).getMessage());
            }
        }
        assertThrows(MachineException.class, () -> machine.handshake(() -> 1));
        assertThrows(MachineException.class, () -> machine.hold("late"));
        assertEquals(0, rig.parts.openUses());
        assertTrue(Thread.getAllStackTraces().keySet().stream().noneMatch(thread -> thread.getName().equals(machine.name() + "-hart0")));
    }

    @Test
    void holdOfADestroyedMachineCanBeReleased() {
        Machine machine = rig.running();
        Hold hold = machine.hold("test");
        rig.machines.destroy(machine.name());
        assertTrue(hold.release().resumed() > 0);
    }

    @Test
    void actionThatWouldWaitForItsOwnMachineIsRefused() throws Exception {
        Machine machine = rig.running();
        for (Runnable wrong : List.<Runnable>of(() -> machine.hold("x"), machine::pause, machine::powerOff, machine::reset, () -> rig.machines.destroy(machine.name()))) {
            machine.handshake(() -> assertThrows(MachineException.class, wrong::run));
        }
        awaitProgress(machine);
    }

    @Test
    void stateIsRefusedWhileTheMachineRuns() {
        Machine machine = rig.running();
        assertThrows(MachineException.class, machine::saveState);
        assertThrows(MachineException.class, () -> machine.loadState(List.of()));
        assertThrows(MachineException.class, machine::flushWrites);
    }

    @Test
    void interruptOfAWaitingCallerIsKeptForIt() throws Exception {
        Machine machine = rig.running();
        Thread.currentThread().interrupt();
        assertEquals(1, machine.handshake(() -> 1).result());
        assertTrue(Thread.interrupted());
    }
}
