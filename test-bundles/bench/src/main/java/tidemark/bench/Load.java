package tidemark.bench;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import tidemark.api.machine.GuestPart;
import tidemark.api.machine.Machine;
import tidemark.api.machine.Machine.Power;
import tidemark.api.machine.MachineException;
import tidemark.api.machine.MachineSpec;
import tidemark.api.machine.Machines;
import tidemark.api.machine.Parts;

/** A machine whose guest computes for as long as it is needed: a guest that comes to its end is started again. */
public final class Load implements AutoCloseable {
    private static final Duration BEGINS_WITHIN = Duration.ofMinutes(5);
    private static final int LEAST_RAM_MIB = 64;
    private final Machines machines;
    private final Machine machine;
    private final Pattern computes;
    private long runBegan;

    private Load(Machines machines, Machine machine, Pattern computes) {
        this.machines = machines;
        this.machine = machine;
        this.computes = computes;
    }

    /**
     * Makes a machine that is off.
     *
     * @param guest one that computes: {@code cg.A}, {@code ep.A}, {@code storm}, {@code kernel.core} and their like; its RAM is for as many harts
     */
    public static Load of(Machines machines, Parts parts, String name, String guest, String cpu, int harts) {
        Map<String, String> properties = new TreeMap<>(Map.of("name", freeName(machines, name), "guest", guest, "cpu", cpu, "harts", Integer.toString(harts),
                "ram", Integer.toString(Math.max(LEAST_RAM_MIB, harts * leastRamMiB(parts, guest))), "arguments", arguments(guest)));
        return new Load(machines, machines.create(MachineSpec.of(properties)), computes(guest));
    }

    /** Whether every hart of a machine has something to do in this guest, not only the first. */
    public static boolean usesAllHarts(String guest) {
        return guest.startsWith("kernel.");
    }

    private static String arguments(String guest) {
        return guest.equals("storm") ? "seconds=1000000 rateMiBps=0" : guest.startsWith("kernel.") ? "repetitions=1000000" : "";
    }

    /** What it prints when initialisation is over. */
    private static Pattern computes(String guest) {
        return Pattern.compile(guest.startsWith("cg.") ? "iteration +\\|\\|r\\|\\|" : guest.startsWith("ep.") ? "random numbers generated"
                : guest.equals("storm") ? "storm: second 1:" : "repetition 1 ");
    }

    private static int leastRamMiB(Parts parts, String guest) {
        try (Parts.Use<GuestPart> use = parts.use(GuestPart.class, "guest", guest, () -> { })) {
            return use.part().guest(guest).map(GuestPart.Guest::minimumRamMiB).orElse(LEAST_RAM_MIB);
        }
    }

    private static String freeName(Machines machines, String name) {
        String free = name;
        for (int n = 2; machines.find(free).isPresent(); n++) {
            free = name + n;
        }
        return free;
    }

    public Machine machine() {
        return machine;
    }

    /** Has it compute: starts it if it is off, has it go on if it is paused; returns when it is past its initialisation. */
    public void go() throws InterruptedException {
        if (machine.status().power() == Power.OFF) {
            runBegan = machine.console().position();
            machine.start();
        } else if (machine.status().power() == Power.PAUSED) {
            machine.resume();
        }
        if (machine.console().expect(computes, runBegan, BEGINS_WITHIN).isEmpty()) {
            throw new MachineException("Guest " + machine.spec().guest() + " on " + machine.spec().cpu() + " does not come to computing: "
                    + machine.console().textSince(runBegan).strip());
        }
    }

    public boolean isRunning() {
        return machine.status().power() == Power.RUNNING;
    }

    /** Has it stand; one that is off stays so. */
    public void stand() {
        if (isRunning()) {
            machine.pause();
        }
    }

    @Override
    public void close() {
        machines.destroy(machine.name());
    }
}
