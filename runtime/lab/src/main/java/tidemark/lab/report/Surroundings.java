package tidemark.lab.report;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import tidemark.lab.provenance.Parts;
import tidemark.lab.results.Column;
import tidemark.lab.results.Row;
import tidemark.lab.run.RunFolder;

/** In what the platforms and hosts of two runs differ. */
final class Surroundings {
    private static final double BUSY_CPUS = 0.25;
    private static final Map<Column, String> COLUMNS = new LinkedHashMap<>();

    static {
        COLUMNS.put(Column.PLATFORM_COMMIT, "The commits");
        COLUMNS.put(Column.HOST, "The hosts");
        COLUMNS.put(Column.PROCESSOR, "The processors");
        COLUMNS.put(Column.HOST_CPUS, "The numbers of processors");
        COLUMNS.put(Column.OS, "The systems");
        COLUMNS.put(Column.JVM, "The JVMs");
        COLUMNS.put(Column.SEED, "The seeds");
    }

    private final RunFolder first;
    private final List<Row> before;
    private final RunFolder second;
    private final List<Row> after;

    Surroundings(RunFolder first, List<Row> before, RunFolder second, List<Row> after) {
        this.first = first;
        this.before = before;
        this.second = second;
        this.after = after;
    }

    /** A sentence for each; none if nothing differs. */
    List<String> differences() throws IOException {
        List<String> sentences = new ArrayList<>();
        COLUMNS.forEach((column, name) -> {
            Set<String> was = values(before, column);
            Set<String> is = values(after, column);
            if (!was.equals(is)) {
                sentences.add(name + " differ: " + listed(was) + "; then " + listed(is) + ".");
            }
        });
        parts(sentences);
        busy(first, before, sentences);
        busy(second, after, sentences);
        return sentences;
    }

    private static Set<String> values(List<Row> rows, Column column) {
        return rows.stream().map(row -> row.get(column)).filter(value -> !value.isEmpty()).collect(Collectors.toCollection(TreeSet::new));
    }

    private static String listed(Set<String> values) {
        return values.isEmpty() ? "not recorded" : values.stream().map(ProvenanceSection::shortened).collect(Collectors.joining(" and "));
    }

    private void parts(List<String> sentences) throws IOException {
        Parts was = parts(first, before);
        Parts is = parts(second, after);
        Set<String> names = new TreeSet<>();
        was.without(is).forEach(part -> names.add(part.bundle()));
        is.without(was).forEach(part -> names.add(part.bundle()));
        if (!names.isEmpty()) {
            sentences.add("The parts differ: "
                    + (was.all().isEmpty() || is.all().isEmpty() ? "one run does not have its own recorded" : String.join(", ", names))
                    + ".");
        }
    }

    private static Parts parts(RunFolder run, List<Row> rows) throws IOException {
        List<Parts.Part> all = new ArrayList<>();
        for (String digest : values(rows, Column.PARTS_SHA256)) {
            all.addAll(Parts.read(run.parts(), digest).all());
        }
        return new Parts(all.stream().distinct().toList());
    }

    private static void busy(RunFolder run, List<Row> rows, List<String> sentences) {
        long busy = rows.stream().filter(row -> row.counts() && row.number(Column.OTHERS_CPUS).orElse(0) > BUSY_CPUS).count();
        if (busy > 0) {
            sentences.add("During " + busy + " cells of " + run.path() + " others kept more than " + BUSY_CPUS + " CPUs busy.");
        }
    }
}
