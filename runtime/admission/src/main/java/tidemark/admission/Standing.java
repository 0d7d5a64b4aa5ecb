package tidemark.admission;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import tidemark.api.machine.Machine;
import tidemark.api.machine.Machine.Power;

/** The machines that were not frozen before a bundle was exchanged, and must not be afterwards. */
final class Standing {
    private static final Duration COMES_BACK_WITHIN = Duration.ofSeconds(2);
    private static final Duration LOOK_EVERY = Duration.ofMillis(5);

    private final Supplier<List<Machine>> machines;
    private final List<String> wentOn;

    Standing(Supplier<List<Machine>> machines) {
        this.machines = machines;
        wentOn = machines.get().stream().filter(machine -> !frozen(machine)).map(Machine::name).toList();
    }

    private static boolean frozen(Machine machine) {
        return machine.status().power() == Power.FROZEN;
    }

    /** Waits for machines to take the part that came into use. @return which one does not, and why */
    Optional<String> objection() throws InterruptedException {
        long end = System.nanoTime() + COMES_BACK_WITHIN.toNanos();
        while (true) {
            Optional<Machine> stands = machines.get().stream().filter(machine -> frozen(machine) && wentOn.contains(machine.name())).findFirst();
            if (stands.isEmpty() || System.nanoTime() >= end) {
                return stands.map(machine -> "machine " + machine.name() + " stands with it: " + machine.status().reason());
            }
            Thread.sleep(LOOK_EVERY);
        }
    }
}
