package tidemark.lab.report;

import java.util.ArrayList;
import java.util.List;
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

    List<String> all() {
        List<String> sentences = new ArrayList<>();
        for (String workload : groups.workloads()) {
            for (String method : groups.checkpointMethods()) {
                if (!method.equals(STOP) && groups.sample(workload, method, Column.RUN_S).size() > 1 && groups.sample(workload, STOP, Column.RUN_S).size() > 1) {
                    sentences.add(overhead(workload, method));
                    sentences.add(workload + ": " + method + "'s downtime is " + ratio(workload, method, Column.DOWNTIME_S) + " of stop's (the paper reports 0.03–0.31), its checkpoint time "
                            + ratio(workload, method, Column.LATENCY_S) + " times stop's (the paper: 1.6–1.9).");
                }
            }
        }
        groups.workloads().forEach(workload -> tables.overheads(workload).stream()
                .filter(overhead -> tables.reported(workload, overhead.method()).size() > 0)
                .forEach(overhead -> sentences.add(agreement(workload, overhead))));
        busy().ifPresent(sentences::add);
        return sentences;
    }

    /** Of the same checkpoints, by runs against controls and by what their sessions saw. */
    private String agreement(String workload, Overhead overhead) {
        Sample reported = tables.reported(workload, overhead.method());
        String both = "the sessions report " + Numbers.meanWithInterval(reported) + " s, runs against controls show "
                + Numbers.of(overhead.seconds()) + " ±" + Numbers.of(overhead.halfWidth()) + " s";
        return workload + ": of " + overhead.method() + "'s overhead " + both
                + (overhead.agreesWith(reported) ? "; they agree within both intervals."
                : ": they do NOT agree. The checkpoint costs something "
                + (overhead.seconds() > reported.mean() ? "that its session does not see." : "less than its session says."));
    }

    private String overhead(String workload, String method) {
        List<Overhead> all = tables.overheads(workload);
        Optional<Overhead> stop = all.stream().filter(overhead -> overhead.method().equals(STOP)).findFirst();
        Optional<Overhead> own = all.stream().filter(overhead -> overhead.method().equals(method)).findFirst();
        Optional<double[]> part = own.flatMap(overhead -> stop.flatMap(overhead::partOf));
        if (part.isEmpty()) {
            return workload + ": stop's overhead cannot be told from nothing with so many repetitions, so neither can " + method + "'s part of it.";
        }
        double low = part.get()[0] - part.get()[1];
        double high = part.get()[0] + part.get()[1];
        String verdict = high < 1 ? "It is smaller than stop's, as the paper finds." : low > 1 ? "It is larger than stop's; the paper finds it smaller." : "Whether it is smaller than stop's is not decided.";
        return workload + ": " + method + "'s overhead is " + Numbers.of(part.get()[0]) + " of stop's (95 % interval " + Numbers.of(low) + " to " + Numbers.of(high)
                + "); the paper reports 0.53–0.95. " + verdict;
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
