package tidemark.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class PlainTextTest {
    private static final String OUTPUT = "\u001b]0;title\u0007\u001b[1;32mgreen\u001b[0m ü"
            + "\u001b[6n\u001b(B\u001b[?25l\u0007\u001bM\u001b]8;;x\u001b\\ link\r\nnext\ta\b\u007f\r";

    @Test
    void escapeSequencesAreLeftOutAndLineEndsAreOne() {
        assertEquals("green ü link\nnext\ta\b\r", PlainText.of(OUTPUT, false));
    }

    @Test
    void coloursStayIfTheyShall() {
        assertEquals("\u001b[1;32mgreen\u001b[0m ü link\nnext\ta\b\r", PlainText.of(OUTPUT, true));
    }

    @Test
    void piecesMakeTheSameAsTheWhole() {
        byte[] bytes = OUTPUT.getBytes(StandardCharsets.UTF_8);
        for (int size = 1; size < 8; size++) {
            PlainText plain = new PlainText(true);
            for (int from = 0; from < bytes.length; from += size) {
                plain.add(Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + size)));
            }
            assertEquals(PlainText.of(OUTPUT, true), plain.text().toString(), "pieces of " + size);
        }
    }

    @Test
    void bytesThatAreNoTextAndSequencesWithoutEndDoNotSwallowTheRest() {
        PlainText plain = new PlainText(true);
        plain.add(new byte[] {'a', (byte) 0xFF, 'b', (byte) 0xC3, 'c', (byte) 0xE2, (byte) 0x82});
        plain.add("d\u001b[".getBytes(StandardCharsets.US_ASCII));
        plain.add("1;".repeat(50).getBytes(StandardCharsets.US_ASCII));
        plain.add("mrest".getBytes(StandardCharsets.US_ASCII));
        String text = plain.take();
        assertEquals("a\uFFFDb\uFFFDc\uFFFDd", text.substring(0, 7));
        assertEquals("mrest", text.substring(text.length() - 5));
        assertEquals("", plain.take());
    }
}
