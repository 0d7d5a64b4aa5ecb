package tidemark.bench.cpu;

import java.time.Duration;
import java.util.List;
import tidemark.bench.Moment;
import tidemark.bench.Statistics;
import tidemark.bench.cpu.KernelRun.Repetition;

/**
 * When warm-up is over: the last repetitions are not faster than as many before them, and the process's other threads, which compile, are idle. Times are CPU
 * times of a process, so that a host that is busy with other work does not shorten them.
 *
 * @param block how many repetitions are compared
 * @param limit when to stop waiting for it
 */
record Steadiness(int block, Duration limit) {
    /** How much of its time a repetition may still lose. */
    private static final double GAIN = 0.02;
    /** How much the other threads may do, as a share of what the computing one does, and beside that: CPU time of all is known in steps. */
    private static final double OTHERS = 0.05;
    private static final double STEPS = 0.02;

    /** @param warmUp before which nobody is taken for steady */
    boolean reached(List<Repetition> repetitions, Duration warmUp) {
        int n = repetitions.size();
        if (n < 2 * block || repetitions.get(n - block - 1).end().all().compareTo(warmUp) < 0) {
            return false;
        }
        List<Double> thread = KernelRun.seconds(repetitions, Moment::thread);
        List<Double> last = thread.subList(n - block, n);
        return Statistics.median(last) >= (1 - GAIN) * Statistics.median(thread.subList(n - 2 * block, n - block))
                && sum(KernelRun.seconds(repetitions, Moment::all).subList(n - block, n)) <= (1 + OTHERS) * sum(last) + STEPS;
    }

    /** Whether it is given up; there are enough repetitions all the same. */
    boolean isOverdue(List<Repetition> repetitions) {
        return repetitions.size() >= 2 * block && repetitions.getLast().end().all().compareTo(limit) >= 0;
    }

    private static double sum(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).sum();
    }
}
