package tidemark.lab.statistics;

import java.util.List;
import org.hipparchus.distribution.continuous.FDistribution;

/**
 * Tests whether groups have one mean or one variance. Each needs at least two groups of at least two values; what cannot be decided, as with
 * no variance at all, is NaN.
 *
 * @param statistic F, or W for Levene's test
 * @param between degrees of freedom between the groups
 * @param within degrees of freedom within them; Welch's is no whole number
 * @param p probability of such a statistic or a larger one if the groups do not differ
 */
public record Anova(double statistic, double between, double within, double p) {
    private static Anova of(double statistic, double between, double within) {
        double p = !Double.isFinite(statistic) || Double.isNaN(within) ? Double.NaN : 1 - new FDistribution(between, within).cumulativeProbability(statistic);
        return new Anova(statistic, between, within, p);
    }

    /** One-way analysis of variance: F = MSB / MSW. */
    public static Anova oneWay(List<Sample> groups) {
        check(groups);
        Sums sums = Sums.of(groups);
        return of(sums.meanSquareBetween() / sums.meanSquareWithin(), sums.degreesBetween(), sums.degreesWithin());
    }

    /** Levene's test of equal variances, by deviations from the groups' means, as the thesis has it. */
    public static Anova levene(List<Sample> groups) {
        check(groups);
        return oneWay(groups.stream().map(group -> group.deviationsFrom(group.mean())).toList());
    }

    /** Levene's test by deviations from the medians (Brown and Forsythe), which skewed values deceive less. */
    public static Anova leveneByMedian(List<Sample> groups) {
        check(groups);
        return oneWay(groups.stream().map(group -> group.deviationsFrom(group.median())).toList());
    }

    /** Welch's analysis of variance, for groups whose variances differ. B. L. Welch, Biometrika 38 (1951). */
    public static Anova welch(List<Sample> groups) {
        check(groups);
        int k = groups.size();
        double weights = groups.stream().mapToDouble(Anova::weight).sum();
        double mean = groups.stream().mapToDouble(group -> weight(group) * group.mean()).sum() / weights;
        double between = groups.stream().mapToDouble(group -> weight(group) * square(group.mean() - mean)).sum() / (k - 1);
        double lambda = groups.stream().mapToDouble(group -> square(1 - weight(group) / weights) / (group.size() - 1)).sum();
        double correction = 1 + 2 * (k - 2) * lambda / (square(k) - 1);
        return of(between / correction, k - 1, (square(k) - 1) / (3 * lambda));
    }

    /** How much of the variance the groups explain, of 1, without the bias of small samples: omega squared. */
    public static double effectSize(List<Sample> groups) {
        check(groups);
        Sums sums = Sums.of(groups);
        double within = sums.meanSquareWithin();
        return Math.max(0, (sums.between - sums.degreesBetween() * within) / (sums.between + sums.within + within));
    }

    private static double weight(Sample group) {
        return group.size() / group.variance();
    }

    private static double square(double value) {
        return value * value;
    }

    static void check(List<Sample> groups) {
        if (groups.size() < 2 || groups.stream().anyMatch(group -> group.size() < 2)) {
            throw new IllegalArgumentException("A comparison needs at least two groups of at least two values each");
        }
    }

    /** The sums of squares of all values about their groups' means, and of these about the mean of all. */
    record Sums(int groups, int values, double between, double within) {
        static Sums of(List<Sample> groups) {
            int values = groups.stream().mapToInt(Sample::size).sum();
            double mean = groups.stream().mapToDouble(group -> group.size() * group.mean()).sum() / values;
            return new Sums(groups.size(), values, groups.stream().mapToDouble(group -> group.size() * square(group.mean() - mean)).sum(),
                    groups.stream().mapToDouble(group -> (group.size() - 1) * group.variance()).sum());
        }

        int degreesBetween() {
            return groups - 1;
        }

        int degreesWithin() {
            return values - groups;
        }

        double meanSquareBetween() {
            return between / degreesBetween();
        }

        double meanSquareWithin() {
            return within / degreesWithin();
        }
    }
}
