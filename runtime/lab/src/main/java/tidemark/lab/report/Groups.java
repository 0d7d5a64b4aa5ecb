package tidemark.lab.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import tidemark.lab.experiment.Cell;
import tidemark.lab.results.Column;
import tidemark.lab.results.Row;
import tidemark.lab.statistics.Sample;

/** The rows that count, by what was computed and how it was saved. A setting that an experiment varies is part of the name. */
final class Groups {
    private static final List<Column> OF_MACHINE = List.of(Column.CPU, Column.RAM_MIB, Column.HARTS);
    private static final List<Column> OF_CHECKPOINT = List.of(Column.PROTOCOL, Column.TRACKER, Column.COPIER, Column.LAYOUT, Column.STOP);
    private final Map<String, Map<String, List<Row>>> rows = new LinkedHashMap<>();
    /** In the experiment's order, whichever rows there are. */
    private final Map<String, Integer> methods = new LinkedHashMap<>();

    /** @param workloads and {@code methods} give the order; a method's protocol names it already */
    Groups(List<Row> all, List<String> workloads, List<String> methods) {
        List<Row> counting = all.stream().filter(Row::counts).toList();
        for (String workload : workloads) {
            for (String method : orderOf(methods)) {
                for (Row row : counting) {
                    if (row.get(Column.WORKLOAD).equals(workload) && row.get(Column.METHOD).equals(method)) {
                        add(row, counting, orderOf(methods).indexOf(method));
                    }
                }
            }
        }
    }

    private static List<String> orderOf(List<String> methods) {
        List<String> order = new ArrayList<>(List.of(Cell.CONTROL));
        order.addAll(methods);
        return order;
    }

    private void add(Row row, List<Row> all, int order) {
        String workload = row.get(Column.WORKLOAD) + varied(row, OF_MACHINE, all, other -> other.get(Column.WORKLOAD).equals(row.get(Column.WORKLOAD)));
        String method = row.get(Column.METHOD) + varied(row, OF_CHECKPOINT, all, other -> other.get(Column.METHOD).equals(row.get(Column.METHOD)));
        methods.put(method, order);
        rows.computeIfAbsent(workload, key -> new LinkedHashMap<>()).computeIfAbsent(method, key -> new ArrayList<>()).add(row);
    }

    private static String varied(Row row, List<Column> columns, List<Row> all, Predicate<Row> like) {
        StringBuilder name = new StringBuilder();
        for (Column column : columns) {
            if (all.stream().filter(like).map(other -> other.get(column)).distinct().count() > 1) {
                name.append(' ').append(row.get(column)).append(column == Column.RAM_MIB ? " MiB" : column == Column.HARTS ? " harts" : "");
            }
        }
        return name.toString();
    }

    List<String> workloads() {
        return List.copyOf(rows.keySet());
    }

    /** Of all workloads, the control first. */
    List<String> methods() {
        return methods.entrySet().stream().sorted(Map.Entry.comparingByValue()).map(Map.Entry::getKey).toList();
    }

    List<String> checkpointMethods() {
        return methods().stream().filter(method -> !method.equals(Cell.CONTROL)).toList();
    }

    List<Row> rows(String workload, String method) {
        return rows.getOrDefault(workload, Map.of()).getOrDefault(method, List.of());
    }

    /** The values of a column; rows that have none are left out. */
    Sample sample(String workload, String method, Column column) {
        return Sample.of(method, rows(workload, method).stream().flatMap(row -> row.number(column).stream().boxed()).toList());
    }

    /** Of several methods, those that have at least two values. */
    List<Sample> samples(String workload, List<String> of, Column column) {
        return of.stream().map(method -> sample(workload, method, column)).filter(sample -> sample.size() > 1).toList();
    }

    /** {@code CG} of {@code CG.A}: what the thesis's tables are named for. */
    static String benchmark(String workload) {
        return workload.split("[. ]")[0].toUpperCase(Locale.ROOT);
    }
}
