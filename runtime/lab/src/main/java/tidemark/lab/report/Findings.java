package tidemark.lab.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tidemark.lab.results.Column;
import tidemark.lab.statistics.Sample;

/** Sentences that say of each finding of the thesis and of the NCA 2011 paper whether it holds here; computed from the rows. */
final class Findings {
    private static final String STOP = "stop";
    private static final double BUSY_CPUS = 0.25;
    private final Groups groups;
    private final ThesisTables tables;

    Findings(Groups groups, ThesisTables tables) {
        this.groups = groups;
        this.tables = tables;
    }

    /** By workload; what holds of all of them last, by the empty name. */
    Map<String, List<String>> all() {
        Map<String, List<String>> sentences = new LinkedHashMap<>();
        for (String workload : groups.workloads()) {
            sentences.put(workload, of(workload));
        }
        sentences.put("", busy().stream().toList());
        sentences.values().removeIf(List::isEmpty);
        return sentences;
    }

    private List<String> of(String workload) {
        List<String> sentences = new ArrayList<>();
        boolean told = overheadOf(workload, STOP).map(Overhead::isSomething).orElse(true);
        if (!told) {
            sentences.add("Whole runs cannot tell stop's overhead from nothing with so many repetitions, so they say nothing of the others' part of it.");
        }
        for (String method : groups.checkpointMethods()) {
            if (!method.equals(STOP) && groups.sample(workload, method, Column.RUN_S).size() > 1 && groups.sample(workload, STOP, Column.RUN_S).size() > 1) {
                if (told) {
                    sentences.add(overhead(workload, method));
                }
                taken(workload, method).ifPresent(sentences::add);
                sentences.add(method + "'s downtime is " + ratio(workload, method, Column.DOWNTIME_S) + " of stop's (the paper reports 0.03–0.31), its checkpoint time "
                        + ratio(workload, method, Column.LATENCY_S) + " times stop's (the paper: 1.6–1.9).");
            }
        }
        tables.overheads(workload).stream().filter(overhead -> tables.reported(workload, overhead.method()).size() > 0)
                .forEach(overhead -> sentences.add(agreement(workload, overhead)));
        return sentences;
    }

    /** What sessions saw taken from the guest scatters far less than whole runs do; empty if even that tells nothing. */
    private Optional<String> taken(String workload, String method) {
        return Overhead.ratio(tables.reported(workload, method), tables.reported(workload, STOP))
                .map(part -> "By the sessions, " + method + " takes " + interval(part) + " of what stop takes from the guest. " + verdict(part));
    }

    private static String interval(double[] part) {
        return Numbers.of(part[0]) + " (95 % interval " + Numbers.of(part[0] - part[1]) + " to " + Numbers.of(part[0] + part[1]) + ")";
    }

    private static String verdict(double[] part) {
        return part[0] + part[1] < 1 ? "It is smaller than stop's, as the paper finds." : part[0] - part[1] > 1 ? "It is larger than stop's; the paper finds it smaller."
                : "Whether it is smaller than stop's is not decided.";
    }

    /** Of the same checkpoints, by runs against controls and by what their sessions saw. */
    private String agreement(String workload, Overhead overhead) {
        Sample reported = tables.reported(workload, overhead.method());
        String both = "the sessions report " + Numbers.meanWithInterval(reported) + " s, runs against controls show "
                + Numbers.of(overhead.seconds()) + " ±" + Numbers.of(overhead.halfWidth()) + " s";
        return "Of " + overhead.method() + "'s overhead " + both
                + (overhead.agreesWith(reported) ? "; they agree within both intervals."
                : ": they do NOT agree. The checkpoint costs something "
                + (overhead.seconds() > reported.mean() ? "that its session does not see." : "less than its session says."));
    }

    private Optional<Overhead> overheadOf(String workload, String method) {
        return tables.overheads(workload).stream().filter(overhead -> overhead.method().equals(method)).findFirst();
    }

    private String overhead(String workload, String method) {
        Optional<double[]> part = overheadOf(workload, method).flatMap(own -> overheadOf(workload, STOP).flatMap(own::partOf));
        return part.map(found -> method + "'s overhead is " + interval(found) + " of stop's; the paper reports 0.53–0.95. " + verdict(found))
                .orElse(method + "'s overhead cannot be told with so few runs.");
    }

    private String ratio(String workload, String method, Column column) {
        return Numbers.of(groups.sample(workload, method, column).mean() / groups.sample(workload, STOP, column).mean());
    }

    /** Figures from a busy host deceive. */
    private Optional<String> busy() {
        List<Double> busy = groups.workloads().stream().flatMap(workload -> groups.methods().stream().flatMap(method -> groups.rows(workload, method).stream()))
                .flatMap(row -> row.number(Column.OTHERS_CPUS).stream().boxed()).toList();
        Sample others = Sample.of("others", busy);
        long many = busy.stream().filter(cpus -> cpus > BUSY_CPUS).count();
        return busy.isEmpty() ? Optional.empty() : Optional.of("While cells ran, others kept " + Numbers.of(others.mean()) + " CPUs of the host busy on average, more than " + BUSY_CPUS + " during "
                + many + " of " + busy.size() + " cells" + (many * 10 > busy.size() ? ": THE HOST WAS BUSY, repeat the run on a quiet one." : "."));
    }
}
