package tidemark.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TerminalModesTest {
    private static String takenBack(String... output) {
        TerminalModes modes = new TerminalModes();
        for (String piece : output) {
            modes.add(piece.getBytes(StandardCharsets.US_ASCII));
        }
        String text = new String(modes.takenBack(), StandardCharsets.US_ASCII);
        String plain = new String(new TerminalModes().takenBack(), StandardCharsets.US_ASCII);
        assertTrue(text.startsWith(plain) && plain.startsWith("\u001b[m"), text);
        return text.substring(plain.length()).replace("\u001b[?", " ").strip();
    }

    @Test
    void whatTheGuestLeftSetIsTakenBack() {
        assertEquals("25h 1049l", takenBack("\u001b[?1049h\u001b[?25lvi"));
        assertEquals("1000l 1006l 2004l", takenBack("\u001b[?1000;1006;2004h"));
    }

    @Test
    void whatTheGuestTookBackItselfIsLeftAlone() {
        assertEquals("", takenBack("\u001b[?1049h\u001b[?25l", "text", "\u001b[?25h\u001b[?1049l"));
        assertEquals("", takenBack("\u001b[?25h\u001b[?7h\u001b[?2004l"));
    }

    @Test
    void sequencesMayComeInPieces() {
        assertEquals("25h", takenBack("\u001b", "[", "?", "2", "5", "l"));
    }

    @Test
    void otherSequencesMeanNothing() {
        assertEquals("", takenBack("\u001b[25l\u001b?25l\u001b[?25n[?25l\u001b[?\u001b[25l\u001b[?999999999999h"));
        assertEquals("25h", takenBack("\u001b[?12\u001b[?25l"));
    }
}
