package tidemark.report;

import java.util.stream.DoubleStream;

/**
 * From quantities to places in a picture.
 *
 * @param from the quantity at {@code start}
 * @param to the quantity at {@code end}
 */
public record Scale(double from, double to, double start, double end) {
    public double at(double quantity) {
        return start + (quantity - from) / (to - from) * (end - start);
    }

    /** Round numbers in the scale's range, about {@code most} at the most, equally far from each other. */
    public double[] ticks(int most) {
        double step = niceAbove((to - from) / most, 1, 2, 5);
        double first = Math.ceil(from / step);
        return DoubleStream.iterate(0, i -> i + 1).map(i -> (first + i) * step).takeWhile(tick -> tick <= to).toArray();
    }

    /** The least that is at least {@code value} and one of {@code factors}, ascending from 1, times a power of ten. */
    public static double niceAbove(double value, double... factors) {
        double power = Math.pow(10, Math.floor(Math.log10(Math.max(value, 1e-6))));
        for (double factor : factors) {
            if (value <= factor * power) {
                return factor * power;
            }
        }
        return 10 * power;
    }
}
