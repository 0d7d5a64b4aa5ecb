package tidemark.report;

import java.util.Locale;

/**
 * A picture as SVG text, to stand in a page or alone. Its classes for all pictures: {@code title}, {@code muted} (texts), {@code grid} (lines); colours follow the
 * reader's light or dark scheme.
 */
public final class Svg {
    private static final String STYLE = Resource.text(Svg.class, "svg.css");
    /** Width of a character of the pictures' font, on average and at most so far as texts are placed by it. */
    public static final double CHARACTER = 6.1;

    private final StringBuilder text = new StringBuilder();

    /** @param style CSS for the classes of this picture */
    public Svg(int width, int height, String title, String style) {
        add("<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"picture\" viewBox=\"0 0 %d %d\" width=\"100%%\" role=\"img\">", width, height);
        add("<title>%s</title>", escape(title));
        text.append("<style>").append(STYLE).append(style).append("</style>\n");
    }

    /** A line of SVG; numbers are formatted as in English. */
    public Svg add(String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append('\n');
        return this;
    }

    /** The document. */
    public String end() {
        return text + "</svg>\n";
    }

    /** Text for XML and HTML. */
    public static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }

    /** A number on an axis. */
    public static String number(double value) {
        return value == Math.rint(value) ? String.format(Locale.ROOT, "%,d", (long) value) : String.format(Locale.ROOT, "%.1f", value);
    }
}
