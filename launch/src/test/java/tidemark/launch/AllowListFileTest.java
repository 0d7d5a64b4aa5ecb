package tidemark.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AllowListFileTest {
    private static final String A = "a".repeat(64);
    private static final String B = "0123456789abcdef".repeat(4);

    @Test
    void linesOfSha256sumAndCommentsAreRead() {
        assertEquals(Set.of(A, B), AllowListFile.digests(List.of("# mine", "", A + "  plug in.jar", "  ", B.toUpperCase(java.util.Locale.ROOT) + " *b.jar",
                "\\" + A + "  odd\\nname.jar", B)));
    }

    @Test
    void aWrongLineIsNamed() {
        for (String wrong : List.of(A.substring(1), A + "0", A + " a.jar", "a.jar", A.replace('a', 'g') + "  a.jar")) {
            String message = assertThrows(IllegalArgumentException.class, () -> AllowListFile.digests(List.of("# mine", A + "  a.jar", wrong))).getMessage();
            assertEquals("line 3: '" + wrong + "' is no line of sha256sum: write 64 hexadecimal digits, two spaces and a name", message);
        }
    }
}
