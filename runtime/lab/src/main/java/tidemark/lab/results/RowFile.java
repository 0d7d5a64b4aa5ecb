package tidemark.lab.results;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import tidemark.files.Audience;
import tidemark.files.NewFile;
import tidemark.report.Json;

/** Rows as files: a cell's as JSON, all of them as CSV. */
public final class RowFile {
    private static final long MAX_BYTES = 1 << 20;

    private RowFile() {}

    /** Writes a cell's row; it is there whole or not at all. */
    public static void publish(Row row, Path file) throws IOException {
        write(file, Json.object(json -> {
            for (Column column : Column.values()) {
                if (!row.get(column).isEmpty()) {
                    json.writeStringField(column.label(), row.get(column));
                }
            }
        }));
    }

    /** Writes a text: the former file or the new one is there, never a part. */
    public static void write(Path file, String text) throws IOException {
        NewFile.replace(file, Audience.EVERYBODY, text);
    }

    /** A cell's row; empty if the file is not there or is none. */
    public static Optional<Row> read(Path file) {
        try {
            if (!Files.exists(file) || Files.size(file) > MAX_BYTES) {
                return Optional.empty();
            }
            Row row = new Row();
            try (JsonParser json = new JsonFactory().createParser(Files.readString(file))) {
                if (json.nextToken() != JsonToken.START_OBJECT) {
                    return Optional.empty();
                }
                while (json.nextToken() == JsonToken.FIELD_NAME) {
                    String label = json.currentName();
                    json.nextToken();
                    String value = json.getValueAsString("");
                    Column.of(label).ifPresent(column -> row.put(column, value));
                }
            }
            return row.get(Column.CELL).isEmpty() || row.get(Column.STATUS).isEmpty() ? Optional.empty() : Optional.of(row);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** All rows, a header first, as RFC 4180 has it. */
    public static String csv(List<Row> rows) {
        List<String> lines = new ArrayList<>();
        lines.add(Arrays.stream(Column.values()).map(Column::label).collect(Collectors.joining(",")));
        rows.forEach(row -> lines.add(Arrays.stream(Column.values()).map(column -> quoted(row.get(column))).collect(Collectors.joining(","))));
        return String.join("\n", lines) + "\n";
    }

    /** What the columns mean, likewise. */
    public static String dictionary() {
        return "column,meaning\n" + Arrays.stream(Column.values()).map(column -> column.label() + "," + quoted(column.meaning()) + "\n").collect(Collectors.joining());
    }

    public static String quoted(String value) {
        return value.matches("(?s).*[,\"\n\r].*") ? "\"" + value.replace("\"", "\"\"") + "\"" : value;
    }
}
