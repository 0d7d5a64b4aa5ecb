package tidemark.lab.statistics;

import java.util.ArrayList;
import java.util.List;
import org.hipparchus.distribution.continuous.FDistribution;
import org.hipparchus.distribution.continuous.NormalDistribution;

/**
 * Two groups compared, as one of all pairs of groups: p and interval hold for all pairs together. They are NaN for groups that do not vary at all.
 *
 * @param difference mean of the second minus mean of the first
 * @param halfWidth of the 95 % interval of the difference: smaller than the difference if that is significant at 5 %
 * @param p probability of such a difference or a larger one if the groups do not differ
 * @param effect Hedges' g: the difference in standard deviations, without the bias of small samples
 */
public record Pair(String first, String second, double difference, double halfWidth, double p, double effect) {
    public boolean significant() {
        return p < 1 - Sample.CONFIDENCE;
    }

    /** Scheffé's test: |difference| > sqrt((k - 1) F MSW (1/n + 1/m)). It takes the groups' variances to be equal. */
    public static List<Pair> scheffe(List<Sample> groups) {
        Anova.check(groups);
        Anova.Sums sums = Anova.Sums.of(groups);
        FDistribution f = new FDistribution(sums.degreesBetween(), sums.degreesWithin());
        double critical = f.inverseCumulativeProbability(Sample.CONFIDENCE);
        return pairs(groups, (a, b) -> {
            if (sums.within() == 0) {
                return of(a, b, Double.NaN, Double.NaN);
            }
            double scale = sums.degreesBetween() * sums.meanSquareWithin() * (1.0 / a.size() + 1.0 / b.size());
            double difference = b.mean() - a.mean();
            return of(a, b, Math.sqrt(critical * scale), 1 - f.cumulativeProbability(difference * difference / scale));
        });
    }

    /** The test of Games and Howell, which does not. P. A. Games, J. F. Howell, Journal of Educational Statistics 1 (1976). */
    public static List<Pair> gamesHowell(List<Sample> groups) {
        Anova.check(groups);
        return pairs(groups, (a, b) -> {
            double va = a.variance() / a.size();
            double vb = b.variance() / b.size();
            if (va + vb == 0) {
                return of(a, b, Double.NaN, Double.NaN);
            }
            double freedom = (va + vb) * (va + vb) / (va * va / (a.size() - 1) + vb * vb / (b.size() - 1));
            StudentizedRange range = new StudentizedRange(groups.size(), freedom);
            double error = Math.sqrt((va + vb) / 2);
            return of(a, b, range.quantile(Sample.CONFIDENCE) * error, 1 - range.cumulative(Math.abs(b.mean() - a.mean()) / error));
        });
    }

    /** How many repetitions of each group would show a difference of this effect size in 80 of 100 experiments, at 5 %. */
    public int repetitionsNeeded() {
        NormalDistribution normal = new NormalDistribution();
        double z = normal.inverseCumulativeProbability(0.975);
        double sum = z + normal.inverseCumulativeProbability(0.8);
        return (int) Math.min(Integer.MAX_VALUE, Math.ceil(2 * sum * sum / (effect * effect) + z * z / 4));
    }

    private static Pair of(Sample a, Sample b, double halfWidth, double p) {
        double freedom = a.size() + b.size() - 2;
        double pooled = Math.sqrt(((a.size() - 1) * a.variance() + (b.size() - 1) * b.variance()) / freedom);
        double difference = b.mean() - a.mean();
        return new Pair(a.name(), b.name(), difference, halfWidth, p, difference / pooled * (1 - 3 / (4 * freedom - 1)));
    }

    @FunctionalInterface
    private interface Comparison {
        Pair of(Sample a, Sample b);
    }

    private static List<Pair> pairs(List<Sample> groups, Comparison comparison) {
        List<Pair> pairs = new ArrayList<>();
        for (int i = 0; i < groups.size(); i++) {
            for (int j = i + 1; j < groups.size(); j++) {
                pairs.add(comparison.of(groups.get(i), groups.get(j)));
            }
        }
        return pairs;
    }
}
