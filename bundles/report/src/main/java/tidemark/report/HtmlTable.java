package tidemark.report;

/** A table of a page. Its first column holds words, the others numbers. */
public final class HtmlTable {
    private final StringBuilder html = new StringBuilder("<table>\n<tr>");

    public HtmlTable(String... head) {
        for (String name : head) {
            html.append("<th>").append(Svg.escape(name)).append("</th>");
        }
        html.append("</tr>\n");
    }

    public HtmlTable row(Object... cells) {
        html.append("<tr>");
        for (Object cell : cells) {
            html.append(switch (cell) {
                case Judged judged -> judged.html();
                case Words words -> "<td class=\"words\">" + Svg.escape(words.text) + "</td>";
                default -> "<td>" + Svg.escape(cell.toString()) + "</td>";
            });
        }
        html.append("</tr>\n");
        return this;
    }

    /** The HTML. */
    @Override
    public String toString() {
        return html + "</table>\n";
    }

    /** A cell of words, in as many lines as they need. */
    public record Words(String text) {}

    /** A cell that shows whether it is good. */
    public record Judged(boolean good, String text) {
        private String html() {
            return "<td class=\"" + (good ? "good" : "bad") + "\">" + Svg.escape(text) + "</td>";
        }
    }
}
