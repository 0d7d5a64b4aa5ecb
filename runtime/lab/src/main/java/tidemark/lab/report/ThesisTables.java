package tidemark.lab.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tidemark.lab.results.Column;
import tidemark.lab.statistics.Anova;
import tidemark.lab.statistics.Pair;
import tidemark.lab.statistics.Sample;

/**
 * The tables of V. Siripoon's thesis, by its numbers. Tables of one benchmark have the numbers that the thesis gives to them for that benchmark; for others they have
 * none.
 */
final class ThesisTables {
    private static final Map<String, String> MEANS = Map.of("CG", "3.6, 4.2", "LU", "3.7", "EP", "4.1", "BT", "4.3", "DC", "4.4");
    private static final Map<String, String> F_TESTS = Map.of("CG", "3.9, 4.8", "LU", "3.11", "EP", "4.6", "BT", "4.10", "DC", "4.12");
    private static final Map<String, String> PAIRS = Map.of("CG", "3.10, 4.9", "LU", "3.12", "EP", "4.7", "BT", "4.11", "DC", "4.13");
    private static final Map<String, String> PAGES = Map.of("EP", "A.1", "CG", "A.2", "BT", "A.3", "DC", "A.4");
    private static final double MIB = 1 << 20;

    private final Groups groups;

    ThesisTables(Groups groups) {
        this.groups = groups;
    }

    List<ReportTable> all() {
        List<ReportTable> tables = new ArrayList<>();
        tables.add(benchmarks());
        cubes().ifPresent(tables::add);
        tables.add(memory());
        groups.workloads().forEach(workload -> tables.add(means(workload)));
        tables.add(levene());
        for (String workload : groups.workloads()) {
            tables.add(fTests(workload));
            tables.add(pairs(workload, Column.RUN_S, "execution time", groups.methods()));
            tables.add(pairs(workload, Column.LATENCY_S, "checkpoint time", groups.checkpointMethods()));
        }
        tables.add(stateFiles());
        tables.add(overheads());
        groups.workloads().forEach(workload -> tables.add(pages(workload)));
        tables.add(threads("B.1", "Running time of the machine (CPU seconds of its hart)", Column.MACHINE_CPU_S, groups.methods()));
        tables.add(threads("B.2", "Running time of the checkpoint's threads (CPU seconds)", Column.CHECKPOINT_CPU_S, groups.checkpointMethods()));
        tables.add(agreement());
        return tables;
    }

    private ReportTable benchmarks() {
        ReportTable table = ReportTable.of("3.1, 3.2", "The benchmarks", "Size and iterations as the benchmark prints them.",
                List.of("benchmark", "size", "iterations", "operations (M)", "guest instructions (M)"));
        for (String workload : groups.workloads()) {
            String first = groups.methods().getFirst();
            table = table.with(workload, printed(workload, Column.PROBLEM_SIZE), printed(workload, Column.ITERATIONS),
                    Numbers.of(groups.sample(workload, first, Column.OPERATIONS_M).median()), Numbers.of(groups.sample(workload, first, Column.INSTRUCTIONS).median() / 1e6));
        }
        return table;
    }

    private String printed(String workload, Column column) {
        return groups.methods().stream().flatMap(method -> groups.rows(workload, method).stream()).map(row -> row.get(column)).filter(text -> !text.isEmpty()).findFirst().orElse("–");
    }

    /** Empty if no workload computes one. */
    private Optional<ReportTable> cubes() {
        ReportTable table = ReportTable.of("3.3", "The data cube of DC", "Result and disk after one iteration; each further one writes the views anew.",
                List.of("benchmark", "data size (tuples)", "ADC size (views)", "result size (rows)", "on disk (MiB)"));
        for (String workload : groups.workloads()) {
            String first = groups.methods().getFirst();
            Sample tuples = groups.sample(workload, first, Column.DATA_TUPLES);
            if (tuples.size() > 0) {
                table = table.with(workload, Numbers.count(tuples.median()), Numbers.count(groups.sample(workload, first, Column.CUBE_VIEWS).median()),
                        Numbers.count(groups.sample(workload, first, Column.CUBE_ROWS).median() / groups.sample(workload, first, Column.ITERATIONS).median()),
                        Numbers.of(groups.sample(workload, first, Column.CUBE_DISK_BYTES).median() / MIB));
            }
        }
        return table.rows().isEmpty() ? Optional.empty() : Optional.of(table);
    }

    private ReportTable memory() {
        ReportTable table = ReportTable.of("3.4, 3.5", "Memory of each machine", "Active memory is what an image holds: zero pages take no room in it.",
                List.of("benchmark", "RAM (MiB)", "active memory (MiB)"));
        for (String workload : groups.workloads()) {
            double active = groups.checkpointMethods().stream().map(method -> groups.sample(workload, method, Column.IMAGE_BYTES)).filter(sample -> sample.size() > 0)
                    .mapToDouble(Sample::median).min().orElse(Double.NaN);
            table = table.with(workload, printed(workload, Column.RAM_MIB), Numbers.of(active / MIB));
        }
        return table;
    }

    private ReportTable means(String workload) {
        ReportTable table = ReportTable.of(number(MEANS, workload), "Execution time, checkpoint time and downtime of " + workload + " (seconds)", "",
                List.of("method", "n", "execution", "SD", "checkpoint", "SD", "downtime", "SD", "longest pause", "SD"));
        for (String method : groups.methods()) {
            List<String> cells = new ArrayList<>(List.of(method, Integer.toString(groups.rows(workload, method).size())));
            for (Column column : List.of(Column.RUN_S, Column.LATENCY_S, Column.DOWNTIME_S, Column.DOWNTIME_LONGEST_S)) {
                Sample sample = groups.sample(workload, method, column);
                cells.add(Numbers.mean(sample));
                cells.add(Numbers.of(sample.standardDeviation()));
            }
            table = table.with(cells.toArray());
        }
        return table;
    }

    private ReportTable levene() {
        ReportTable table = ReportTable.of("3.8, 4.5", "Levene's test of equal variances",
                "W by deviations from the means, as in the thesis, and from the medians. p below 0.05: the variances differ, and Welch's and Games and Howell's tests are to be read.",
                List.of("benchmark", "of", "W (mean)", "p", "W (median)", "p"));
        for (String workload : groups.workloads()) {
            for (Compared compared : compared()) {
                List<Sample> samples = groups.samples(workload, compared.methods, compared.column);
                if (samples.size() > 1) {
                    Anova mean = Anova.levene(samples);
                    Anova median = Anova.leveneByMedian(samples);
                    table = table.with(workload, compared.name, Numbers.of(mean.statistic()), Numbers.p(mean.p()), Numbers.of(median.statistic()), Numbers.p(median.p()));
                }
            }
        }
        return table;
    }

    private record Compared(String name, Column column, List<String> methods) {}

    private List<Compared> compared() {
        return List.of(new Compared("execution time", Column.RUN_S, groups.methods()), new Compared("checkpoint time", Column.LATENCY_S, groups.checkpointMethods()));
    }

    private ReportTable fTests(String workload) {
        ReportTable table = ReportTable.of(number(F_TESTS, workload), "Analysis of variance of " + workload,
                "Omega squared: how much of the variance the methods explain. Welch's F does not take the variances to be equal.",
                List.of("of", "F", "df", "p", "omega²", "Welch's F", "df", "p"));
        for (Compared compared : compared()) {
            List<Sample> samples = groups.samples(workload, compared.methods, compared.column);
            if (samples.size() > 1) {
                Anova classic = Anova.oneWay(samples);
                Anova welch = Anova.welch(samples);
                table = table.with(compared.name, Numbers.of(classic.statistic()), degrees(classic), Numbers.p(classic.p()), Numbers.of(Anova.effectSize(samples)),
                        Numbers.of(welch.statistic()), degrees(welch), Numbers.p(welch.p()));
            }
        }
        return table;
    }

    private static String degrees(Anova anova) {
        return Numbers.of(anova.between()).replaceAll("\\.0+$", "") + ", " + Numbers.of(anova.within()).replaceAll("\\.0+$", "");
    }

    private ReportTable pairs(String workload, Column column, String of, List<String> methods) {
        ReportTable table = ReportTable.of(number(PAIRS, workload), "Pairs of methods, " + of + " of " + workload + " (seconds)",
                "Difference: second minus first, ± the half width of its 95 % interval. g: Hedges' effect size.",
                List.of("pair", "Scheffé's difference", "p", "Games and Howell's", "p", "g", "n needed"));
        List<Sample> samples = groups.samples(workload, methods, column);
        if (samples.size() > 1) {
            List<Pair> scheffe = Pair.scheffe(samples);
            List<Pair> gamesHowell = Pair.gamesHowell(samples);
            for (int i = 0; i < scheffe.size(); i++) {
                Pair one = scheffe.get(i);
                Pair other = gamesHowell.get(i);
                table = table.with(one.second() + " − " + one.first(), difference(one), Numbers.p(one.p()), difference(other), Numbers.p(other.p()), Numbers.of(one.effect()),
                        one.significant() || other.significant() ? "" : one.repetitionsNeeded());
            }
        }
        return table;
    }

    private static String difference(Pair pair) {
        return Numbers.of(pair.difference()) + " ±" + Numbers.of(pair.halfWidth());
    }

    private ReportTable stateFiles() {
        ReportTable table = ReportTable.of("3.13, 4.14", "State file and restart", "", List.of("benchmark", "method", "state file (MiB)", "SD", "restart (s)", "SD", "restored runs verified"));
        for (String workload : groups.workloads()) {
            for (String method : groups.checkpointMethods()) {
                Sample size = groups.sample(workload, method, Column.IMAGE_BYTES);
                Sample restart = groups.sample(workload, method, Column.RESTORE_S);
                long verified = groups.rows(workload, method).stream().filter(row -> row.get(Column.RESTORED_VERIFICATION).equals("SUCCESSFUL")).count();
                table = table.with(workload, method, Numbers.of(size.mean() / MIB), Numbers.of(size.standardDeviation() / MIB), Numbers.mean(restart),
                        Numbers.of(restart.standardDeviation()), verified + " of " + groups.rows(workload, method).size());
            }
        }
        return table;
    }

    private ReportTable overheads() {
        ReportTable table = ReportTable.of("3.14, 4.15", "Overhead of each method", "Run with a checkpoint minus control; ± the half width of the 95 % interval.",
                List.of("benchmark", "method", "overhead (s)", "of the control (%)", "of stop's"));
        for (String workload : groups.workloads()) {
            List<Overhead> all = overheads(workload);
            double control = groups.sample(workload, groups.methods().getFirst(), Column.RUN_S).mean();
            for (Overhead overhead : all) {
                String part = all.stream().filter(other -> other.method().equals("stop") && !other.method().equals(overhead.method())).findFirst()
                        .flatMap(overhead::partOf).map(ratio -> Numbers.of(ratio[0]) + " ±" + Numbers.of(ratio[1])).orElse("–");
                table = table.with(workload, overhead.method(), Numbers.of(overhead.seconds()) + " ±" + Numbers.of(overhead.halfWidth()),
                        Numbers.of(100 * overhead.seconds() / control), part);
            }
        }
        return table;
    }

    /** Of the methods that have runs enough. */
    List<Overhead> overheads(String workload) {
        Sample control = groups.sample(workload, groups.methods().getFirst(), Column.RUN_S);
        return control.size() < 2 ? List.of() : groups.samples(workload, groups.checkpointMethods(), Column.RUN_S).stream().map(run -> Overhead.of(run, control)).toList();
    }

    private ReportTable pages(String workload) {
        ReportTable table = ReportTable.of(number(PAGES, workload), "Pages copied of " + workload, "", List.of("method", "pages", "SD", "rounds", "pauses"));
        for (String method : groups.checkpointMethods()) {
            Sample pages = groups.sample(workload, method, Column.PAGES_COPIED);
            table = table.with(method, Numbers.mean(pages), Numbers.of(pages.standardDeviation()), Numbers.mean(groups.sample(workload, method, Column.ROUNDS)),
                    Numbers.mean(groups.sample(workload, method, Column.PAUSES)));
        }
        return table;
    }

    private ReportTable threads(String number, String title, Column column, List<String> methods) {
        List<String> head = Stream.concat(Stream.of("benchmark"), methods.stream()).toList();
        ReportTable table = ReportTable.of(number, title, "", head);
        for (String workload : groups.workloads()) {
            table = table.with(Stream.concat(Stream.of(workload), methods.stream().map(method -> Numbers.meanWithInterval(groups.sample(workload, method, column)))).toArray());
        }
        return table;
    }

    /** Whether the overhead of whole runs is what the session saw the checkpoint take from the guest. */
    private ReportTable agreement() {
        ReportTable table = ReportTable.of("", "Overhead by runs and by the session",
                "By the session: latency times the part of its instructions that the guest did not retire meanwhile. They agree if the intervals overlap.",
                List.of("benchmark", "method", "by runs (s)", "by the session (s)", "agree"));
        for (String workload : groups.workloads()) {
            for (Overhead overhead : overheads(workload)) {
                Sample reported = reported(workload, overhead.method());
                table = table.with(workload, overhead.method(), Numbers.of(overhead.seconds()) + " ±" + Numbers.of(overhead.halfWidth()),
                        Numbers.meanWithInterval(reported),
                        overhead.agreesWith(reported) ? "yes" : "no");
            }
        }
        return table;
    }

    /** What each checkpoint took from the guest as its session saw it, in seconds. */
    Sample reported(String workload, String method) {
        return Sample.of(method, groups.rows(workload, method).stream().filter(row -> row.number(Column.PROGRESS_PERCENT).isPresent())
                .map(row -> row.number(Column.LATENCY_S).orElseThrow() * (1 - row.number(Column.PROGRESS_PERCENT).orElseThrow() / 100))
                .toList());
    }

    private static String number(Map<String, String> numbers, String workload) {
        return numbers.getOrDefault(Groups.benchmark(workload), "");
    }
}
