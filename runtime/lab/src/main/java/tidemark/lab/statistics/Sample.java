package tidemark.lab.statistics;

import java.util.Arrays;
import java.util.List;
import org.hipparchus.distribution.continuous.TDistribution;
import org.hipparchus.stat.StatUtils;

/** The values that one group's repetitions gave. Immutable. */
public final class Sample {
    static final double CONFIDENCE = 0.95;
    private final String name;
    private final double[] values;

    /** @param values in any unit, the same for all samples that are compared */
    public Sample(String name, double... values) {
        this.name = name;
        this.values = values.clone();
    }

    public static Sample of(String name, List<Double> values) {
        return new Sample(name, values.stream().mapToDouble(Double::doubleValue).toArray());
    }

    public String name() {
        return name;
    }

    public double[] values() {
        return values.clone();
    }

    public int size() {
        return values.length;
    }

    /** NaN without values. */
    public double mean() {
        return StatUtils.mean(values);
    }

    public double median() {
        return StatUtils.percentile(values, 50);
    }

    /** By n - 1; NaN for fewer than two values. */
    public double variance() {
        return values.length < 2 ? Double.NaN : StatUtils.variance(values);
    }

    public double standardDeviation() {
        return Math.sqrt(variance());
    }

    /** The half width of the 95 % confidence interval of the mean, by Student's t; NaN for fewer than two values. */
    public double halfWidth() {
        if (values.length < 2) {
            return Double.NaN;
        }
        double t = new TDistribution(values.length - 1).inverseCumulativeProbability(0.5 + CONFIDENCE / 2);
        return t * standardDeviation() / Math.sqrt(values.length);
    }

    /** The absolute deviations of the values from a centre. */
    Sample deviationsFrom(double centre) {
        return new Sample(name, Arrays.stream(values).map(value -> Math.abs(value - centre)).toArray());
    }
}
