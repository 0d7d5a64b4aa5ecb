package tidemark.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ScriptRunnerTest {
    @Test
    void scriptThreadEndsTheProcessWithAMessageWhateverIsThrown() {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = ScriptRunner.codeOf(() -> Path.of("a\0b").getNameCount(), new PrintStream(err, true, StandardCharsets.UTF_8));
        assertEquals(70, code);
        assertTrue(err.toString(StandardCharsets.UTF_8).startsWith("tidemark: the script ends, since the shell failed: java.nio.file.InvalidPathException"));
        assertEquals(3, ScriptRunner.codeOf(() -> 3, System.err));
    }
}
