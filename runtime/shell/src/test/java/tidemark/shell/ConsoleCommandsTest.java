package tidemark.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.felix.service.command.CommandSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout;
import tidemark.api.machine.Machine.Power;
import tidemark.api.shell.CommandError;

@Timeout(30)
class ConsoleCommandsTest {
    private final Fakes.FakeMachines machines = new Fakes.FakeMachines();
    private final Fakes.FakeSession output = new Fakes.FakeSession(Path.of("/home/ada"));
    private final CommandSession session = output.session();
    private final Command console = Command.of(new ConsoleCommands(machines.machines())).getFirst();
    private Fakes.FakeMachine linux;
    private FakeConsole log;

    @BeforeEach
    void boot() {
        machines.create(VmCommandsTest.spec("linux"));
        linux = machines.all.get("linux");
        linux.power = Power.RUNNING;
        log = linux.log;
    }

    private Object run(Object... words) throws CommandError {
        return console.execute(session, List.of(words));
    }

    private String error(Object... words) {
        return assertThrows(CommandError.class, () -> run(words)).getMessage();
    }

    /** A guest whose terminal driver echoes, and whose shell prints what follows echo. */
    private void shell() {
        log.print("# ");
        log.answer = text -> text.replace("\n", "\r\n") + (text.startsWith("echo ") ? text.substring(5).replace("\n", "\r\n") : "") + "# ";
    }

    @Test
    void withoutATerminalTheLastLinesAreShown() throws CommandError {
        log.print("one\r\ntwo\r\n\u001b[6nthree\r\n");
        assertEquals("one\ntwo\nthree", run("linux"));
        assertEquals("two\nthree", run("linux", "-n", "2"));
        assertEquals("", run("linux", "-n", "-5"));
        assertEquals("one\ntwo\nthree", run("linux", "--device", "uart0"));
        assertEquals("There is no console uart7", error("linux", "--device", "uart7"));
    }

    @Test
    void whatIsSentIsSentExactly() throws CommandError {
        assertNull(run("linux", "--send", "uname"));
        assertNull(run("linux", "--send", " -a\\n", "--send", "\\x03"));
        assertEquals(List.of("uname", " -a\n", "\u0003"), log.sent());
    }

    @Test
    void expectSeesWhatIsThereAndWhatComesAndShowsTheWholeLine() throws CommandError {
        log.print("Linux version 6.12\r\nRun /init\r\n\u001b[1;34m~ # ");
        assertEquals("~ #", run("linux", "--expect", "~ #"));
        assertEquals("Linux version 6.12", run("linux", "--expect", "^Linux.*\\d$"));
        CompletableFuture<Void> printer = CompletableFuture.runAsync(() -> {
            for (byte value : "\r\nmachine: riscv64 GNU/Linux\r\n".getBytes(StandardCharsets.US_ASCII)) {
                log.print(new byte[] {value});
            }
        });
        assertEquals("machine: riscv64 GNU/Linux", run("linux", "--expect", "riscv64"));
        printer.join();
    }

    @Test
    void anAnswerIsNotTheEchoOfWhatWasSentNorOlder() throws CommandError {
        shell();
        assertEquals("done", run("linux", "--send", "echo done\\n", "--expect", "done"));
        String never = error("linux", "--send", "true done\\n", "--expect", "done", "--timeout", "0.05");
        assertEquals("Machine linux has printed nothing that matches 'done' within 50.0 ms, but the echo of what was sent; its last lines:\n"
                + "  true done\n  #", never);
    }

    @Test
    void stepsAreTakenInTheOrderInWhichTheyAreWritten() throws CommandError {
        log.print("debian login: ");
        log.answer = text -> switch (text) {
            case "root\n" -> "root\r\nPassword: ";
            case "secret\n" -> "\r\nWelcome\r\n# ";
            default -> "?";
        };
        assertEquals("debian login:\nPassword:\nWelcome\n#", run("linux", "--expect", "login:", "--send", "root\\n", "--expect", "Password:",
                "--send", "secret\\n", "-e", "Wel", "-e", "# "));
        assertEquals(List.of("root\n", "secret\n"), log.sent());
    }

    @Test
    void aMatchIsNotFoundTwice() throws CommandError {
        log.print("tick\ntock\n");
        assertEquals("tick\ntock", run("linux", "-e", "t.ck", "-e", "t.ck"));
        assertTrue(error("linux", "-e", "tock", "-e", "t.ck", "--timeout", "0").contains("nothing that matches 't.ck'"));
    }

    @Test
    void nothingIsSentIfAnyStepIsWrong() {
        assertTrue(error("linux", "--send", "ok", "--send", "\\q").contains("'\\q' is no escape"));
        assertTrue(error("linux", "--send", "ok", "--expect", "(").startsWith("'(' is no regular expression"));
        assertTrue(error("linux", "--send", "ok", "--expect", "x", "--timeout", "-1").startsWith("--timeout -1"));
        assertEquals(List.of(), log.sent());
    }

    @Test
    void failureShowsTheLastLinesAndWhyThereWillBeNoMore() {
        log.print("boot\r\n".repeat(20) + "Kernel panic\r\n");
        String late = error("linux", "-e", "login", "--timeout", "0.01");
        assertTrue(late.startsWith("Machine linux has printed nothing that matches 'login' within 10.0 ms; its last lines:\n  boot\n"), late);
        assertTrue(late.endsWith("\n  boot\n  Kernel panic"), late);
        assertEquals(9, late.lines().count());
        linux.power = Power.PAUSED;
        assertTrue(error("linux", "-e", "login", "--timeout", "0.01").contains("within 10.0 ms, it is paused;"));
        linux.power = Power.OFF;
        assertTrue(error("linux", "-e", "login").contains("'login' before it went off;"));
    }

    /** A guest that prints for as long as the test asks it to. */
    private AutoCloseable printing(String text) {
        AtomicBoolean goesOn = new AtomicBoolean(true);
        Thread printer = Thread.ofPlatform().daemon().start(() -> {
            while (goesOn.get()) {
                log.print(text);
                Thread.yield();
            }
        });
        return () -> {
            goesOn.set(false);
            printer.join();
        };
    }

    @Test
    @Timeout(20)
    void timeoutHoldsWhileTheGuestPrintsWithoutPause() throws Exception {
        try (AutoCloseable _ = printing("noise\n")) {
            String message = error("linux", "-e", "NEVER", "--timeout", "0.2");
            assertTrue(message.contains("nothing that matches 'NEVER' within 200 ms"), message);
        }
    }

    @Test
    @Timeout(20)
    void matchIsShownThoughItsLineNeverEnds() throws Exception {
        log.print("BEGIN ");
        try (AutoCloseable _ = printing("x")) {
            assertTrue(((String) run("linux", "-e", "BEGIN", "--timeout", "10")).startsWith("BEGIN x"));
        }
    }

    @Test
    @Timeout(20)
    void timeoutHoldsForAnExpressionThatTakesForEver() {
        log.print("a".repeat(60) + "!\n");
        String late = error("linux", "-e", "^(a+)+$", "--timeout", "0.2");
        assertTrue(late.contains("has printed nothing that matches"), late);
        log.print("ab".repeat(200_000) + "\n");
        String deep = error("linux", "-e", "^(a|b)*Z", "--timeout", "5");
        assertTrue(deep.contains("needs too deep a search"), deep);
    }

    @Test
    void onlyTheLastMebibyteIsSearchedHoweverMuchIsPrinted() throws CommandError {
        log.print("first " + "x".repeat(3 << 20) + "\n");
        assertTrue(error("linux", "-e", "first", "--timeout", "0.01").contains("nothing that matches 'first'"));
        log.print("last\n");
        assertEquals("last", run("linux", "-e", "last"));
    }

    @Test
    void followingShowsWhatComesUntilTheMachineIsOff() throws Exception {
        log.print("one\ntwo\nthr");
        CompletableFuture<Object> follower = CompletableFuture.supplyAsync(() -> {
            try {
                return run("linux", "--follow", "-n", "2") == null;
            } catch (CommandError e) {
                return e;
            }
        });
        awaitPrinted("thr");
        log.print("ee\u001b[6n\nfour\n");
        awaitPrinted("four");
        linux.powerOff();
        assertEquals(true, follower.get());
        assertEquals("two\nthree\nfour\n", output.printed());
    }

    private void awaitPrinted(String text) throws InterruptedException {
        while (!output.printed().contains(text)) {
            Thread.sleep(1);
        }
    }
}
