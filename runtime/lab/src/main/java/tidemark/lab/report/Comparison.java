package tidemark.lab.report;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import tidemark.lab.results.Column;
import tidemark.lab.results.Row;
import tidemark.lab.run.RunFolder;
import tidemark.lab.statistics.Difference;
import tidemark.lab.statistics.Sample;
import tidemark.report.HtmlTable;
import tidemark.report.Page;
import tidemark.report.Svg;

/** What changed from one run to another, of the workloads and methods that both have. */
public final class Comparison {
    private static final Map<Column, String> MEASURES = new LinkedHashMap<>();

    static {
        MEASURES.put(Column.RUN_S, "execution time (s)");
        MEASURES.put(Column.LATENCY_S, "checkpoint time (s)");
        MEASURES.put(Column.DOWNTIME_S, "downtime (s)");
        MEASURES.put(Column.IMAGE_BYTES, "state file (bytes)");
        MEASURES.put(Column.RESTORE_S, "restart (s)");
    }

    private final RunFolder first;
    private final RunFolder second;
    private final List<Change> changes = new ArrayList<>();
    private final List<String> surroundings;

    /** @param difference second minus first */
    public record Change(String workload, String method, String measure, Sample first, Sample second, Difference difference) {
        /** In one word or two; a change that its interval cannot tell from nothing is none. */
        public String verdict() {
            double size = Math.abs(difference.value());
            boolean told = Double.isNaN(difference.halfWidth()) ? size > 0 : size > difference.halfWidth();
            return !told ? "no change told" : difference.value() > 0 ? "more" : "less";
        }

        /** Workload, method, measure, both means, the difference with its interval, the same in percent, the verdict. */
        public List<String> cells() {
            String width = Double.isNaN(difference.halfWidth()) ? "" : " ±" + Numbers.of(difference.halfWidth());
            return List.of(workload, method, measure, Numbers.mean(first), Numbers.mean(second), Numbers.of(difference.value()) + width,
                    Numbers.of(100 * difference.value() / first.mean()), verdict());
        }
    }

    public Comparison(RunFolder first, RunFolder second) throws IOException {
        this.first = first;
        this.second = second;
        List<Row> before = first.rows();
        List<Row> after = second.rows();
        Groups ofFirst = groups(first, before);
        Groups ofSecond = groups(second, after);
        for (String workload : ofFirst.workloads()) {
            for (String method : ofFirst.methods()) {
                MEASURES.forEach((column, name) -> add(workload, method, name, ofFirst.sample(workload, method, column),
                        ofSecond.sample(workload, method, column)));
            }
        }
        surroundings = new ArrayList<>(new Surroundings(first, before, second, after).differences());
        onlyIn(first, ofFirst, ofSecond);
        onlyIn(second, ofSecond, ofFirst);
        if (!Files.readString(first.experimentFile()).equals(Files.readString(second.experimentFile()))) {
            surroundings.addFirst("The experiments' files differ: " + first.experimentFile() + " and " + second.experimentFile() + ".");
        }
    }

    private static Groups groups(RunFolder run, List<Row> rows) {
        return new Groups(rows, List.copyOf(run.experiment().workloads().keySet()), List.copyOf(run.experiment().methods().keySet()));
    }

    private void add(String workload, String method, String measure, Sample before, Sample after) {
        if (before.size() > 1 && after.size() > 1) {
            changes.add(new Change(workload, method, measure, before, after, Difference.of(before, after)));
        }
    }

    private void onlyIn(RunFolder run, Groups its, Groups others) {
        Set<String> only = new LinkedHashSet<>();
        for (String workload : its.workloads()) {
            its.methods().stream().filter(method -> !its.rows(workload, method).isEmpty() && others.rows(workload, method).isEmpty())
                    .forEach(method -> only.add(workload + " " + method));
        }
        if (!only.isEmpty()) {
            surroundings.add("Only " + run.path() + " has " + String.join(", ", only) + ".");
        }
    }

    /** Empty if the runs have no workload and method in common of which both have two repetitions. */
    public List<Change> changes() {
        return List.copyOf(changes);
    }

    /** Sentences on what else differs: the parts, the JVM, the host, the experiment. A change may come from these. */
    public List<String> surroundings() {
        return List.copyOf(surroundings);
    }

    /** How many changes are to be expected where nothing changed. */
    public String byChance() {
        return "Intervals are of 95 %, by Welch: of " + changes.size() + " comparisons " + Numbers.of(changes.size() / 20.0)
                + " show a change by chance.";
    }

    /** Heads of {@link Change#cells}. */
    public static String[] head() {
        return new String[] {"workload", "method", "measure", "first", "second", "difference", "in %", "second has"};
    }

    /** A page that needs nothing else. */
    public String html() {
        HtmlTable table = new HtmlTable(head());
        changes.forEach(change -> table.row(change.cells().toArray()));
        String around = surroundings.isEmpty() ? "<p class=\"good\">Parts, JVM, host and experiment are the same.</p>\n"
                : surroundings.stream().map(sentence -> "<p>" + Svg.escape(sentence) + "</p>\n").collect(Collectors.joining());
        return new Page(second.experiment().title() + ": two runs")
                .paragraph("muted", "First: " + first.path() + ". Second: " + second.path() + ".")
                .section("What else differs", around)
                .section("What changed", table + "<p class=\"muted\">" + Svg.escape(byChance()) + "</p>\n").html();
    }
}
