package tidemark.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class CompletionTest {
    private static String expected(String command, String word, String... before) {
        Command found = HelpTest.all().stream().filter(c -> c.toString().equals(command)).findFirst().orElseThrow();
        return Completion.expected(found, List.of(before), word);
    }

    @Test
    void argumentsAreExpectedInTheirOrder() {
        assertEquals("MACHINE", expected("checkpoint:take", ""));
        assertEquals("MACHINE", expected("checkpoint:take", "", "--oracle", "-p", "live"));
        assertEquals("OPTION", expected("checkpoint:take", "", "cg"));
        assertEquals("FILE", expected("part:update", "", "protocol.mine"));
        assertEquals("KIND", expected("part:list", ""));
        assertEquals("COMMAND", expected("shell:help", ""));
    }

    @Test
    void valuesAreExpectedAfterTheirOptions() {
        assertEquals("PROTOCOL", expected("checkpoint:take", "", "cg", "-p"));
        assertEquals("TRACKER", expected("checkpoint:take", "wr", "cg", "--tracker"));
        assertEquals("GUEST", expected("vm:create", "", "a", "--guest"));
        assertEquals("KEY=VALUE", expected("checkpoint:take", "", "cg", "-o"));
    }

    @Test
    void optionsAreExpectedAfterADash() {
        assertEquals("OPTION", expected("checkpoint:take", "--", "cg"));
        assertEquals("OPTION", expected("vm:pause", "-"));
    }
}
