package tidemark.lab.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidemark.testkit.HostTool;

/** Every statistic is what R computes, on random groups of unequal sizes and variances. */
class AgainstRTest {
    private static final double TOLERANCE = 1e-6;
    /** What R's ptukey leaves of a quantile. */
    private static final double TUKEYS_TOLERANCE = 1e-4;

    @TempDir
    Path directory;

    @BeforeEach
    void rIsInstalled() throws Exception {
        HostTool.require("Rscript", "r-base-core");
    }

    @Test
    void meansDeviationsAndIntervals() throws Exception {
        List<Sample> groups = groups(1, 3);
        List<Double> ours = new ArrayList<>();
        groups.forEach(group -> ours.addAll(List.of(group.mean(), group.median(), group.standardDeviation(), group.halfWidth())));
        same(ours, groups, "for (g in levels(d$g)) { v <- d$v[d$g == g]; t <- t.test(v); say(mean(v), median(v), sd(v), (t$conf.int[2] - t$conf.int[1]) / 2) }");
    }

    @Test
    void differencesOfTwoMeans() throws Exception {
        for (int seed = 20; seed <= 24; seed++) {
            List<Sample> groups = groups(seed, 2);
            Difference difference = Difference.of(groups.get(0), groups.get(1));
            same(List.of(difference.value(), difference.halfWidth(), difference.p(), difference.freedom()), groups, """
                    t <- t.test(d$v[d$g == 'g1'], d$v[d$g == 'g0'])
                    say(t$estimate[1] - t$estimate[2], (t$conf.int[2] - t$conf.int[1]) / 2, t$p.value, t$parameter)""");
        }
    }

    @Test
    void analysesOfVariance() throws Exception {
        for (int seed = 1; seed <= 5; seed++) {
            List<Sample> groups = groups(seed, 2 + seed % 4);
            Anova classic = Anova.oneWay(groups);
            Anova welch = Anova.welch(groups);
            same(List.of(classic.statistic(), classic.between(), classic.within(), classic.p(), welch.statistic(), welch.between(), welch.within(), welch.p()), groups, """
                    for (equal in c(TRUE, FALSE)) { t <- oneway.test(v ~ g, d, var.equal = equal); say(t$statistic, t$parameter[1], t$parameter[2], t$p.value) }""");
        }
    }

    @Test
    void levenesTestsByMeanAndMedian() throws Exception {
        for (int seed = 6; seed <= 10; seed++) {
            List<Sample> groups = groups(seed, 2 + seed % 4);
            Anova mean = Anova.levene(groups);
            Anova median = Anova.leveneByMedian(groups);
            same(List.of(mean.statistic(), mean.p(), median.statistic(), median.p()), groups, """
                    for (centre in c(mean, median)) {
                        d$z <- abs(d$v - ave(d$v, d$g, FUN = centre))
                        t <- oneway.test(z ~ g, d, var.equal = TRUE)
                        say(t$statistic, t$p.value)
                    }""");
        }
    }

    @Test
    void pairsByScheffe() throws Exception {
        List<Sample> groups = groups(11, 4);
        same(pairs(Pair.scheffe(groups)), groups, """
                k <- nlevels(d$g); n <- table(d$g); m <- tapply(d$v, d$g, mean); msw <- summary(aov(v ~ g, d))[[1]][2, 3]; df <- nrow(d) - k
                for (i in 1:(k - 1)) for (j in (i + 1):k) {
                    scale <- (k - 1) * msw * (1 / n[i] + 1 / n[j])
                    say(m[j] - m[i], sqrt(qf(0.95, k - 1, df) * scale), pf((m[j] - m[i])^2 / scale, k - 1, df, lower.tail = FALSE))
                }""");
    }

    @Test
    void pairsByGamesAndHowell() throws Exception {
        for (int seed = 12; seed <= 15; seed++) {
            List<Sample> groups = groups(seed, 3 + seed % 3);
            same(TUKEYS_TOLERANCE, pairs(Pair.gamesHowell(groups)), groups, """
                    k <- nlevels(d$g); n <- table(d$g); m <- tapply(d$v, d$g, mean); s <- tapply(d$v, d$g, var) / n
                    for (i in 1:(k - 1)) for (j in (i + 1):k) {
                        error <- sqrt((s[i] + s[j]) / 2); df <- (s[i] + s[j])^2 / (s[i]^2 / (n[i] - 1) + s[j]^2 / (n[j] - 1))
                        q <- uniroot(function(q) ptukey(q, k, df) - 0.95, c(0.1, 200), tol = 1e-10)$root
                        say(m[j] - m[i], q * error, ptukey(abs(m[j] - m[i]) / error, k, df, lower.tail = FALSE))
                    }""");
        }
    }

    @Test
    void groupsThatDoNotVaryDecideNothing() {
        List<Sample> constant = List.of(new Sample("a", 1, 1, 1), new Sample("b", 2, 2, 2), new Sample("c", 2, 2));
        for (Anova anova : List.of(Anova.oneWay(constant), Anova.levene(constant), Anova.leveneByMedian(constant), Anova.welch(constant))) {
            assertTrue(Double.isNaN(anova.p()), anova.toString());
        }
        assertTrue(Double.isNaN(Difference.of(constant.get(0), constant.get(1)).p()));
        assertTrue(Pair.scheffe(constant).stream().allMatch(pair -> Double.isNaN(pair.p()) && !pair.significant()));
        assertTrue(Pair.gamesHowell(constant).stream().allMatch(pair -> Double.isNaN(pair.p()) && !pair.significant()));
    }

    private static List<Double> pairs(List<Pair> pairs) {
        return pairs.stream().flatMap(pair -> List.of(pair.difference(), pair.halfWidth(), pair.p()).stream()).toList();
    }

    private static List<Sample> groups(int seed, int count) {
        Random random = new Random(seed);
        return IntStream.range(0, count).mapToObj(g -> new Sample("g" + g,
                IntStream.range(0, 3 + random.nextInt(8)).mapToDouble(i -> 10 + g * 0.7 + (1 + g) * random.nextGaussian()).toArray())).toList();
    }

    private void same(List<Double> ours, List<Sample> groups, String program) throws Exception {
        same(TOLERANCE, ours, groups, program);
    }

    private void same(double tolerance, List<Double> ours, List<Sample> groups, String program) throws Exception {
        String values = groups.stream().flatMap(group -> Arrays.stream(group.values()).boxed()).map(String::valueOf).collect(Collectors.joining(","));
        String names = groups.stream().map(group -> "rep('" + group.name() + "'," + group.size() + ")").collect(Collectors.joining(","));
        Path script = Files.writeString(directory.resolve("check.R"), "say <- function(...) cat(sprintf('%.12g\\n', c(...)), sep = '')\n"
                + "d <- data.frame(v = c(" + values + "), g = factor(c(" + names + ")))\n" + program);
        HostTool.Outcome outcome = HostTool.run(120, "Rscript", "--vanilla", script.toString());
        assertEquals(0, outcome.exitCode(), outcome.output());
        List<Double> theirs = outcome.output().lines().map(Double::valueOf).toList();
        assertEquals(theirs.size(), ours.size(), outcome.output());
        for (int i = 0; i < ours.size(); i++) {
            double expected = theirs.get(i);
            double actual = ours.get(i);
            assertTrue(Math.abs(actual - expected) <= tolerance * Math.max(1, Math.abs(expected)), "number " + i + ": " + actual + " instead of R's " + expected);
        }
    }
}
