package tidemark.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import tidemark.api.shell.CommandError;

class QuestionTest {
    @Test
    void withoutATerminalToAskAtNothingIsDone() {
        CommandError error = assertThrows(CommandError.class, () -> Question.require(new Fakes.FakeSession(Path.of("/")).session(), "m1 would be lost",
                "write felix:refresh --yes"));
        assertEquals("m1 would be lost; write felix:refresh --yes", error.getMessage());
    }
}
