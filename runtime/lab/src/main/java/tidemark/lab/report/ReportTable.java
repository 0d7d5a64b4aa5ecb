package tidemark.lab.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import tidemark.lab.results.RowFile;
import tidemark.report.HtmlTable;
import tidemark.report.Svg;

/**
 * A table with a number and a title, in every format.
 *
 * @param number as the thesis numbers it, {@code 3.6}, or empty
 * @param note what a reader must know of it; empty for nothing
 */
record ReportTable(String number, String title, String note, List<String> head, List<List<String>> rows) {
    ReportTable {
        head = List.copyOf(head);
        rows = rows.stream().map(List::copyOf).toList();
    }

    static ReportTable of(String number, String title, String note, List<String> head) {
        return new ReportTable(number, title, note, head, List.of());
    }

    ReportTable with(Object... cells) {
        List<List<String>> more = new ArrayList<>(rows);
        more.add(Arrays.stream(cells).map(String::valueOf).toList());
        return new ReportTable(number, title, note, head, more);
    }

    String caption() {
        return number.isEmpty() ? title : "Table " + number + ": " + title;
    }

    /** A name for files. */
    String fileName() {
        String text = number.isEmpty() ? title : "table-" + number + "-" + title;
        return text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9.]+", "-").replaceAll("^-|-$", "");
    }

    String html() {
        HtmlTable table = new HtmlTable(head.toArray(String[]::new));
        rows.forEach(row -> table.row(row.toArray()));
        return table + (note.isEmpty() ? "" : "<p class=\"muted\">" + Svg.escape(note) + "</p>\n");
    }

    String csv() {
        return line(head) + rows.stream().map(ReportTable::line).collect(Collectors.joining());
    }

    private static String line(List<String> cells) {
        return cells.stream().map(RowFile::quoted).collect(Collectors.joining(",")) + "\n";
    }

    String markdown() {
        return "**" + caption() + "**\n\n" + pipes(head) + "|" + head.stream().map(cell -> head.getFirst().equals(cell) ? "---|" : "---:|").collect(Collectors.joining())
                + "\n" + rows.stream().map(ReportTable::pipes).collect(Collectors.joining()) + (note.isEmpty() ? "" : "\n" + note + "\n");
    }

    private static String pipes(List<String> cells) {
        return cells.stream().map(cell -> " " + cell.replace("|", "\\|") + " |").collect(Collectors.joining("", "|", "\n"));
    }

    String latex() {
        return "\\begin{table}\n\\caption{" + escaped(caption()) + "}\n\\begin{tabular}{l" + "r".repeat(head.size() - 1) + "}\n\\hline\n" + ampersands(head) + "\\hline\n"
                + rows.stream().map(ReportTable::ampersands).collect(Collectors.joining()) + "\\hline\n\\end{tabular}\n\\end{table}\n";
    }

    private static String ampersands(List<String> cells) {
        return cells.stream().map(ReportTable::escaped).collect(Collectors.joining(" & ", "", " \\\\\n"));
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\textbackslash{}").replaceAll("([&%$#_{}])", "\\\\$1").replace("±", "$\\pm$").replace("−", "$-$").replace("<", "$<$").replace("²", "$^2$");
    }
}
