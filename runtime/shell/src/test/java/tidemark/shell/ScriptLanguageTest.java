package tidemark.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.apache.felix.gogo.jline.Posix;
import org.apache.felix.gogo.jline.Procedural;
import org.apache.felix.gogo.runtime.CommandProcessorImpl;
import org.apache.felix.gogo.runtime.threadio.ThreadIOImpl;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tidemark.api.shell.CommandError;

/** Each sentence of {@code launch/SCRIPTS.md}, which names these tests. */
@Timeout(60)
class ScriptLanguageTest {
    @TempDir
    private Path folder;
    private final ThreadIOImpl streams = new ThreadIOImpl();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private CommandProcessorImpl processor;

    @BeforeEach
    void start() {
        streams.start();
        processor = new CommandProcessorImpl(streams);
        processor.addConverter(new Formats());
        Posix posix = new Posix(processor);
        List.of("cat", "echo", "sort", "head", "tail", "wc", "pwd", "cd").forEach(name -> processor.addCommand("gogo", posix, name));
        Procedural procedural = new Procedural();
        List.of("each", "if", "not", "throw", "try", "until", "while", "break", "continue").forEach(name -> processor.addCommand("gogo", procedural, name));
        processor.addCommand("gogo", posix, "sleep");
        Command.of(new ShellCommands()).forEach(command -> processor.addCommand(command.scope(), command, command.name()));
        processor.removeCommand("shell", "sleep");
        add("say", (session, arguments) -> String.join(" ", arguments.stream().map(String::valueOf).toList()));
        add("fail", (session, arguments) -> {
            throw new CommandError(arguments.isEmpty() ? "it went wrong" : String.valueOf(arguments.getFirst()));
        });
        add("code", (session, arguments) -> {
            throw new CommandError("the guest ended with code 42", 42);
        });
        add("list", (session, arguments) -> List.of("a", "b"));
        add("nothing", (session, arguments) -> null);
    }

    private void add(String name, Function function) {
        processor.addCommand("vm", function, name);
    }

    @AfterEach
    void stop() throws InterruptedException {
        processor.stop();
        // a thread that ends later would put streams back that are no more
        while (Thread.getAllStackTraces().keySet().stream().anyMatch(thread -> thread.getName().matches("(pipe-|job controller).*"))) {
            Thread.sleep(1);
        }
        streams.stop();
    }

    private int run(String text) {
        return run(text, "");
    }

    private int run(String text, String file) {
        out.reset();
        err.reset();
        PrintStream o = new PrintStream(out, true, StandardCharsets.UTF_8);
        PrintStream e = new PrintStream(err, true, StandardCharsets.UTF_8);
        try (CommandSession session = processor.createSession(InputStream.nullInputStream(), o, e)) {
            session.currentDir(folder);
            return new Script(text, file, o, e, false).run(session);
        }
    }

    private int runs(String text) {
        int code = run(text);
        return code == 0 ? 0 : org.junit.jupiter.api.Assertions.fail(text + ": " + err.toString(StandardCharsets.UTF_8));
    }

    private void shows(String expected, String text) {
        assertEquals(0, run(text), () -> text + ": " + err.toString(StandardCharsets.UTF_8));
        assertEquals(expected, out.toString(StandardCharsets.UTF_8), text);
        assertEquals("", err.toString(StandardCharsets.UTF_8), text);
    }

    private void fails(String message, String text) {
        assertEquals(1, run(text), text);
        assertEquals(message, err.toString(StandardCharsets.UTF_8), text);
    }

    @Test
    void everyStatementShowsItsResult() {
        shows("a\nb\nc\n", "say a; say b\nsay c");
        shows("hidden\n", "x = say hidden; say $x");
        shows("b\n", "nothing; say b");
    }

    @Test
    void bodiesOfLoopsShowTheResultsOfAllTheirStatements() {
        shows("a\n1\nb\n1\n", "each [a b] { say $it; say 1 }");
        shows("a\nb\n", "each (list) { say $it }");
        shows("x\ny\n", "if { say condition } { say x; say y }");
        shows("a\nb\n", "each -r [a b] { say $it }");
    }

    @Test
    void valuesOfParenthesesAreThoseOfTheirLastStatement() {
        shows("b\n", "say (nothing; say b)");
        shows("echoed\n", "say (echo echoed)");
        shows("kept\n", "x = (say kept); say $x");
    }

    @Test
    void failingCommandEndsTheScript() {
        fails("tidemark: it went wrong\n", "fail; say never");
        assertFalse(out.toString(StandardCharsets.UTF_8).contains("never"));
        assertEquals(1, run("sleep 0.3; say never"), "a command of Gogo's, which says itself what is wrong");
        assertFalse(out.toString(StandardCharsets.UTF_8).contains("never"));
        assertTrue(err.toString(StandardCharsets.UTF_8).endsWith("tidemark: sleep: failed with code 2\n"), err.toString(StandardCharsets.UTF_8));
        assertEquals(1, run("cat no.such.file"));
        fails("tidemark: it went wrong\n", "each [a] { fail; say never }");
        fails("tidemark: it went wrong\n", "x = (fail)");
        fails("tidemark: it went wrong\n", "x = fail 'it went wrong'");
        assertEquals(1, run("x = sleep 0.3"));
        assertEquals(1, run("say (cat no.such.file)"));
    }

    @Test
    void failureNamesFileAndLine() {
        assertEquals(1, run("say 1\n\n# a comment\nfail\n", "my.tidemark"));
        assertEquals("tidemark: my.tidemark:4: it went wrong\n", err.toString(StandardCharsets.UTF_8));
        assertEquals(1, run("each [a b] {\n  say $it\n  fail\n}\n", "my.tidemark"));
        assertEquals("tidemark: my.tidemark:3: it went wrong\n", err.toString(StandardCharsets.UTF_8));
        assertEquals(1, run("say 1\nsay 'open\n", "my.tidemark"));
        assertTrue(err.toString(StandardCharsets.UTF_8).startsWith("tidemark: my.tidemark:2: script: unexpected EOT"), err.toString(StandardCharsets.UTF_8));
        assertEquals(1, run("say 1\nsay ${nothing here\n", "my.tidemark"));
        assertTrue(err.toString(StandardCharsets.UTF_8).startsWith("tidemark: my.tidemark:2: "), err.toString(StandardCharsets.UTF_8));
        fails("tidemark: line 2: it went wrong\n", "say 1\nfail");
        assertEquals(1, run("f = {\n fail\n}\nf", "f.tidemark"));
        assertEquals("tidemark: f.tidemark:2: it went wrong\n", err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void rightSideOfOrRunsWhenTheLeftFailsAndThatOfAndWhenItDoesNot() {
        assertEquals(0, runs("fail || say saved"));
        assertEquals("saved\n", out.toString(StandardCharsets.UTF_8));
        assertEquals("tidemark: it went wrong\n", err.toString(StandardCharsets.UTF_8));
        assertEquals(0, runs("sleep 0.3 || say saved"));
        assertEquals("saved\n", out.toString(StandardCharsets.UTF_8));
        shows("left\n", "say left || say right");
        shows("right\n", "say left && say right");
        fails("tidemark: it went wrong\n", "fail && say right");
        assertEquals(0, runs("fail && say no || say yes"));
        assertEquals("yes\n", out.toString(StandardCharsets.UTF_8));
        assertEquals(0, runs("each [a b] { fail $it || say $it }"));
        assertEquals("a\nb\n", out.toString(StandardCharsets.UTF_8));
        assertEquals("tidemark: a\ntidemark: b\n", err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void conditionThatFailsDoesNotHold() {
        assertEquals(0, runs("if { fail } { say yes } else { say no }"));
        assertEquals("no\n", out.toString(StandardCharsets.UTF_8));
        assertEquals("tidemark: it went wrong\n", err.toString(StandardCharsets.UTF_8));
        assertEquals(0, runs("if { not { fail } } { say no }"));
        assertEquals("no\n", out.toString(StandardCharsets.UTF_8));
        shows("yes\n", "if { say x } then { say yes } elif { say y } then { say no }");
        shows("yes\n", "if { nothing } { say yes } { say else }");
        shows("else\n", "if { $unset } { say yes } { say else }");
        shows("else\n", "x = false; if { $x } { say yes } { say else }");
    }

    @Test
    void loopsEndAtBreakAndGoOnAtContinue() {
        shows("a\n", "each [a b] { say $it; break }");
        shows("a\nb\n", "each [a b] { say $it; continue; say never }");
        shows("1\n", "while { say true } { say 1; say x && break }".replace("say x && break", "if { say x } { break }"));
        shows("a\n", "each [a b] { say $it; say x > /dev/null && break }");
    }

    @Test
    void failureIsCaughtByTry() {
        shows("caught it went wrong\n", "try { fail } catch { say caught $exception }");
        shows("caught\nlast\n", "try { fail } { say caught; say last }".replace("say caught; say last", "echo caught; echo last"));
    }

    @Test
    void redirectedResultsGoToTheFile() throws Exception {
        shows("", "list > names.txt");
        String listed = Files.readString(folder.resolve("names.txt"));
        assertTrue(listed.contains("a") && listed.contains("b"), listed);
        shows("", "say one > said.txt; say two >> said.txt; echo three >> said.txt");
        assertEquals("one\ntwo\nthree\n", Files.readString(folder.resolve("said.txt")));
        shows("", "each [a b] { say $it } > loop.txt");
        assertEquals("a\nb\n", Files.readString(folder.resolve("loop.txt")));
        shows("two\n", "cat < said.txt | grep two");
        shows("", "say 'with blank' > \"a b.txt\"");
        assertEquals("with blank\n", Files.readString(folder.resolve("a b.txt")));
        fails("tidemark: script: there is no file " + folder.resolve("no/file.txt") + "\n", "say x > no/file.txt");
        shows("", "x = [a b]; $x > value.txt");
        assertEquals("a\nb\n", Files.readString(folder.resolve("value.txt")));
    }

    @Test
    void pipelineFailsWithWhateverOfItFails() {
        shows("b\n", "list | grep b".replace("list", "echo \"a\nb\""));
        fails("tidemark: it went wrong\n", "fail | cat");
        fails("tidemark: it went wrong\n", "say x | fail 'it went wrong'");
        fails("tidemark: it went wrong\n", "say x | fail 'it went wrong' | cat");
        fails("tidemark: it went wrong\n", "fail | say nothing.read");
        assertEquals(0, runs("fail | cat || say saved"));
        assertEquals("saved\n", out.toString(StandardCharsets.UTF_8));
        assertEquals(1, run("cat no.such.file | sort"));
        fails("tidemark: it went wrong\n", "each [a] { fail | cat }");
    }

    @Test
    void commandInTheBackgroundDoesNotHoldUpTheScriptWhichWaitsForItAtItsEnd() throws Exception {
        assertEquals(0, runs("sleep 1 && echo late >> order.txt &\necho early >> order.txt\n"));
        assertEquals("early\nlate\n", Files.readString(folder.resolve("order.txt")));
        shows("done\n", "say done &");
        shows("a\nb\n", "say a & say b".replace("say a & say b", "say a &\nsleep 1\nsay b"));
    }

    @Test
    void scriptThatFailsDoesNotWaitForItsBackgroundCommands() {
        Semaphore goOn = new Semaphore(0);
        add("late", (session, arguments) -> {
            goOn.acquire();
            return Files.writeString(folder.resolve("late.txt"), "late");
        });
        assertEquals(1, run("late &\nfail"));
        assertTrue(err.toString(StandardCharsets.UTF_8).startsWith("tidemark: line 2: it went wrong\n"), err.toString(StandardCharsets.UTF_8));
        assertFalse(Files.exists(folder.resolve("late.txt")), "it is still waiting");
        goOn.release();
    }

    @Test
    void failureInTheBackgroundIsSaidAndCounts() {
        fails("tidemark: line 1: it went wrong\n", "fail &\nsleep 1\n");
        fails("tidemark: it went wrong\n", "each [a] { fail & }");
        assertEquals(1, run("say 1\nfail &\n", "bg.tidemark"));
        assertEquals("tidemark: bg.tidemark:2: it went wrong\n", err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void apostrophesBetweenDoubleQuotesAreText() {
        shows("the platform's\n", "echo \"the platform's\"");
        shows("it's a's\n", "x = a; say \"it's $x's\"");
        shows("'quoted'\n", "say \"'quoted'\"");
        shows("a \"b\" c\n", "say 'a \"b\" c'");
        shows("don't stop\n", "say \"don't\" stop");
        shows("$x\n", "say '$x'");
    }

    @Test
    void exitEndsTheScriptWithItsCode() {
        assertEquals(3, run("say before; exit 3; say never"));
        assertEquals("before\n", out.toString(StandardCharsets.UTF_8));
        assertEquals(4, run("each [a b] { try { exit 4 } catch { say never } }"));
        assertEquals("", out.toString(StandardCharsets.UTF_8));
        assertEquals(0, runs("exit 0 || say never"));
        assertEquals("", out.toString(StandardCharsets.UTF_8));
    }

    @Test
    void exitCodesAreFrom0To255() {
        assertEquals(0, run("exit; say never"));
        assertEquals(0, run("exit 0; say never"));
        assertEquals(255, run("exit 255; say never"));
        assertEquals("", out.toString(StandardCharsets.UTF_8));
        for (String code : List.of("256", "-1", "3.5", "three")) {
            fails("tidemark: '" + code + "' is no exit code; give a number from 0 to 255\n", "exit " + code + "; say never");
        }
    }

    @Test
    void scriptEndsWithTheCodeOfTheErrorThatEndsIt() {
        assertEquals(42, run("code"));
        assertEquals(42, run("each [a] { code }"));
        assertEquals(42, run("code | cat"));
    }

    @Test
    void grepShowsLinesThatMatchAndFailsIfThereAreNone() {
        shows("b1\nB2\n", "echo \"a\nb1\nB2\" | grep -i ^b");
        shows("a\n", "echo \"a\nb1\" | grep -v b");
        shows("1\n", "echo \"a\nb1\" | grep -c b");
        shows("found\n", "if { echo abc | grep -q b } { say found }");
        fails("tidemark: shell:grep: nothing matches 'x'\n", "echo abc | grep x");
        assertEquals(1, run("echo abc | grep ("));
    }

    @Test
    void smallCommandsDoWhatTheirNamesSay() throws Exception {
        Files.writeString(Files.createDirectory(folder.resolve("sub")).resolve("lines.txt"), "c\na\nb\n");
        shows("lines.txt\n", "cd sub; ls");
        shows("lines.txt\n", "ls sub");
        shows("sub/\n", "ls");
        shows("             6  lines.txt\n", "ls -l sub/lines.txt");
        assertEquals(0, runs("cd sub; pwd"));
        assertTrue(out.toString(StandardCharsets.UTF_8).strip().endsWith("/sub"), out.toString(StandardCharsets.UTF_8));
        assertEquals(1, run("cd nowhere"));
        shows("a\nb\nc\n", "sort < sub/lines.txt");
        shows("c\n", "head -n 1 sub/lines.txt");
        shows("b\n", "tail -n 1 sub/lines.txt");
        assertEquals(0, runs("wc -l sub/lines.txt"));
        assertTrue(out.toString(StandardCharsets.UTF_8).strip().startsWith("3"), out.toString(StandardCharsets.UTF_8));
        shows("c\na\nb\n", "cat sub/lines.txt");
        shows("a b\n", "echo a b");
        assertEquals(1, run("ls nowhere"));
    }

    @Test
    void argumentsOfACommandOfOnesOwn() {
        shows("x y\n", "f = { say $args }; f x y");
        shows("x x y\n", "f = { say $it $1 $2 }; f x y");
        shows("2\n", "if { $unset } { say 1 } elif { say y } { say 2 } else { say 3 }");
    }

    @Test
    void unknownCommandIsRefusedWithTheNearestWhateverItsWords() {
        Command.of(new Help(null)).stream().filter(command -> command.name().equals("default"))
                .forEach(command -> processor.addCommand("*", (Function) (session, arguments) -> {
                    throw new CommandError("There is no command '" + command.parse(session, arguments.stream().map(String::valueOf).toList())[1] + "'");
                }, "default"));
        fails("tidemark: There is no command '[foo]'\n", "foo -x");
        fails("tidemark: There is no command '[foo]'\n", "foo --help --force a");
    }

    @Test
    void closureIsACommandOfOnesOwn() {
        shows("got x\nx y\n", "f = { say got $it; say $args }; f x y".replace("say $args", "say $1 $2"));
        shows("2\n", "f = { say 1; say 2 }; x = (f); say $x".replace("say 1; ", ""));
        fails("tidemark: text\n", "throw text".replace("throw text", "fail text"));
        assertEquals(1, run("throw \"text\"; say never"));
        shows("a\n", "until { echo x | grep -q x } { say never }; say a");
    }

    @Test
    void whatCompletionQuotesIsTheWordThatWasMeant() {
        for (String word : List.of("a b", "it's", "a (1)", "100%", "x=y", "$x", "say \"yes\"", "[a]{b}", "a*b?", "a;b&c|d", "#1", "~home", "<>", "back\\slash", "ü ö")) {
            for (char quote : new char[] {0, '\'', '"'}) {
                shows(word + "\n", "say " + Words.quoted(word, quote, true));
            }
        }
    }

    @Test
    void commentsContinuedLinesAndEmptyStatementsAreAllowed() {
        shows("a b\n", "# comment\n\nsay a \\\n  b   # behind\n;;\n".replace(";;\n", ""));
        shows("a#b\n", "say a#b");
        shows("", "\n\n");
    }

    @Test
    void commandThatDoesNotExistFails() {
        fails("tidemark: Command not found: vm:nothing.at.all\n", "vm:nothing.at.all -x");
        assertEquals(0, runs("vm:unheard || say saved"));
    }
}
