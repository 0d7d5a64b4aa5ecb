package tidemark.bench.cpu;

import java.time.Duration;
import java.util.List;
import tidemark.bench.Moment;
import tidemark.bench.Statistics;
import tidemark.bench.cpu.KernelRun.Repetition;

/**
 * When warm-up is over: the last repetitions are not faster than as many before them.
 *
 * @param block how many are compared
 * @param limit when to stop waiting for it
 */
record Steadiness(int block, Duration limit) {
    /** How much of its time a repetition may still lose. */
    private static final double GAIN = 0.02;

    /** @param warmUp before which nobody is taken for steady */
    boolean reached(List<Repetition> repetitions, Duration warmUp) {
        int n = repetitions.size();
        if (n < 2 * block || repetitions.get(n - block - 1).end().wall().compareTo(warmUp) < 0) {
            return false;
        }
        List<Double> seconds = KernelRun.seconds(repetitions, Moment::thread);
        return Statistics.median(seconds.subList(n - block, n)) >= (1 - GAIN) * Statistics.median(seconds.subList(n - 2 * block, n - block));
    }

    /** Whether it is given up; there are enough repetitions all the same. */
    boolean isOverdue(List<Repetition> repetitions) {
        return repetitions.size() >= 2 * block && repetitions.getLast().end().wall().compareTo(limit) >= 0;
    }
}
