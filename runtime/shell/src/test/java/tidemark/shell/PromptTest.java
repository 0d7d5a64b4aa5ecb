package tidemark.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.felix.gogo.runtime.CommandProcessorImpl;
import org.apache.felix.gogo.runtime.CommandSessionImpl;
import org.apache.felix.gogo.runtime.threadio.ThreadIOImpl;
import org.apache.felix.service.command.CommandSession;
import org.jline.reader.Candidate;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.terminal.Terminal;
import org.jline.terminal.impl.ExternalTerminal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tidemark.api.shell.CommandError;

/** The interactive shell on a terminal of the test's own. */
@Timeout(60)
class PromptTest {
    private final ThreadIOImpl streams = new ThreadIOImpl();
    private final CommandProcessorImpl processor = new CommandProcessorImpl(streams);
    private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
    private final List<String> machines = new ArrayList<>();
    private final PipedOutputStream keyboard = new PipedOutputStream();
    private CommandSession session;
    private CompletableFuture<Integer> end;
    private Terminal terminal;

    @BeforeEach
    void start() throws Exception {
        terminal = new ExternalTerminal("test", "xterm", new PipedInputStream(keyboard, 1 << 16), shown, StandardCharsets.UTF_8);
        streams.start();
        processor.addConverter(new Formats());
        Command.of(new ShellCommands()).forEach(command -> processor.addCommand(command.scope(), command, command.name()));
        processor.addCommand("vm", (org.apache.felix.service.command.Function) (s, arguments) -> "said " + arguments, "say");
        processor.addCommand("vm", (org.apache.felix.service.command.Function) (s, arguments) -> {
            if (arguments.isEmpty()) {
                throw new StackOverflowError("deep");
            }
            throw new CommandError("refused");
        }, "fail");
        session = processor.createSession(terminal.input(), terminal.output(), terminal.output());
        session.put(".terminal", terminal);
        session.put("prompt", "> ");
    }

    private void prompt(org.jline.reader.Completer completer) {
        LineReader reader = LineReaderBuilder.builder().terminal(terminal).variables(((CommandSessionImpl) session).getVariables()).completer(completer)
                .highlighter(new Colours(session, true)).parser(new Words()).variable(LineReader.DISABLE_HISTORY, true).build();
        Prompt prompt = new Prompt(session, terminal, reader, () -> List.copyOf(machines));
        end = CompletableFuture.supplyAsync(prompt::run);
    }

    private void prompt() {
        prompt(Completion.safe((reader, line, candidates) -> candidates.add(new Candidate("a b's (1)"))));
    }

    @AfterEach
    void stop() throws Exception {
        try {
            keyboard.close();
            end.get(20, TimeUnit.SECONDS);
        } finally {
            processor.stop();
            streams.stop();
            terminal.close();
        }
    }

    private void type(String keys) throws Exception {
        keyboard.write(keys.getBytes(StandardCharsets.UTF_8));
        keyboard.flush();
    }

    private void awaits(String text) throws InterruptedException {
        long until = System.nanoTime() + 10_000_000_000L;
        while (!shown.toString(StandardCharsets.UTF_8).contains(text)) {
            assertFalse(end.isDone(), () -> "the shell has ended: " + shown);
            assertTrue(System.nanoTime() < until, () -> "'" + text + "' was not shown in " + shown);
            Thread.sleep(5);
        }
        shown.reset();
    }

    @Test
    void completionOfAWordWithBlanksIsQuoted() throws Exception {
        prompt();
        type("say a\t\r");
        awaits("said [a b's (1)]");
        type("say 'a\t\r");
        awaits("said [a b's (1)]");
        type("say \"a\t\r");
        awaits("said [a b's (1)]");
    }

    @Test
    void shellGoesOnWhateverACompleterThrows() throws Exception {
        prompt((reader, line, candidates) -> {
            throw new AssertionError("no completion today");
        });
        type("say \t");
        awaits("the shell failed and goes on: java.lang.AssertionError: no completion today");
        type("say two\r");
        awaits("said [two]");
    }

    @Test
    void shellGoesOnWhateverACommandThrows() throws Exception {
        prompt();
        type("fail\r");
        awaits("deep");
        type("fail x\r");
        awaits("refused");
        type("say on\r");
        awaits("said [on]");
    }

    @Test
    void everyResultOfALineIsShown() throws Exception {
        prompt();
        type("say one; say two\r");
        awaits("said [two]");
        type("say one; say two\r");
        awaits("said [one]");
    }

    @Test
    void endOfInputAsksWhileMachinesRun() throws Exception {
        machines.add("m1");
        prompt();
        type("\u0004");
        awaits("Machine m1 is running. End it and leave?");
        type("n\r");
        type("say on\r");
        awaits("said [on]");
        machines.add("m2");
        type("\u0004");
        awaits("Machines m1, m2 are running. End them and leave?");
        type("y\r");
        assertEquals(0, end.get(20, TimeUnit.SECONDS));
    }

    @Test
    void exitEndsTheShellOrAsks() throws Exception {
        machines.add("m1");
        prompt();
        type("exit 3\r");
        awaits("End it and leave?");
        type("no\r");
        type("say on\r");
        awaits("said [on]");
        machines.clear();
        type("quit 3\r");
        assertEquals(3, end.get(20, TimeUnit.SECONDS));
    }

    @Test
    void terminalThatIsGoneEndsTheShellThoughMachinesRun() throws Exception {
        machines.add("m1");
        prompt();
        keyboard.close();
        assertEquals(0, end.get(30, TimeUnit.SECONDS));
    }

    @Test
    void interruptOfACommandSaysNothing() throws Exception {
        prompt();
        type("sleep 100; say never\r");
        while (session.foregroundJob() == null) {
            Thread.sleep(5);
        }
        shown.reset();
        while (session.foregroundJob() != null) { // one that has hardly begun does not hear the first
            terminal.raise(Terminal.Signal.INT);
            Thread.sleep(50);
        }
        type("say on\r");
        while (!shown.toString(StandardCharsets.UTF_8).contains("said [on]")) {
            Thread.sleep(5);
        }
        assertFalse(shown.toString(StandardCharsets.UTF_8).matches("(?s).*(nterrupted|Exception|never).*"), shown::toString);
        assertTrue(!end.isDone());
    }
}
