package tidemark.shell;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import tidemark.api.machine.Machine;
import tidemark.api.machine.Machine.Power;
import tidemark.api.machine.Machine.Status;
import tidemark.api.shell.CommandError;

/** Waits for a machine, at most until a time. Ends soon if the machine has paused itself: it goes on only when the user has done something. */
final class Waiting {
    private static final Duration LOOK_EVERY = Duration.ofMillis(500);

    private final Machine machine;
    private final long end;

    Waiting(Machine machine, Duration timeout) {
        this.machine = machine;
        this.end = System.nanoTime() + timeout.toNanos();
    }

    /** @return whether it has come to that */
    boolean until(Power power) throws CommandError, InterruptedException {
        boolean came = machine.await(power, next());
        while (!came && goesOn()) {
            came = machine.await(power, next());
        }
        return came;
    }

    /** @return empty in vain, or if it went off */
    Optional<MatchResult> output(Pattern pattern) throws CommandError, InterruptedException {
        Optional<MatchResult> match = machine.console().expect(pattern, 0, next());
        while (match.isEmpty() && machine.status().power() != Power.OFF && goesOn()) {
            match = machine.console().expect(pattern, 0, next());
        }
        return match;
    }

    private Duration next() {
        return Duration.ofNanos(Math.clamp(end - System.nanoTime(), 0, LOOK_EVERY.toNanos()));
    }

    private boolean goesOn() throws CommandError {
        Status status = machine.status();
        if (status.power() == Power.PAUSED && !status.reason().isEmpty()) {
            throw new CommandError("vm:wait: machine " + machine.name() + " has paused itself: " + status.reason());
        }
        return System.nanoTime() - end < 0;
    }
}
