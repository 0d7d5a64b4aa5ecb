package tidemark.api.shell;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import tidemark.api.shell.Screen.Style;

/** Rows of text in aligned columns; columns of numbers stand at the right. */
public final class Table {
    private static final String GAP = "  ";
    private final List<List<Cell>> rows = new ArrayList<>();
    private final boolean headed;

    private Table(boolean headed) {
        this.headed = headed;
    }

    public static Table withHead(String... head) {
        Table table = new Table(true);
        table.rows.add(Arrays.stream(head).map(text -> new Cell(text, Style.BOLD)).toList());
        return table;
    }

    /** Names at the left, what they are at the right. */
    public static Table ofProperties() {
        return new Table(false);
    }

    /** @param cells texts, {@link Cell}s, or what is shown by its text */
    public Table row(Object... cells) {
        rows.add(IntStream.range(0, cells.length).mapToObj(i -> cells[i] instanceof Cell cell ? cell
                : new Cell(String.valueOf(cells[i]), !headed && i == 0 ? Style.DIM : Style.PLAIN)).toList());
        return this;
    }

    /** The lines, without a line end after the last. */
    public String render(Screen screen) {
        int columns = rows.stream().mapToInt(List::size).max().orElse(0);
        int[] widths = IntStream.range(0, columns).map(this::width).toArray();
        List<String> lines = new ArrayList<>();
        for (List<Cell> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < row.size(); i++) {
                Cell cell = row.get(i);
                String padding = " ".repeat(widths[i] - cell.text.length());
                boolean right = headed && isNumeric(i);
                boolean last = i == row.size() - 1;
                line.append(right ? padding : "").append(screen.paint(cell.style, cell.text)).append(right || last ? "" : padding)
                        .append(last ? "" : GAP);
            }
            lines.add(line.toString().stripTrailing());
        }
        return String.join("\n", lines);
    }

    private int width(int column) {
        return rows.stream().filter(row -> column < row.size()).mapToInt(row -> row.get(column).text.length()).max().orElse(0);
    }

    private boolean isNumeric(int column) {
        List<String> texts = rows.stream().skip(1).filter(row -> column < row.size()).map(row -> row.get(column).text).toList();
        return texts.stream().anyMatch(t -> !t.equals("-")) && texts.stream()
                .allMatch(t -> t.matches("-|[-+]?\\d[\\d.,]*( ?(%|[A-Za-z]{1,3}))?( \\d+ s)?( ±\\d+ %)?( \\?)?"));
    }

    /** A text and how it looks. The text may come from a stranger's file: control characters become '?', and a long text is cut. */
    public record Cell(String text, Style style) {
        private static final int MOST = 4000;

        public Cell {
            text = text.length() > MOST ? text.substring(0, MOST) + "..." : text;
            text = text.replaceAll("[\\p{Cntrl}\\u0080-\\u009F\\u202A-\\u202E\\u2066-\\u2069]", "?");
        }
    }
}
