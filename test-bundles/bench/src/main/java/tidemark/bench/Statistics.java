package tidemark.bench;

import java.util.Arrays;
import java.util.Collection;
import java.util.stream.DoubleStream;

/** Of repeated measurements. */
public final class Statistics {
    private Statistics() {}

    /** Of an even number of values the mean of the middle two. NaN of none. */
    public static double median(double... values) {
        double[] sorted = sorted(values);
        int n = sorted.length;
        return n == 0 ? Double.NaN : n % 2 == 1 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
    }

    public static double median(Collection<Double> values) {
        return median(values.stream().mapToDouble(Double::doubleValue).toArray());
    }

    /** The least value that at least the share {@code p} of all is not above. */
    public static double quantile(double p, double... values) {
        double[] sorted = sorted(values);
        return sorted[Math.clamp((int) Math.ceil(p * sorted.length) - 1, 0, sorted.length - 1)];
    }

    /** NaN of none. */
    public static double geometricMean(double... values) {
        return Math.exp(DoubleStream.of(values).map(Math::log).average().orElse(Double.NaN));
    }

    /** Half of the way from the least to the most, as a share of the median: what stands behind a plus-minus. */
    public static double spread(double... values) {
        double[] sorted = sorted(values);
        return sorted.length == 0 ? Double.NaN : (sorted[sorted.length - 1] - sorted[0]) / 2 / median(values);
    }

    private static double[] sorted(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted;
    }
}
