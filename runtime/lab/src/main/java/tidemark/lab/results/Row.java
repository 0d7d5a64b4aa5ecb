package tidemark.lab.results;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import tidemark.lab.experiment.Cell;

/** One cell's results. Not thread-safe. */
public final class Row {
    public static final String DONE = "done";
    public static final String FAILED = "failed";
    private final Map<Column, String> values = new EnumMap<>(Column.class);

    /** With what the plan says of a cell. */
    public static Row of(Cell cell, int attempt) {
        Row row = new Row().put(Column.CELL, cell.number()).put(Column.BLOCK, cell.block()).put(Column.ATTEMPT, attempt).put(Column.WORKLOAD, cell.workload())
                .put(Column.METHOD, cell.method());
        Map.of("protocol", Column.PROTOCOL, "tracker", Column.TRACKER, "copier", Column.COPIER, "layout", Column.LAYOUT, "stop", Column.STOP)
                .forEach((key, column) -> row.put(column, cell.checkpoint().getOrDefault(key, "")));
        return row;
    }

    /** A cell that has no result. */
    public static Row failed(Cell cell, int attempt, String reason) {
        return of(cell, attempt).put(Column.STATUS, FAILED).put(Column.REASON, reason);
    }

    public Row put(Column column, Object value) {
        String text = value instanceof Double number ? String.format(Locale.ROOT, "%.9g", number) : value.toString();
        if (!text.isEmpty()) {
            values.put(column, text.replaceAll("\\s+", " ").strip());
        }
        return this;
    }

    /** Empty if it has none. */
    public String get(Column column) {
        return values.getOrDefault(column, "");
    }

    /** @throws NumberFormatException if it is no number */
    public OptionalDouble number(Column column) {
        return values.containsKey(column) ? OptionalDouble.of(Double.parseDouble(values.get(column))) : OptionalDouble.empty();
    }

    public int cell() {
        return Integer.parseInt(get(Column.CELL));
    }

    public boolean isDone() {
        return get(Column.STATUS).equals(DONE);
    }

    /** Whether it counts: a repetition that came to its end. */
    public boolean counts() {
        return isDone() && !get(Column.BLOCK).equals(Integer.toString(Cell.PILOT_BLOCK));
    }
}
