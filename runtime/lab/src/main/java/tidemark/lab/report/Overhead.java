package tidemark.lab.report;

import java.util.Optional;
import org.hipparchus.distribution.continuous.TDistribution;
import tidemark.lab.statistics.Sample;

/**
 * A method's overhead as the thesis defines it: mean of the runs with a checkpoint minus mean of the controls.
 *
 * @param controlVariance the part of the variance that is the controls', which all methods share
 */
record Overhead(String method, double seconds, double variance, double controlVariance, double freedom) {
    private static final double UPPER = 0.975;

    static Overhead of(Sample run, Sample control) {
        double of = run.variance() / run.size();
        double base = control.variance() / control.size();
        double freedom = (of + base) * (of + base) / (of * of / (run.size() - 1) + base * base / (control.size() - 1));
        return new Overhead(run.name(), run.mean() - control.mean(), of + base, base, freedom);
    }

    double halfWidth() {
        return Double.isNaN(freedom) ? 0 : new TDistribution(freedom).inverseCumulativeProbability(UPPER) * Math.sqrt(variance);
    }

    boolean isSomething() {
        return seconds > halfWidth();
    }

    /** This one as a part of another, with the half width of its interval by the delta method; empty if the other cannot be told from nothing. */
    Optional<double[]> partOf(Overhead whole) {
        if (!whole.isSomething()) {
            return Optional.empty();
        }
        double ratio = seconds / whole.seconds;
        double of = (variance + ratio * ratio * whole.variance - 2 * ratio * controlVariance) / (whole.seconds * whole.seconds);
        double t = new TDistribution(Math.min(freedom, whole.freedom)).inverseCumulativeProbability(UPPER);
        return Optional.of(new double[] {ratio, t * Math.sqrt(Math.max(0, of))});
    }
}
