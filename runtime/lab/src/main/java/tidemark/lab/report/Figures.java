package tidemark.lab.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tidemark.lab.report.BarChart.Bar;
import tidemark.lab.results.Column;

/** The figures of V. Siripoon's thesis, by its numbers, as SVG; and overheads as sessions see them, which scatter less than whole runs do. */
final class Figures {
    private static final double MIB = 1 << 20;
    private final Groups groups;
    private final ThesisTables tables;

    Figures(Groups groups, ThesisTables tables) {
        this.groups = groups;
        this.tables = tables;
    }

    /** Captions and pictures; the text up to the colon is a figure's number. */
    Map<String, String> all() {
        Map<String, String> figures = new LinkedHashMap<>();
        List<String> saved = groups.checkpointMethods();
        figures.put("Figure 3.14, 4.1: Overhead and downtime of each method", overheadAndDowntime());
        figures.put("Figure 5.1: Execution times", of("execution time, seconds", groups.methods(), Column.RUN_S, 1));
        figures.put("Figure 5.2: Overheads", chart("overhead, seconds", saved).svg(this::overhead));
        figures.put("Overheads by the sessions: what each checkpoint took from its guest", chart("overhead, seconds", saved)
                .svg((workload, method) -> Bar.of(tables.reported(workload, method), 1)));
        figures.put("Figure 5.3: Checkpoint times", of("checkpoint time, seconds", saved, Column.LATENCY_S, 1));
        figures.put("Figure 5.4: State-file sizes", of("state file, MiB", saved, Column.IMAGE_BYTES, 1 / MIB));
        figures.put("Figure B.1: Checkpoint work done by thread and by machine", work());
        return figures;
    }

    private BarChart chart(String unit, List<String> series) {
        return new BarChart(unit, unit, groups.workloads(), series, groups.methods());
    }

    private String of(String unit, List<String> series, Column column, double factor) {
        return chart(unit, series).svg((workload, method) -> Bar.of(groups.sample(workload, method, column), factor));
    }

    /** A difference: it may be negative. */
    private Bar overhead(String workload, String method) {
        return tables.overheads(workload).stream().filter(overhead -> overhead.method().equals(method)).findFirst()
                .map(overhead -> new Bar(overhead.seconds(), overhead.halfWidth(), Double.NEGATIVE_INFINITY)).orElse(Bar.NONE);
    }

    private String overheadAndDowntime() {
        List<String> series = groups.checkpointMethods().stream().flatMap(method -> Stream.of(method + ", overhead", method + ", downtime")).toList();
        return chart("seconds", series).svg((workload, label) -> {
            String method = label.substring(0, label.lastIndexOf(','));
            return label.endsWith("overhead") ? overhead(workload, method) : Bar.of(groups.sample(workload, method, Column.DOWNTIME_S), 1);
        });
    }

    private String work() {
        List<String> series = groups.checkpointMethods().stream().flatMap(method -> Stream.of(method + ", by thread", method + ", by machine")).toList();
        return chart("CPU seconds", series).svg((workload, label) -> Bar.of(groups.sample(workload, label.substring(0, label.lastIndexOf(',')),
                label.endsWith("thread") ? Column.CHECKPOINT_CPU_S : Column.HART_CPU_S), 1));
    }
}
