package tidemark.shell;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import tidemark.api.shell.CommandError;

class EscapesTest {
    @Test
    void everyEscapeIsItsByteAndTheRestIsUtf8() throws CommandError {
        assertArrayEquals("ü\n\r\t\u001b\\n".getBytes(StandardCharsets.UTF_8), Escapes.bytes("ü\\n\\r\\t\\e\\\\n"));
        assertArrayEquals(new byte[] {3, (byte) 0xC3, (byte) 0xff, '0'}, Escapes.bytes("\\x03\\xC3\\xff0"));
        assertArrayEquals("two\nlines".getBytes(StandardCharsets.UTF_8), Escapes.bytes("two\nlines"));
        assertEquals(0, Escapes.bytes("").length);
    }

    @Test
    void whatIsNoEscapeIsRefusedWithThoseThereAre() {
        for (String wrong : List.of("a\\q", "a\\", "\\x1", "\\xg0", "\\x")) {
            String refusal = assertThrows(CommandError.class, () -> Escapes.bytes(wrong)).getMessage();
            assertEquals("--send '" + wrong + "': '" + wrong.replaceFirst("^a", "").replaceFirst("(?<=x).*", "")
                    + "' is no escape; there are \\n \\r \\t \\e \\xNN, and \\\\ for a backslash", refusal);
        }
    }
}
