package tidemark.api.shell;

import java.util.ArrayList;
import java.util.List;

/** Text in lines that are no longer than a width. */
public final class Wrapped {
    private Wrapped() {}

    /** Breaks at blanks; a word that is longer than a line is cut. At least one line. */
    public static List<String> lines(String text, int width) {
        List<String> lines = new ArrayList<>();
        String rest = text;
        while (rest.length() > width) {
            int blank = rest.lastIndexOf(' ', width);
            boolean between = blank > 0 && !rest.substring(0, blank).isBlank();
            lines.add(rest.substring(0, between ? blank : width).stripTrailing());
            rest = rest.substring(between ? blank : width).stripLeading();
        }
        if (lines.isEmpty() || !rest.isEmpty()) {
            lines.add(rest);
        }
        return lines;
    }

    /** The lines of a text, each broken; what a broken line goes on with is indented. */
    public static String paragraphs(String text, int width, int indent) {
        List<String> lines = new ArrayList<>();
        for (String line : text.lines().toList()) {
            List<String> broken = lines(line, width);
            lines.add(broken.getFirst());
            if (broken.size() > 1) {
                String rest = line.substring(line.indexOf(broken.getFirst()) + broken.getFirst().length()).stripLeading();
                lines(rest, Math.max(1, width - indent)).forEach(each -> lines.add(" ".repeat(indent) + each));
            }
        }
        return String.join("\n", lines);
    }
}
