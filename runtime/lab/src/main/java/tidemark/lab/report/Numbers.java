package tidemark.lab.report;

import java.util.Locale;
import tidemark.lab.statistics.Sample;

/** Numbers as a paper prints them. */
final class Numbers {
    private static final double LEAST_P = 0.0001;

    private Numbers() {}

    /** Four significant digits; a dash for what is not known. */
    static String of(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return "–";
        }
        double size = Math.abs(value);
        String pattern = size >= 1000 || value == 0 ? "%,.0f" : size >= 100 ? "%.1f" : size >= 10 ? "%.2f" : size >= 0.01 ? "%.3f" : size >= 0.0001 ? "%.5f" : "%.2e";
        return String.format(Locale.ROOT, pattern, value);
    }

    /** A whole number; a dash for what is not known. */
    static String count(double value) {
        return Double.isNaN(value) ? "–" : String.format(Locale.ROOT, "%,.0f", value);
    }

    static String mean(Sample sample) {
        return of(sample.mean());
    }

    /** Mean and half width of its interval. */
    static String meanWithInterval(Sample sample) {
        return sample.size() == 0 ? "–" : sample.size() == 1 ? of(sample.mean()) : of(sample.mean()) + " ±" + of(sample.halfWidth());
    }

    static String p(double p) {
        return Double.isNaN(p) ? "–" : p < LEAST_P ? "<0.0001" : String.format(Locale.ROOT, "%.4f", p);
    }
}
