package tidemark.shell;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Tells the echo of what was sent to a console from the answer to it. The guest's terminal driver echoes what arrives; a shell that edits lines
 * echoes once more what was typed ahead of its prompt. So the echo of a line that was sent is its first appearance, and every later one that stands behind
 * something, a prompt, and ends its line. While the output ends in the midst of what could be an echo, that counts as one.
 */
final class Echo {
    private final List<Line> lines = new ArrayList<>();

    Echo(byte[] sent) {
        for (String part : new String(sent, StandardCharsets.UTF_8).split("(?<=\\p{Cntrl})")) {
            String printable = part.replaceFirst("\\p{Cntrl}$", "");
            if (!printable.isEmpty()) {
                lines.add(new Line(printable, part.matches("(?s).*[\r\n]")));
            }
        }
    }

    /**
     * Where the echo is.
     *
     * @param output {@linkplain PlainText plain}
     * @param complete whether it begins at the sending
     */
    List<Span> in(CharSequence output, boolean complete) {
        List<Span> spans = new ArrayList<>();
        int begin = 0;
        for (Line line : lines) {
            boolean first = complete;
            for (int at = begin; at < output.length(); at++) {
                int end = first || behindSomething(output, at) ? line.end(output, at, first) : -1;
                if (end >= 0) {
                    spans.add(new Span(at, end));
                    begin = first ? end : begin;
                    first = false;
                    at = end;
                }
            }
        }
        return spans;
    }

    private static boolean behindSomething(CharSequence output, int at) {
        return at > 0 && !isLineEnd(output.charAt(at - 1));
    }

    private static boolean isLineEnd(char c) {
        return c == '\n' || c == '\r';
    }

    /** @param to exclusive */
    record Span(int from, int to) {
        boolean covers(int start, int end) {
            return from <= start && end <= to;
        }
    }

    /**
     * A run of printable characters that was sent.
     *
     * @param ended whether a line end was sent after it
     */
    private record Line(String text, boolean ended) {
        /**
         * Where its echo ends that begins at {@code at}; -1 if there is none. Where a line is full, a shell's editor moves to the next by a line end, or by
         * a blank or the next character that it takes back.
         */
        int end(CharSequence output, int at, boolean first) {
            int i = at;
            int k = 0;
            while (k < text.length() && i < output.length()) {
                char c = output.charAt(i);
                boolean takenBack = i + 1 < output.length() && (output.charAt(i + 1) == '\b' || c == ' ' && output.charAt(i + 1) == '\r');
                if (takenBack && k > 0) {
                    i += 2;
                } else if (c == text.charAt(k)) {
                    i++;
                    k++;
                } else if (isLineEnd(c) && k > 0) {
                    i++;
                } else {
                    return -1;
                }
            }
            boolean arriving = i == output.length();
            boolean complete = !arriving && (isLineEnd(output.charAt(i)) || first && !ended);
            return complete || arriving && (first || !isLineEnd(output.charAt(i - 1))) ? i : -1;
        }
    }
}
