package tidemark.lab.statistics;

import java.util.function.DoubleUnaryOperator;
import org.hipparchus.analysis.integration.gauss.GaussIntegrator;
import org.hipparchus.analysis.integration.gauss.GaussIntegratorFactory;
import org.hipparchus.analysis.solvers.BrentSolver;
import org.hipparchus.distribution.continuous.NormalDistribution;
import org.hipparchus.special.Gamma;

/**
 * The distribution of the range of k normal values over their standard deviation, which is estimated with some degrees of freedom. By the double integral that
 * defines it (H. L. Harter, Annals of Mathematical Statistics 31, 1960), to eight digits.
 */
final class StudentizedRange {
    private static final NormalDistribution NORMAL = new NormalDistribution();
    private static final int PANELS = 6;
    /** Nodes and weights of a panel from -1 to 1. */
    private static final GaussIntegrator PANEL = new GaussIntegratorFactory().legendre(16);
    /** Beyond it a normal density is nothing. */
    private static final double FAR = 8;
    private static final int EVALUATIONS = 200;
    private static final double QUANTILE_ACCURACY = 1e-8;

    private final int groups;
    private final double freedom;
    /** Logarithm of the factor that makes the density of the deviation integrate to 1. */
    private final double logScale;

    StudentizedRange(int groups, double freedom) {
        this.groups = groups;
        this.freedom = freedom;
        logScale = Math.log(2) + freedom / 2 * Math.log(freedom / 2) - Gamma.logGamma(freedom / 2);
    }

    double cumulative(double q) {
        if (!(q > 0)) {
            return q <= 0 ? 0 : q;
        }
        // the deviation is about 1, within some of its own standard deviations
        double spread = FAR / Math.sqrt(2 * freedom);
        return Math.min(1, integral(s -> density(s) * ofKnownDeviation(q * s), Math.max(1e-9, 1 - spread), 1 + spread + FAR / freedom));
    }

    double quantile(double probability) {
        return new BrentSolver(QUANTILE_ACCURACY).solve(EVALUATIONS, q -> cumulative(q) - probability, 1e-6, 1000);
    }

    private double density(double s) {
        return Math.exp(logScale + (freedom - 1) * Math.log(s) - freedom * s * s / 2);
    }

    /** The probability that the range of the values is at most w standard deviations. */
    private double ofKnownDeviation(double w) {
        return groups * integral(z -> NORMAL.density(z) * Math.pow(NORMAL.cumulativeProbability(z) - NORMAL.cumulativeProbability(z - w), groups - 1), -FAR, FAR);
    }

    private static double integral(DoubleUnaryOperator f, double from, double to) {
        double half = (to - from) / PANELS / 2;
        double sum = 0;
        for (int panel = 0; panel < PANELS; panel++) {
            double centre = from + (2 * panel + 1) * half;
            for (int i = 0; i < PANEL.getNumberOfPoints(); i++) {
                sum += half * PANEL.getWeight(i) * f.applyAsDouble(centre + half * PANEL.getPoint(i));
            }
        }
        return sum;
    }
}
