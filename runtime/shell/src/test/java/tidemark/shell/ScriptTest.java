package tidemark.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.felix.gogo.runtime.CommandProcessorImpl;
import org.apache.felix.gogo.runtime.threadio.ThreadIOImpl;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tidemark.api.checkpoint.CheckpointException;
import tidemark.api.shell.CommandError;

class ScriptTest {
    private final ThreadIOImpl streams = new ThreadIOImpl();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final List<String> said = new ArrayList<>();
    private CommandProcessorImpl processor;

    @BeforeEach
    void start() {
        streams.start();
        processor = new CommandProcessorImpl(streams);
        processor.addConverter(new Formats());
        add("vm", "say", (session, arguments) -> {
            said.add(String.join(" ", arguments.stream().map(String::valueOf).toList()));
            return said.getLast();
        });
        add("checkpoint", "take", (session, arguments) -> {
            throw new CheckpointException("There is no protocol 'thred'\n  deployed are live, stop, thread");
        });
        add("part", "list", (session, arguments) -> List.of());
    }

    private void add(String scope, String name, Function function) {
        processor.addCommand(scope, function, name);
    }

    @AfterEach
    void stop() {
        processor.stop();
        streams.stop();
    }

    private int run(String text, boolean trace) {
        PrintStream o = new PrintStream(out, true, StandardCharsets.UTF_8);
        PrintStream e = new PrintStream(err, true, StandardCharsets.UTF_8);
        try (CommandSession session = processor.createSession(InputStream.nullInputStream(), o, e)) {
            return Script.run(session, text, o, e, trace);
        }
    }

    @Test
    void resultsOfAllStatementsAreShownInOrder() {
        assertEquals(0, run("say one; vm:say two\nsay three\n", false));
        assertEquals("one\ntwo\nthree\n", out.toString(StandardCharsets.UTF_8));
        assertEquals("", err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void assignmentsAreSilentAndListsThatAreEmptySaySo() {
        assertEquals(0, run("x = (say hidden); say $x; part:list", false));
        assertEquals("hidden\nnone\n", out.toString(StandardCharsets.UTF_8));
    }

    @Test
    void optionsWithEqualsSignsAreOneWord() {
        assertEquals(0, run("say -o downtimeLimitMs=5 --lines=3", false));
        assertEquals(List.of("-o downtimeLimitMs=5 --lines=3"), said);
    }

    @Test
    void aCommandThatFailsEndsTheScriptWithOneLineAndCode1() {
        assertEquals(1, run("say before; checkpoint:take cg; say after", false));
        assertEquals(List.of("before"), said);
        assertEquals("tidemark: There is no protocol 'thred' deployed are live, stop, thread\n", err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void linesThatACommandSaysItselfStayLines() {
        add("vm", "console", (session, arguments) -> {
            throw new CommandError("nothing came; its last lines:\n  Kernel panic\n");
        });
        assertEquals(1, run("vm:console a", false));
        assertEquals("tidemark: nothing came; its last lines:\n  Kernel panic\n", err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void anUnknownCommandAndBadSyntaxAreErrorsWithoutJavaNames() {
        assertEquals(1, run("vm:nothing", false));
        assertEquals("tidemark: Command not found: vm:nothing\n", err.toString(StandardCharsets.UTF_8));
        err.reset();
        assertEquals(1, run("say one\nsay 'two", false));
        assertEquals("tidemark: script: unexpected EOT looking for matching quote: ' at line 2, column 5; quotes and brackets must be closed,"
                + " and ; ends a command\n", err.toString(StandardCharsets.UTF_8));
        assertEquals(1, run("say { ", false));
        assertFalse(err.toString(StandardCharsets.UTF_8).contains("Exception"), err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void stackTracesAreShownWhenAskedFor() {
        assertEquals(1, run("take cg", true));
        assertTrue(err.toString(StandardCharsets.UTF_8).contains("\tat tidemark.shell.ScriptTest"), err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void alternativesArePartOfOneStatement() {
        assertEquals(List.of("a && b", "c || d", "each [1 2] { e; f }"), Script.statements("a && b; c || d\n\neach [1 2] { e; f }"));
        assertEquals(0, run("say a && say b", false));
        assertEquals("b\n", out.toString(StandardCharsets.UTF_8));
    }
}
