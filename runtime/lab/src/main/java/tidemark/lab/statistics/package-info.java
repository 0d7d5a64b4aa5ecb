/** What the lab concludes from repetitions: means with intervals, tests of variances and means, pairs, effect sizes. Pure functions of numbers. */
package tidemark.lab.statistics;
