package tidemark.lab.cell;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Function;
import java.util.regex.Pattern;
import tidemark.api.machine.Machine;
import tidemark.api.machine.Machine.Power;
import tidemark.lab.experiment.Workload;

/** A workload as it runs in a machine: what is typed, where it begins and ends, whether its result is right. */
final class WorkloadRun {
    static final String SUCCESSFUL = "SUCCESSFUL";
    static final String UNSUCCESSFUL = "UNSUCCESSFUL";
    private static final int POLL_MS = 5;

    private final Machine machine;
    private final Workload workload;
    private final Function<String, Optional<String>> verification;
    private final long deadline;
    private long position;
    private long begin;
    private final FutureTask<Double> ending = new FutureTask<>(this::awaitEnd);

    /** @param verification the guest's own, of what the console shows */
    WorkloadRun(Machine machine, Workload workload, Function<String, Optional<String>> verification, Duration limit) {
        this.machine = machine;
        this.workload = workload;
        this.verification = verification;
        deadline = System.nanoTime() + limit.toNanos();
        position = machine.console().position();
    }

    /** Powers on, types what is to be typed, waits until the run begins that is measured. */
    void start() throws InterruptedException {
        begin = System.nanoTime();
        machine.start();
        for (Workload.Step step : workload.steps()) {
            if (!step.expect().isEmpty()) {
                await(step.expect(), "console step");
            }
            machine.console().send(step.send().replace("\\n", "\n").replace("\\t", "\t").getBytes(StandardCharsets.UTF_8));
        }
        if (!workload.begin().isEmpty()) {
            await(workload.begin(), "begin");
            begin = System.nanoTime();
        }
        watch();
    }

    /** Goes on from where a restored machine stands. */
    void resume() {
        begin = System.nanoTime();
        machine.start();
        watch();
    }

    /** Waits until the machine has retired so many instructions. @return whether it has: it may have ended before */
    boolean awaitInstructions(long instructions) throws InterruptedException {
        while (machine.instructions() < instructions) {
            if (!isRunning() || System.nanoTime() - deadline > 0) {
                return false;
            }
            Thread.sleep(POLL_MS);
        }
        return true;
    }

    boolean awaitConsole(String regex) throws InterruptedException {
        return machine.console().expect(Pattern.compile(regex, Pattern.MULTILINE), position, left()).isPresent();
    }

    boolean isRunning() {
        return machine.status().power() == Power.RUNNING;
    }

    /** Begins to wait for the end, on a thread of its own: nobody who comes later than the end takes the time between for the workload's. */
    private void watch() {
        Thread.ofPlatform().daemon().name("end of " + workload.name()).start(ending);
    }

    /** Waits for the end. @return seconds since the begin */
    double end() throws InterruptedException {
        try {
            return ending.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof CellException told ? told : new IllegalStateException(e.getCause());
        }
    }

    private double awaitEnd() throws InterruptedException {
        if (!workload.end().isEmpty()) {
            await(workload.end(), "end");
        } else if (!machine.await(Power.OFF, left())) {
            throw new CellException("the workload " + workload.name() + " did not power off in time; its console ends with: " + tail());
        }
        return (System.nanoTime() - begin) / 1e9;
    }

    /** The word on its result. */
    String verdict() {
        String console = output();
        return workload.success().isEmpty() ? verification.apply(console).orElse("none was printed")
                : Pattern.compile(workload.success(), Pattern.MULTILINE).matcher(console).find() ? SUCCESSFUL : UNSUCCESSFUL;
    }

    String output() {
        return machine.console().textSince(position);
    }

    private void await(String regex, String what) throws InterruptedException {
        if (!awaitConsole(regex)) {
            throw new CellException("the workload " + workload.name() + " never showed its " + what + " '" + regex + "'; its console ends with: " + tail());
        }
    }

    private Duration left() {
        return Duration.ofNanos(Math.max(1, deadline - System.nanoTime()));
    }

    private String tail() {
        String text = output().strip();
        return text.substring(Math.max(0, text.length() - 200));
    }
}
