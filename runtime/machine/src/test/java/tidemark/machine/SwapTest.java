package tidemark.machine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tidemark.api.cpu.CpuPart;
import tidemark.api.device.Device;
import tidemark.api.device.DeviceContext;
import tidemark.api.device.Network;
import tidemark.api.device.NetworkPart;
import tidemark.api.machine.Machine;
import tidemark.api.machine.Machine.Power;
import tidemark.api.machine.MachineException;
import tidemark.api.machine.MachineSpec;
import tidemark.api.memory.DirtyLog;
import tidemark.api.memory.PhysicalMemory;
import tidemark.api.state.State;
import tidemark.api.state.StateException;
import tidemark.device.uart.UartPart;
import tidemark.memory.flat.FlatMemoryPart;

/** Parts of a running machine are exchanged by name. */
@Timeout(30)
class SwapTest {
    private final Rig rig = new Rig(context -> context.hart().x[5]++);
    /** Takes a part away. */
    private Thread taker;

    @AfterEach
    void close() {
        rig.close();
    }

    private static void assertRuns(Machine machine) throws InterruptedException {
        assertEquals(Power.RUNNING, machine.status().power());
        long before = machine.instructions();
        while (machine.instructions() == before) {
            Thread.sleep(1);
        }
    }

    private static VirtualMachine board(Machine machine) {
        return (VirtualMachine) machine;
    }

    @Test
    void cpuIsExchangedBothWaysAndTheGuestGoesOnWhereItWas() throws Exception {
        ScriptedCpu other = new ScriptedCpu(context -> context.hart().x[6]++);
        rig.parts.add("cpu", "other", other);
        Machine machine = rig.running("harts=2");
        for (int i = 0; i < 20; i++) {
            long before = machine.harts().getFirst().x[5];
            assertTrue(machine.use("cpu", "other").downtime().isPositive());
            assertEquals("other", machine.spec().cpu());
            assertRuns(machine);
            long at = machine.harts().getFirst().x[5];
            assertTrue(at >= before);
            machine.use("cpu", "interpreter");
            assertEquals("interpreter", machine.spec().cpu());
            while (machine.harts().getFirst().x[5] == at) {
                Thread.sleep(1);
            }
            assertTrue(machine.harts().getFirst().x[5] > at);
        }
        assertTrue(rig.cpu.engines.stream().filter(engine -> !engine.closed).count() == 2 && other.engines.stream().allMatch(engine -> engine.closed));
        assertEquals(machine.instructions() > 0, machine.harts().get(1).x[6] > 0);
        rig.parts.remove("cpu", "other");
        assertRuns(machine);
    }

    @Test
    void namesThatThereAreNotAreRefusedWithTheNearest() throws Exception {
        Machine machine = rig.running();
        assertTrue(assertThrows(MachineException.class, () -> machine.use("uart", "uart")).getMessage().contains("has no part 'uart'; did you mean uart0"));
        assertTrue(assertThrows(MachineException.class, () -> machine.use("cpu", "interpeter")).getMessage().contains("did you mean interpreter"));
        assertRuns(machine);
    }

    @Test
    void deviceIsMadeAnewWithItsStateAndItsWires() throws Exception {
        Machine machine = rig.running();
        machine.handshake(() -> {
            board(machine).board().bus().store(Rig.UART + 7, 1, 0x5A);
            return null;
        });
        List<State> before = machine.handshake(machine::saveState).result();
        for (String part : List.of("uart0", "plic0", "clint0", "power0")) {
            machine.use(part, part.substring(0, part.length() - 1));
        }
        assertRuns(machine);
        List<State> after = machine.handshake(machine::saveState).result();
        assertEquals(before.subList(2, 6).stream().map(State::name).toList(), after.subList(2, 6).stream().map(State::name).toList());
        assertEquals(before.get(4), after.get(4), "uart0");
        machine.console().send(new byte[] {'y'});
        assertEquals((long) 'y', machine.handshake(() -> board(machine).board().bus().load(Rig.UART, 1)).result());
    }

    /** A UART that cannot be made, or refuses its state. */
    private static Device broken(DeviceContext context, boolean atOnce) {
        if (atOnce) {
            throw new IllegalStateException("no UART today");
        }
        return new PostingDevice(context) {
            @Override
            public void load(State state) throws StateException {
                throw new StateException("state of version 7, this part reads 1 to 6; deploy a newer one");
            }
        };
    }

    @Test
    void formerPartGoesOnWhenTheNewOneDoesNotTakeOver() throws Exception {
        for (boolean atOnce : new boolean[] {true, false}) {
            rig.parts.add("device", "broken", new Resized(TestParts.device(Rig.UART, 10, context -> broken(context, atOnce)), 0x100));
            Machine machine = rig.running();
            machine.handshake(() -> {
                board(machine).board().bus().store(Rig.UART + 7, 1, 0x5A);
                return null;
            });
            String message = assertThrows(MachineException.class, () -> machine.use("uart0", "broken")).getMessage();
            assertTrue(message.contains("'broken' does not take over as uart0") && message.contains(atOnce ? "no UART today" : "version 7")
                    && message.contains("'uart' goes on"), message);
            assertRuns(machine);
            assertEquals(0x5AL, machine.handshake(() -> board(machine).board().bus().load(Rig.UART + 7, 1)).result());
            assertEquals(MachineSpec.DEFAULT_DEVICES, String.join("; ", machine.spec().devices().stream().map(Object::toString).toList()));
        }
    }

    private record Resized(tidemark.api.device.DevicePart part, long windowSize) implements tidemark.api.device.DevicePart {
        @Override
        public long defaultAddress() {
            return part.defaultAddress();
        }

        @Override
        public int defaultInterrupt() {
            return part.defaultInterrupt();
        }

        @Override
        public tidemark.api.device.DeviceNode node() {
            return part.node();
        }

        @Override
        public Device create(DeviceContext context) {
            return part.create(context);
        }
    }

    /** Another version of the UART's part, which reads no state. */
    private void deployUartThatReadsNoState() {
        rig.parts.remove("device", "uart");
        rig.parts.add("device", "uart", new Resized(TestParts.device(Rig.UART, 10, context -> broken(context, false)), 0x100));
    }

    @Test
    void deviceOfAMachineThatIsOffNeedsNoState() throws Exception {
        Machine machine = rig.off();
        machine.start();
        assertRuns(machine);
        machine.powerOff();
        deployUartThatReadsNoState();
        assertEquals(Power.OFF, machine.status().power());
        machine.start();
        assertRuns(machine);
        assertEquals(1, used(machine, "uart0").exchanges());
    }

    @Test
    void stateThatWasLoadedIsNotLostWhenTheDeviceGoesBeforeTheMachineIsSwitchedOn() throws Exception {
        VirtualMachine machine = (VirtualMachine) rig.off();
        machine.handshake(() -> {
            List<State> states = machine.saveState();
            machine.board().bus().store(Rig.UART + 7, 1, 0x5A);
            List<State> other = machine.saveState();
            assertTrue(!states.equals(other));
            machine.board().bus().store(Rig.UART + 7, 1, 0);
            machine.loadState(other);
            return null;
        });
        rig.parts.remove("device", "uart");
        rig.parts.add("device", "uart", new UartPart());
        assertEquals(0x5AL, machine.handshake(() -> machine.board().bus().load(Rig.UART + 7, 1)).result());
    }

    @Test
    void resetIsAWayOutWhenTheNewDeviceRefusesTheStateOfTheFormer() throws Exception {
        Machine machine = rig.off();
        machine.start();
        assertRuns(machine);
        deployUartThatReadsNoState();
        assertEquals(Power.FROZEN, machine.status().power());
        assertTrue(machine.status().reason().contains("state of version 7"), machine.status()::reason);
        machine.reset();
        assertRuns(machine);
    }

    @Test
    void powerOffAndOnIsAWayOutToo() throws Exception {
        Machine machine = rig.off();
        machine.start();
        deployUartThatReadsNoState();
        assertEquals(Power.FROZEN, machine.status().power());
        machine.powerOff();
        machine.start();
        assertRuns(machine);
    }

    @Test
    void deviceWithAnotherWindowIsRefused() throws Exception {
        rig.parts.add("device", "wide", TestParts.device(Rig.UART, 10, PostingDevice::new));
        Machine machine = rig.running();
        String message = assertThrows(MachineException.class, () -> machine.use("uart0", "wide")).getMessage();
        assertTrue(message.contains("window of 4096 bytes, device uart0 one of 256"), message);
        assertRuns(machine);
    }

    @Test
    void cpuThatCannotBeMadeLeavesTheFormerOne() throws Exception {
        rig.parts.add("cpu", "broken", (CpuPart) context -> {
            throw new IllegalStateException("no engine today");
        });
        Machine machine = rig.running();
        assertThrows(MachineException.class, () -> machine.use("cpu", "broken"));
        assertRuns(machine);
        assertEquals("interpreter", machine.spec().cpu());
    }

    @Test
    void ramIsExchangedWithEveryByteAndEveryoneWhoHoldsIt() throws Exception {
        rig.parts.add("memory", "other", new FlatMemoryPart());
        Machine machine = rig.running();
        byte[] bytes = new byte[10_000];
        new java.util.Random(3).nextBytes(bytes);
        machine.memory().write(MachineSpec.RAM_BASE + 123_456, bytes, 0, bytes.length);
        PhysicalMemory former = machine.memory();
        machine.use("memory", "other");
        assertTrue(machine.memory() != former);
        byte[] read = new byte[bytes.length];
        machine.memory().read(MachineSpec.RAM_BASE + 123_456, read, 0, read.length);
        assertArrayEquals(bytes, read);
        assertRuns(machine);
        assertEquals(2, rig.cpu.engines.size(), "the engine was made anew");
    }

    @Test
    void ramIsNotExchangedWhileItIsTracked() throws Exception {
        Machine machine = rig.running();
        PhysicalMemory former = machine.memory();
        DirtyLog log = aLog();
        machine.handshake(() -> {
            machine.memory().dirtyLog(log);
            return null;
        });
        assertTrue(assertThrows(MachineException.class, () -> machine.use("memory", "flat")).getMessage().contains("is tracked: a checkpoint is being taken"));
        assertSame(former, machine.memory());
        assertRuns(machine);
    }

    private static DirtyLog aLog() {
        return new DirtyLog() {
            @Override
            public tidemark.api.memory.Barrier barrier() {
                return tidemark.api.memory.Barrier.FIRST_WRITE;
            }

            @Override
            public void mark(long page) {}

            @Override
            public void flip() {}

            @Override
            public void collect(tidemark.api.memory.PageSet into) {}

            @Override
            public void close() {}
        };
    }

    /** A network that sends back. */
    private static final class Echo implements NetworkPart {
        private final List<Map<String, String>> options = new ArrayList<>();
        private int closed;

        @Override
        public Network connect(Map<String, String> given, Consumer<byte[]> guest) {
            options.add(given);
            return new Network() {
                @Override
                public void transmit(byte[] frame) {
                    guest.accept(frame);
                }

                @Override
                public void close() {
                    closed++;
                }
            };
        }
    }

    @Test
    void cableIsPluggedIntoAnotherNetworkAndStaysWhenItsCardIsExchanged() throws Exception {
        Echo user = new Echo();
        Echo other = new Echo();
        List<byte[]> received = new ArrayList<>();
        List<Network> cables = new ArrayList<>();
        rig.parts.add("network", "user", user).add("network", "other", other)
                .add("device", "net", TestParts.device(0x1000_1000L, 1, context -> {
                    Network cable = context.network(received::add);
                    cables.add(cable);
                    return new PostingDevice(context) {
                        @Override
                        public void close() {
                            cable.close();
                        }
                    };
                }));
        Machine machine = rig.running("devices=net0=net,mac=02:00:00:00:00:01,forward=tcp:0:22");
        assertEquals(List.of(Map.of("forward", "tcp:0:22")), user.options);
        cables.getLast().transmit(new byte[] {1});
        machine.use("net0.backend", "other");
        cables.getLast().transmit(new byte[] {2});
        assertEquals(1, user.closed);
        machine.use("net0", "net");
        assertEquals(0, other.closed, "connections outlive the card");
        cables.getLast().transmit(new byte[] {3});
        assertEquals("other", machine.spec().devices().getFirst().options().get("backend"));
        assertEquals(3, received.size());
        rig.parts.remove("network", "other");
        assertEquals("network part 'other' is gone; deploy it again", machine.status().reason());
        cables.getLast().transmit(new byte[] {4});
        assertEquals(3, received.size());
        rig.parts.add("network", "other", other);
        assertRuns(machine);
        cables.getLast().transmit(new byte[] {5});
        assertEquals(4, received.size());
        rig.machines.destroy(machine.name());
        assertEquals(0, rig.parts.openUses());
    }

    /** A card that plugs in a cable, opens a serial line, and then refuses its state. */
    private static Device grabbing(DeviceContext context) {
        context.network(frame -> {});
        context.console();
        return broken(context, false);
    }

    @Test
    void deviceThatDoesNotTakeOverLeavesNeitherCableNorConsole() throws Exception {
        Echo user = new Echo();
        rig.parts.add("network", "user", user).add("device", "plain", TestParts.device(0x1000_1000L, 1, PostingDevice::new))
                .add("device", "grabbing", TestParts.device(0x1000_1000L, 1, SwapTest::grabbing));
        Machine machine = rig.running("devices=d0=plain");
        int uses = rig.parts.openUses();
        List<String> parts = machine.parts().stream().map(Machine.UsedPart::part).toList();
        assertThrows(MachineException.class, () -> machine.use("d0", "grabbing"));
        assertEquals(parts, machine.parts().stream().map(Machine.UsedPart::part).toList());
        assertEquals(List.of(), machine.consoles());
        assertEquals(1, user.closed);
        assertEquals(uses, rig.parts.openUses());
        assertRuns(machine);
    }

    /** A UART whose part is taken away just when it is being made. @param away does that, on a thread of its own */
    private void deployUart(Runnable away) {
        UartPart uart = new UartPart();
        rig.parts.add("device", "uart", new Resized(TestParts.device(Rig.UART, 10, context -> {
            taker = Thread.ofPlatform().start(away);
            while (taker.isAlive() && taker.getState() != Thread.State.BLOCKED) {
                Thread.onSpinWait();
            }
            return uart.create(context);
        }), 0x100));
    }

    private static void await(Machine machine, Power power) throws InterruptedException {
        assertTrue(machine.await(power, Duration.ofSeconds(5)), machine.status()::toString);
    }

    @Test
    void partThatGoesWhileItsMachineIsMadeIsMissed() throws Exception {
        UartPart uart = new UartPart();
        deployUart(() -> rig.parts.remove("device", "uart"));
        Machine machine = rig.running();
        await(machine, Power.FROZEN);
        taker.join();
        assertEquals("device part 'uart' is gone; deploy it again", machine.status().reason());
        rig.parts.add("device", "uart", uart);
        assertRuns(machine);
    }

    @Test
    void partThatGoesAndComesBackWhileItsMachineIsMadeIsTakenIntoUse() throws Exception {
        UartPart uart = new UartPart();
        CountDownLatch back = new CountDownLatch(1);
        deployUart(() -> {
            rig.parts.remove("device", "uart");
            rig.parts.add("device", "uart", uart);
            back.countDown();
        });
        Machine machine = rig.running();
        assertTrue(back.await(5, TimeUnit.SECONDS));
        await(machine, Power.RUNNING);
        assertEquals(1, used(machine, "uart0").exchanges());
        assertRuns(machine);
    }

    @Test
    void whatEveryPartWasExchangedForAndSinceWhenIsKnown() throws Exception {
        Instant begin = Instant.now();
        Machine machine = rig.running();
        Machine.UsedPart made = used(machine, "uart0");
        assertEquals(0, made.exchanges());
        assertTrue(!made.since().isBefore(begin.minusMillis(1)) && !made.since().isAfter(Instant.now()));
        Thread.sleep(2);
        machine.use("uart0", "uart");
        rig.parts.remove("device", "uart");
        rig.parts.add("device", "uart", new UartPart());
        assertEquals(2, used(machine, "uart0").exchanges(), "by name, and by deploying it again");
        assertTrue(used(machine, "uart0").since().isAfter(made.since()));
        assertEquals(0, used(machine, "cpu").exchanges());
    }

    @Test
    void whatTheGuestNoticedOfEachExchangeIsKnown() throws Exception {
        Machine machine = rig.running();
        assertRuns(machine);
        Duration before = machine.stood();
        Duration first = machine.use("uart0", "uart").downtime();
        Duration second = machine.use("uart0", "uart").downtime();
        assertEquals(List.of(first, second), used(machine, "uart0").pauses());
        Duration stood = machine.stood().minus(before);
        assertTrue(stood.isPositive() && stood.compareTo(first.plus(second)) <= 0, () -> stood + ": nothing else made it stand");
        machine.pause();
        machine.use("uart0", "uart");
        assertEquals(2, used(machine, "uart0").pauses().size(), "nobody noticed the third");
        Duration paused = machine.stood();
        Thread.sleep(20);
        assertTrue(machine.stood().minus(paused).toMillis() >= 20);
    }

    private static Machine.UsedPart used(Machine machine, String part) {
        return machine.parts().stream().filter(each -> each.part().equals(part)).findFirst().orElseThrow();
    }

    @Test
    void thousandExchangesLeaveNothingBehind() throws Exception {
        Machine machine = rig.running();
        int uses = rig.parts.openUses();
        int threads = Thread.activeCount();
        for (int i = 0; i < 1000; i++) {
            machine.use(i % 2 == 0 ? "uart0" : "clint0", i % 2 == 0 ? "uart" : "clint");
        }
        assertEquals(uses, rig.parts.openUses());
        assertEquals(threads, Thread.activeCount());
        for (int i = 0; i < 100; i++) {
            rig.parts.remove("device", "uart");
            rig.parts.add("device", "uart", new UartPart());
        }
        assertEquals(uses, rig.parts.openUses());
        assertRuns(machine);
    }
}
