package tidemark.shell.why;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Why something is as it is, with the causes behind that.
 *
 * @param wayOut what to type or do about it; empty if those behind it say so, or there is nothing to mend
 */
record Cause(String text, String wayOut, List<Cause> behind) {
    private static final String INDENT = "  ";
    static final String WAY_OUT = "Way out: ";

    static Cause fact(String text) {
        return new Cause(text, "", List.of());
    }

    static Cause last(String text, String wayOut) {
        return new Cause(text, wayOut, List.of());
    }

    static Cause because(String text, List<Cause> behind) {
        return new Cause(text, "", behind);
    }

    /** A line each, those behind a cause indented; then the ways out, the nearest first. */
    static String render(List<Cause> causes) {
        List<String> lines = new ArrayList<>();
        Set<String> ways = new LinkedHashSet<>();
        causes.forEach(cause -> cause.collect("", lines, ways));
        if (!ways.isEmpty()) {
            lines.add(WAY_OUT + String.join("; ", ways));
        }
        return String.join("\n", lines);
    }

    private void collect(String indent, List<String> lines, Set<String> ways) {
        lines.add(indent + text);
        behind.forEach(cause -> cause.collect(indent + INDENT, lines, ways));
        if (!wayOut.isEmpty()) {
            ways.add(wayOut);
        }
    }
}
