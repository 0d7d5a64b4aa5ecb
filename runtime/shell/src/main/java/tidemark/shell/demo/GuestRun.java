package tidemark.shell.demo;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tidemark.api.machine.GuestPart.Guest;
import tidemark.api.machine.Machine;
import tidemark.api.machine.Machine.Power;
import tidemark.api.machine.MachineException;

/** One run of a benchmark in a machine, from power-on to power-off, and how far it is by what it prints. */
final class GuestRun {
    /** NPB's head names the number of iterations, and lines as CG's, BT's, MG's, FT's and IS's tell which one ended. EP and DC have none. */
    private static final Pattern ITERATIONS = Pattern.compile("(?m)^\\s*Iterations\\s*:\\s+(\\d+)");
    private static final Pattern ITERATION = Pattern.compile("(?m)^\\s+(?:(?:Time step|iter|T =)\\s+(\\d+)\\b.*|(\\d+)(?:\\s+[-+.\\dEe]+\\s+[-+.\\dEe]+)?\\s*)$");
    private static final Duration SILENT_INITIALISATION = Duration.ofMillis(700);
    private static final Duration SILENT_STEP = Duration.ofMillis(1500);
    private static final long POLL_MS = 20;

    private final Machine machine;
    private final Guest guest;
    private final long position;

    private GuestRun(Machine machine, Guest guest, long position) {
        this.machine = machine;
        this.guest = guest;
        this.position = position;
    }

    /** Powers on. */
    static GuestRun start(Machine machine, Guest guest) {
        GuestRun run = of(machine, guest);
        machine.start();
        return run;
    }

    /** The run that a machine, which stands, goes on with. */
    static GuestRun of(Machine machine, Guest guest) {
        return new GuestRun(machine, guest, machine.console().position());
    }

    boolean isOver() {
        Machine.Status status = machine.status();
        return switch (status.power()) {
            case OFF -> true;
            case RUNNING -> false;
            case PAUSED, FROZEN -> throw new MachineException("Machine " + machine.name() + " is " + status.power()
                    + " in the middle of its run: " + status.reason());
        };
    }

    /** Waits until the benchmark computes, or is over. */
    void awaitInitialised() throws InterruptedException {
        awaitIteration(1, SILENT_INITIALISATION);
    }

    /**
     * Waits for the first of {@code remaining + 1} equal parts of what is left of the run to pass; of a guest that does not say how far it
     * is, for a while.
     */
    void awaitNextOf(int remaining) throws InterruptedException {
        int now = iteration();
        awaitIteration(now + Math.max(1, (iterations() - now) / (remaining + 1)), SILENT_STEP);
    }

    /** Waits for power-off. @return the guest's word on its result; empty if it gave none */
    String finish(Duration limit) throws InterruptedException {
        machine.await(Power.OFF, limit);
        if (!isOver()) {
            throw new MachineException("The guest " + guest.name() + " in machine " + machine.name() + " does not end: it was given "
                    + limit.toSeconds() + " s");
        }
        return guest.verification(output()).orElse("");
    }

    /** The last iteration that ended. */
    int iteration() {
        int last = 0;
        for (Matcher m = ITERATION.matcher(output()); m.find();) {
            last = Integer.parseInt(m.group(1) != null ? m.group(1) : m.group(2));
        }
        return last;
    }

    /** How many there are; 0 if the guest does not say. */
    int iterations() {
        Matcher m = ITERATIONS.matcher(output());
        return m.find() ? Integer.parseInt(m.group(1)) : 0;
    }

    private void awaitIteration(int target, Duration silent) throws InterruptedException {
        long begin = System.nanoTime();
        while (!isOver() && (iterations() > 0 ? iteration() < target : System.nanoTime() - begin < silent.toNanos())) {
            Thread.sleep(POLL_MS);
        }
    }

    private String output() {
        return machine.console().textSince(position);
    }
}
