package tidemark.api.shell;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import tidemark.api.shell.Screen.Style;

/** Rows of text in aligned columns; columns of numbers stand at the right. */
public final class Table {
    private static final String GAP = "  ";
    private static final int LEAST_TEXT = 12;
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

    /** The lines, without a line end after the last. Where the screen is too narrow texts are broken, or each row becomes a table of its own. */
    public String render(Screen screen) {
        int[] widths = IntStream.range(0, columns()).map(this::width).toArray();
        if (fit(widths, screen.width())) {
            return String.join("\n", rows.stream().flatMap(row -> lines(row, widths, screen).stream()).toList());
        }
        return String.join("\n\n", rows.stream().skip(1).map(row -> upright(row).render(screen)).toList());
    }

    private int columns() {
        return rows.stream().mapToInt(List::size).max().orElse(0);
    }

    /** Makes the widest texts narrower until all fit. @return false if they cannot */
    private boolean fit(int[] widths, int available) {
        int[] least = IntStream.range(0, widths.length).map(i -> least(i, widths[i])).toArray();
        while (Arrays.stream(widths).sum() + GAP.length() * (widths.length - 1) > available) {
            int widest = IntStream.range(0, widths.length).filter(i -> widths[i] > least[i]).boxed().max(Comparator.comparingInt(i -> widths[i])).orElse(-1);
            if (widest < 0) {
                return !headed;
            }
            widths[widest]--;
        }
        return true;
    }

    /** How narrow a column may become: numbers and names of properties are not broken. */
    private int least(int column, int width) {
        boolean whole = headed ? isNumeric(column) : column == 0;
        int head = headed ? rows.getFirst().get(column).text.length() : 0;
        return whole ? width : Math.min(width, Math.max(head, LEAST_TEXT));
    }

    private Table upright(List<Cell> row) {
        Table table = ofProperties();
        IntStream.range(0, row.size()).forEach(i -> table.row(new Cell(rows.getFirst().get(i).text, Style.DIM), row.get(i)));
        return table;
    }

    private List<String> lines(List<Cell> row, int[] widths, Screen screen) {
        List<List<String>> texts = IntStream.range(0, row.size()).mapToObj(i -> Wrapped.lines(row.get(i).text, Math.max(1, widths[i]))).toList();
        int height = texts.stream().mapToInt(List::size).max().orElse(1);
        return IntStream.range(0, height).mapToObj(n -> line(row, texts, n, widths, screen)).toList();
    }

    private String line(List<Cell> row, List<List<String>> texts, int number, int[] widths, Screen screen) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < row.size(); i++) {
            String text = number < texts.get(i).size() ? texts.get(i).get(number) : "";
            String padding = " ".repeat(widths[i] - text.length());
            boolean right = headed && isNumeric(i);
            boolean last = i == row.size() - 1;
            line.append(right ? padding : "").append(screen.paint(row.get(i).style, text)).append(right || last ? "" : padding).append(last ? "" : GAP);
        }
        return line.toString().stripTrailing();
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
