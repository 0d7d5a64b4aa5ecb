package tidemark.bench.cpu;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tidemark.bench.Moment;
import tidemark.bench.Statistics;
import tidemark.bench.TimedProcess.Line;

/**
 * One process in which a peer repeated a kernel, from cold, until it got no faster.
 *
 * @param round the how manieth of this kernel and peer, from 1
 * @param measured how many repetitions at the end are taken for steady
 * @param isSteady false if it still got faster, or was compiled, when its time was over
 */
record KernelRun(String kernel, String peer, int round, List<Repetition> repetitions, int measured, boolean isSteady) {
    private static final Pattern LINE = Pattern.compile("repetition \\d+ checksum ([0-9a-f]+) ticks \\d+ instructions (\\d+)");

    /**
     * @param instructions as the guest counts them; nonsense from peers that are no engines of this platform
     * @param end when it was over
     */
    record Repetition(String checksum, long instructions, Moment end) {
        /** @return empty if the line is not one of a repetition */
        static Optional<Repetition> of(Line line) {
            Matcher matcher = LINE.matcher(line.text());
            return matcher.matches() ? Optional.of(new Repetition(matcher.group(1), Long.parseLong(matcher.group(2)), line.at())) : Optional.empty();
        }
    }

    /** Seconds of CPU time that the computing thread needs for a repetition, when steady. */
    double threadSeconds() {
        return median(Moment::thread);
    }

    /** Seconds that a repetition takes, when steady. */
    double wallSeconds() {
        return median(Moment::wall);
    }

    private double median(Function<Moment, Duration> time) {
        List<Double> all = seconds(repetitions, time);
        return Statistics.median(all.subList(all.size() - measured, all.size()));
    }

    /** How long each repetition took, the first from the start of the process. */
    static List<Double> seconds(List<Repetition> repetitions, Function<Moment, Duration> time) {
        List<Double> seconds = new ArrayList<>();
        Duration before = Duration.ZERO;
        for (Repetition repetition : repetitions) {
            Duration at = time.apply(repetition.end);
            seconds.add(at.minus(before).toNanos() / 1e9);
            before = at;
        }
        return seconds;
    }
}
