package tidemark.lab.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tidemark.lab.provenance.Parts;
import tidemark.lab.results.Column;
import tidemark.lab.results.Row;
import tidemark.lab.results.RowFile;
import tidemark.report.HtmlTable;
import tidemark.report.Svg;

/** What the figures of a run are from: a table of its platforms and hosts, and each platform's parts. */
final class ProvenanceSection {
    private static final List<Column> COLUMNS = List.of(Column.PLATFORM_COMMIT, Column.HOST, Column.PROCESSOR, Column.HOST_CPUS, Column.OS,
            Column.JVM, Column.SEED, Column.PARTS_SHA256);
    private static final int SHORT = 12;

    private final Map<List<String>, List<Row>> origins;
    private final Map<String, Parts> parts = new LinkedHashMap<>();

    /** @param folder where the cells kept their parts */
    ProvenanceSection(List<Row> rows, Path folder) throws IOException {
        origins = rows.stream().filter(row -> !row.get(Column.PARTS_SHA256).isEmpty())
                .collect(Collectors.groupingBy(row -> COLUMNS.stream().map(row::get).toList(), LinkedHashMap::new, Collectors.toList()));
        for (Row row : rows) {
            String digest = row.get(Column.PARTS_SHA256);
            if (!digest.isEmpty() && !parts.containsKey(digest)) {
                parts.put(digest, Parts.read(folder, digest));
            }
        }
    }

    /** Each part of each platform: the companion of {@code results.csv}. */
    String csv() {
        return "parts_sha256,bundle,version,sha256\n" + parts.entrySet().stream().flatMap(platform -> platform.getValue().all().stream()
                .map(part -> String.join(",", platform.getKey(), RowFile.quoted(part.bundle()), RowFile.quoted(part.version()),
                part.sha256()) + "\n")).collect(Collectors.joining());
    }

    String html() {
        if (origins.isEmpty()) {
            return "<p class=\"muted\">The rows do not say what they are from.</p>\n";
        }
        HtmlTable table = new HtmlTable("commit", "host", "processor", "CPUs", "system", "Java", "seed", "parts", "cells",
                "CPUs others kept busy");
        origins.forEach((origin, rows) -> {
            Object[] cells = new Object[COLUMNS.size() + 2];
            for (int i = 0; i < COLUMNS.size(); i++) {
                cells[i] = COLUMNS.get(i) == Column.PARTS_SHA256 || COLUMNS.get(i) == Column.PLATFORM_COMMIT ? shortened(origin.get(i))
                        : origin.get(i);
            }
            cells[COLUMNS.size()] = rows.size();
            cells[COLUMNS.size() + 1] = Numbers.of(rows.stream().flatMapToDouble(row -> row.number(Column.OTHERS_CPUS).stream()).average()
                    .orElse(Double.NaN));
            table.row(cells);
        });
        return (origins.size() > 1 ? "<p class=\"bad\">The cells do not all come from one platform on one host.</p>\n" : "") + table
                + parts.entrySet().stream().map(platform -> details(platform.getKey(), platform.getValue())).collect(Collectors.joining());
    }

    private static String details(String digest, Parts parts) {
        HtmlTable table = new HtmlTable("bundle", "version", "SHA-256 of its file");
        parts.all().forEach(part -> table.row(part.bundle(), part.version(), part.sha256()));
        return "<details><summary>" + Svg.escape(parts.all().size() + " parts, " + digest) + "</summary>\n" + table + "</details>\n";
    }

    /** The start of a digest; what follows it, as {@code -dirty}, stays. */
    static String shortened(String digest) {
        return digest.replaceFirst("^([0-9a-f]{" + SHORT + "})[0-9a-f]{20,}", "$1");
    }
}
