package tidemark.lab.report;

import java.util.Optional;
import org.hipparchus.distribution.continuous.TDistribution;
import tidemark.lab.statistics.Difference;
import tidemark.lab.statistics.Sample;

/**
 * A method's overhead as the thesis defines it: mean of the runs with a checkpoint minus mean of the controls.
 *
 * @param controlVariance the part of the variance that is the controls', which all methods share
 */
record Overhead(String method, Difference difference, double controlVariance) {
    private static final double UPPER = 0.975;

    static Overhead of(Sample run, Sample control) {
        return new Overhead(run.name(), Difference.of(control, run), control.variance() / control.size());
    }

    double seconds() {
        return difference.value();
    }

    double halfWidth() {
        return Double.isNaN(difference.freedom()) ? 0 : difference.halfWidth();
    }

    boolean isSomething() {
        return seconds() > halfWidth();
    }

    /** This one as a part of another, with the half width of its interval by the delta method; empty if the other cannot be told from nothing. */
    Optional<double[]> partOf(Overhead whole) {
        if (!whole.isSomething()) {
            return Optional.empty();
        }
        double ratio = seconds() / whole.seconds();
        double of = (difference.variance()
                + ratio * ratio * whole.difference.variance() - 2 * ratio * controlVariance) / (whole.seconds() * whole.seconds());
        double t = new TDistribution(Math.min(difference.freedom(), whole.difference.freedom())).inverseCumulativeProbability(UPPER);
        return Optional.of(new double[] {ratio, t * Math.sqrt(Math.max(0, of))});
    }

    /** One mean as a part of another, likewise, of samples that share nothing; empty for fewer than two values, or if the other cannot be told from nothing. */
    static Optional<double[]> ratio(Sample part, Sample whole) {
        int least = Math.min(part.size(), whole.size());
        if (least < 2 || !(whole.mean() > whole.halfWidth())) {
            return Optional.empty();
        }
        double ratio = part.mean() / whole.mean();
        double variance = part.variance() / part.size() + ratio * ratio * whole.variance() / whole.size();
        return Optional.of(new double[] {ratio, new TDistribution(least - 1).inverseCumulativeProbability(UPPER) * Math.sqrt(variance) / whole.mean()});
    }

    /**
     * Whether this is what the session reported, within both intervals. @param reported what each checkpoint took from the guest, in
     * seconds
     */
    boolean agreesWith(Sample reported) {
        return Math.abs(seconds() - reported.mean()) <= halfWidth() + (reported.size() > 1 ? reported.halfWidth() : 0);
    }
}
