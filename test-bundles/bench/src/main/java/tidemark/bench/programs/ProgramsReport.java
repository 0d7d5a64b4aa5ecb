package tidemark.bench.programs;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import tidemark.bench.Figure;
import tidemark.bench.Statistics;
import tidemark.report.Host;

/**
 * What {@code bench programs} found. Speeds are compared run by run with QEMU's run of the same round; the median of those ratios counts.
 *
 * @param othersCpus how many CPUs of the host others kept busy meanwhile
 * @param missing what could not be compared, and what is to be done about it
 */
record ProgramsReport(Host host, double othersCpus, List<Runner> runners, List<String> missing, List<ProgramRun> runs) {
    /** Ratios of speeds. */
    enum Clock {
        HART(ProgramRun::hartSeconds), WALL(ProgramRun::wallSeconds);

        final ToDoubleFunction<ProgramRun> seconds;

        Clock(ToDoubleFunction<ProgramRun> seconds) {
            this.seconds = seconds;
        }
    }

    List<String> programs(String kind) {
        return runs.stream().filter(run -> run.kind().equals(kind)).map(ProgramRun::program).distinct().toList();
    }

    List<String> kinds() {
        return runs.stream().map(ProgramRun::kind).distinct().toList();
    }

    List<Runner> engines() {
        return runners.stream().filter(runner -> !runner.isQemu()).toList();
    }

    boolean hasQemu() {
        return runners.stream().anyMatch(Runner::isQemu);
    }

    Figure seconds(String program, String runner, Clock clock) {
        return Figure.of(of(program, runner).mapToDouble(clock.seconds).toArray());
    }

    /** How many times as fast as QEMU. */
    Figure ratio(String program, String runner, Clock clock) {
        double[] own = of(program, runner).mapToDouble(clock.seconds).toArray();
        double[] qemu = of(program, Runner.QEMU_SYSTEM).mapToDouble(clock.seconds).toArray();
        double[] ratios = new double[Math.min(own.length, qemu.length)];
        for (int round = 0; round < ratios.length; round++) {
            ratios[round] = qemu[round] / own[round];
        }
        return Figure.of(ratios);
    }

    double geometricMean(String kind, String runner, Clock clock) {
        return Statistics.geometricMean(programs(kind).stream().mapToDouble(program -> ratio(program, runner, clock).value()).toArray());
    }

    Stream<ProgramRun> of(String program, String runner) {
        return runs.stream().filter(run -> run.program().equals(program) && run.runner().equals(runner));
    }

    /** What makes figures worthless, a sentence each. */
    List<String> failures() {
        List<String> failures = new ArrayList<>();
        runs.stream().filter(run -> run.kind().equals(ProgramRun.NPB) && !run.result().equals(ProgramRun.SUCCESSFUL)).forEach(run -> failures.add(
                run.program() + " on " + run.runner() + " says of its result: " + (run.result().isEmpty() ? "nothing" : run.result())));
        for (String program : programs(ProgramRun.SYSTEM)) {
            List<String> results = runs.stream().filter(run -> run.program().equals(program)).map(ProgramRun::result).distinct().toList();
            if (results.size() > 1) {
                failures.add("The results of " + program + " differ: " + String.join(" | ", results));
            }
        }
        return failures;
    }

    /** What makes figures doubtful, a sentence each. */
    List<String> doubts() {
        List<String> doubts = new ArrayList<>();
        for (Runner runner : runners) {
            for (String program : runs.stream().map(ProgramRun::program).distinct().toList()) {
                Figure figure = seconds(program, runner.name(), Clock.HART);
                if (figure.isDoubtful()) {
                    doubts.add(String.format(Locale.ROOT, "%s on %s: its %d runs differ by %.0f %%", program, runner.name(), figure.runs(),
                            100 * figure.difference()));
                }
            }
        }
        if (runs.stream().anyMatch(run -> of(run.program(), run.runner()).count() < Figure.LEAST_RUNS)) {
            doubts.add("Figures are of fewer than " + Figure.LEAST_RUNS + " processes: one odd run decides them");
        }
        return doubts;
    }
}
