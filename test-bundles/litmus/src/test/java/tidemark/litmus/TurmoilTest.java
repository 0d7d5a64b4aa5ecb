package tidemark.litmus;

import static org.junit.jupiter.api.Assertions.fail;

import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tidemark.api.cpu.Hart;
import tidemark.api.machine.Hold;
import tidemark.api.machine.Machine;
import tidemark.api.memory.BusFault;
import tidemark.api.state.State;

/** Harts that sleep and wake each other, start, stop and fence each other, while the machine is stopped, saved, restored and given other engines. */
@Timeout(600)
@SuppressWarnings("try") // holds are used by being there
class TurmoilTest {
    private static final long MILLIS = Long.getLong("tidemark.litmus.ms", 3000);
    private static final long PATIENCE_MILLIS = 60_000;
    private static final int RAM = 8 << 20;

    private final Random random = new Random(3);

    private record Snapshot(List<State> states, byte[] ram) {}

    static Iterable<String> engines() {
        return Engines.names();
    }

    @ParameterizedTest
    @MethodSource("engines")
    void noHartSleepsForEverWhateverIsDoneToTheMachine(String engine) throws Exception {
        try (Rig rig = new Rig()) {
            Machine machine = rig.machine(engine, Turmoil.HARTS, Turmoil.code());
            machine.start();
            awaitProgress(machine);
            Snapshot snapshot = save(machine);
            long end = System.nanoTime() + MILLIS * 1_000_000;
            while (System.nanoTime() < end) {
                for (int i = 0; i < 20; i++) {
                    disturb(machine, snapshot);
                }
                awaitProgress(machine);
                snapshot = save(machine);
            }
        }
    }

    private void disturb(Machine machine, Snapshot snapshot) throws Exception {
        Thread.sleep(random.nextInt(3));
        switch (random.nextInt(8)) {
            case 0, 1, 2 -> machine.handshake(() -> 0);
            case 3, 4 -> {
                try (Hold hold = machine.hold("test")) {
                    Thread.sleep(random.nextInt(2));
                }
            }
            case 5 -> {
                machine.pause();
                machine.resume();
            }
            case 6 -> machine.use("cpu", List.copyOf(Engines.names()).get(random.nextInt(Engines.names().size())));
            default -> restore(machine, snapshot);
        }
    }

    private static Snapshot save(Machine machine) {
        try (Hold hold = machine.hold("save")) {
            return new Snapshot(machine.saveState(), Rig.read(machine, LitmusProgram.BASE, RAM));
        }
    }

    private static void restore(Machine machine, Snapshot snapshot) throws Exception {
        try (Hold hold = machine.hold("restore")) {
            machine.memory().write(LitmusProgram.BASE, snapshot.ram, 0, RAM);
            machine.loadState(snapshot.states);
        } catch (BusFault e) {
            throw new IllegalStateException(e);
        }
    }

    /** Every hart does something still. */
    private static void awaitProgress(Machine machine) throws InterruptedException {
        List<Long> before = counts(machine);
        long end = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
        while (IntStream.range(0, Turmoil.HARTS).anyMatch(hart -> counts(machine).get(hart) <= before.get(hart))) {
            Thread.sleep(1);
            if (System.nanoTime() - end > 0) {
                fail("counts were " + before + ", are " + counts(machine) + ": " + machine.status() + ", " + describe(machine));
            }
        }
    }

    private static List<Long> counts(Machine machine) {
        return IntStream.range(0, Turmoil.HARTS).mapToObj(hart -> Rig.word(machine, Turmoil.COUNTS + (long) hart * Variable.LINE)).toList();
    }

    private static String describe(Machine machine) {
        machine.pause();
        return machine.harts().stream().map(TurmoilTest::describe).collect(Collectors.joining("; "));
    }

    private static String describe(Hart hart) {
        return "hart " + hart.id + " at 0x" + Long.toHexString(hart.pc) + (hart.waiting ? " waits" : "") + (hart.stopped ? " is stopped" : "") + ", mip "
                + Long.toHexString(hart.mip()) + ", mie " + Long.toHexString(hart.mie);
    }
}
