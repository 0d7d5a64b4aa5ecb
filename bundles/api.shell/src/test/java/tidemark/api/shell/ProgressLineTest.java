package tidemark.api.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ProgressLineTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    private String written() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void theLineFitsTheTerminalAndIsTakenAway() {
        try (ProgressLine line = new ProgressLine(new Screen(out, true, true, () -> 40), "cg thread")) {
            line.show("round 2  1,234 pages left  5,120 dirtied/s");
        }
        String text = written();
        assertTrue(text.startsWith("\rcg thread  round 2  1,234 pages left  5\u001b[K"), text);
        assertTrue(text.endsWith("\r\u001b[K"), text);
    }

    @Test
    void nothingIsWrittenWhereALineCannotBeRewritten() {
        try (ProgressLine line = new ProgressLine(Screen.plain(out), "cg thread")) {
            line.show("round 2");
        }
        assertEquals("", written());
    }
}
