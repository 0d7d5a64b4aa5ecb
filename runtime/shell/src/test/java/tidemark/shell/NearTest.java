package tidemark.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearTest {
    @Test
    void slipsAreFoundAndStrangersAreNot() {
        List<String> commands = List.of("vm:create", "vm:start", "vm:stop", "checkpoint:take");
        assertEquals("; did you mean vm:create?", Near.hint("vm:crate", commands));
        assertEquals("; did you mean vm:create?", Near.hint("craete", commands));
        assertEquals("; did you mean checkpoint:take?", Near.hint("checkpoint:taek", commands));
        assertEquals("; did you mean vm:start?", Near.hint("vm:sta", commands));
        assertEquals(".", Near.hint("zebra", commands));
    }
}
