package tidemark.shell;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;

/** Which private modes of a terminal a guest's output has changed, so that they can be taken back: alternate screen, hidden cursor, mouse, pasting. */
final class TerminalModes {
    private static final Set<Integer> SET_AT_FIRST = Set.of(7, 25);
    private static final int MOST_DIGITS = 5;
    /** Plain characters, replace mode, numeric keypad, ASCII, the whole screen scrolls; the cursor stays. */
    private static final String PLAIN = "\u001b[m\u001b[4l\u001b>\u001b(B\u000f\u001b7\u001b[r\u001b8";

    private final Set<Integer> changed = new TreeSet<>();
    private final Set<Integer> named = new TreeSet<>();
    private final StringBuilder digits = new StringBuilder();
    /** How much of ESC [ ? was seen. */
    private int begun;

    void add(byte[] output) {
        for (byte value : output) {
            add((char) (value & 0xFF));
        }
    }

    private void add(char c) {
        if (begun < 3) {
            begun = c == "\u001b[?".charAt(begun) ? begun + 1 : c == '\u001b' ? 1 : 0;
        } else if (c >= '0' && c <= '9' && digits.length() < MOST_DIGITS) {
            digits.append(c);
        } else {
            name();
            if (c != ';') {
                end(c);
            }
        }
    }

    private void name() {
        if (!digits.isEmpty()) {
            named.add(Integer.valueOf(digits.toString()));
            digits.setLength(0);
        }
    }

    private void end(char c) {
        for (int mode : named) {
            if (c == 'h' || c == 'l') {
                boolean changes = (c == 'h') != SET_AT_FIRST.contains(mode);
                changed.remove(mode);
                if (changes) {
                    changed.add(mode);
                }
            }
        }
        named.clear();
        begun = c == '\u001b' ? 1 : 0;
    }

    /** What brings the terminal back to how it was. */
    byte[] takenBack() {
        StringBuilder text = new StringBuilder(PLAIN);
        changed.forEach(mode -> text.append("\u001b[?").append(mode).append(SET_AT_FIRST.contains(mode) ? 'h' : 'l'));
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }
}
