package tidemark.lab.statistics;

import org.hipparchus.distribution.continuous.TDistribution;

/**
 * The difference of two means whose variances may differ, by Welch (B. L. Welch, Biometrika 34, 1947). Interval and p are NaN where
 * neither sample varies.
 *
 * @param value mean of the second minus mean of the first
 * @param variance of the difference
 * @param freedom degrees of freedom, by Satterthwaite
 */
public record Difference(double value, double variance, double freedom) {
    /** @param first and {@code second}: at least two values each */
    public static Difference of(Sample first, Sample second) {
        double a = first.variance() / first.size();
        double b = second.variance() / second.size();
        return new Difference(second.mean() - first.mean(), a + b,
                (a + b) * (a + b) / (a * a / (first.size() - 1) + b * b / (second.size() - 1)));
    }

    /** Of the 95 % confidence interval. */
    public double halfWidth() {
        return Double.isNaN(freedom) ? Double.NaN : new TDistribution(freedom)
                .inverseCumulativeProbability(0.5 + Sample.CONFIDENCE / 2) * Math.sqrt(variance);
    }

    /** The probability of such a difference or a larger one if the means do not differ. */
    public double p() {
        return Double.isNaN(freedom) ? Double.NaN : 2 * new TDistribution(freedom)
                .cumulativeProbability(-Math.abs(value) / Math.sqrt(variance));
    }
}
