package tidemark.shell;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jline.terminal.Attributes;
import org.jline.terminal.Size;
import org.jline.terminal.impl.ExternalTerminal;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tidemark.api.machine.Machine.Power;
import tidemark.api.machine.MachineException;
import tidemark.api.shell.CommandError;

@Timeout(30)
class AttachmentTest {
    private final Fakes.FakeMachines machines = new Fakes.FakeMachines();
    private Fakes.FakeMachine linux;

    /** A terminal with somebody at it. */
    private final class Screen implements AutoCloseable {
        final ByteArrayOutputStream shown = new ByteArrayOutputStream();
        final PipedOutputStream keys = new PipedOutputStream();
        final ExternalTerminal terminal;
        final Attributes before;
        final CompletableFuture<Object> command;

        Screen(String... options) throws IOException {
            terminal = new ExternalTerminal("test", "xterm", new PipedInputStream(keys), shown, StandardCharsets.UTF_8);
            terminal.setSize(new Size(80, 6));
            before = terminal.getAttributes();
            Fakes.FakeSession session = new Fakes.FakeSession(Path.of("/"));
            session.variables.put(".terminal", terminal);
            command = CompletableFuture.supplyAsync(() -> console(session, options), task -> Thread.ofPlatform().daemon().start(task));
        }

        private Object console(Fakes.FakeSession session, String... options) {
            try {
                List<Object> words = new ArrayList<>(List.of("linux"));
                words.addAll(List.of(options));
                return Command.of(new ConsoleCommands(machines.machines())).getFirst().execute(session.session(), words);
            } catch (CommandError e) {
                throw new IllegalStateException(e);
            }
        }

        void type(String text) throws IOException {
            keys.write(text.getBytes(StandardCharsets.UTF_8));
            keys.flush();
        }

        String text() {
            // the test terminal, like a real one, makes \r\n of \n
            return shown.toString(StandardCharsets.UTF_8);
        }

        void awaits(String text) throws InterruptedException {
            while (!text().contains(text)) {
                assertFalse(command.isCompletedExceptionally(), command::toString);
                Thread.sleep(1);
            }
        }

        void isAsBefore() {
            command.join();
            assertEquals(before.toString(), terminal.getAttributes().toString());
            assertTrue(text().contains("\u001b[m"), text());
        }

        @Override
        public void close() throws IOException {
            terminal.close();
        }
    }

    @BeforeEach
    void boot() {
        machines.create(VmCommandsTest.spec("linux"));
        linux = machines.all.get("linux");
        linux.power = Power.RUNNING;
    }

    @Test
    void theDetachKeyIsToldAndTheScreenOfTheGuestShownFirst() throws Exception {
        linux.log.print("1\r\n2\r\n3\r\n4\r\n\u001b[6n\u001b[32m5\r\n# ");
        try (Screen screen = new Screen()) {
            screen.awaits("# ");
            assertEquals("Attached to linux; Ctrl-] detaches. In Linux: resize, or stty rows 6 cols 80\r\n"
                    + "3\r\n4\r\n\u001b[32m5\r\n# ", screen.text());
            screen.type("\u001d");
            screen.isAsBefore();
            assertTrue(screen.text().endsWith("\r\nDetached from linux, which is running.\r\n"), screen.text());
        }
    }

    @Test
    void everyKeyGoesToTheGuestAsItIs() throws Exception {
        String keys = "ls\r\u0003\u0004\u001a\u0011\u0013\u0016\u001b[Aü漢\u0000\u007f\n\t";
        try (Screen screen = new Screen()) {
            screen.awaits("Attached");
            screen.type(keys + "\u001dlost");
            screen.isAsBefore();
        }
        assertArrayEquals(keys.getBytes(StandardCharsets.UTF_8), linux.log.allSent());
    }

    @Test
    void whatTheTerminalSendsAtOnceReachesTheGuestAtOnce() throws Exception {
        try (Screen screen = new Screen()) {
            screen.awaits("Attached");
            screen.type("\u001b[12;40R");
            while (linux.log.sent().isEmpty()) {
                Thread.sleep(1);
            }
            screen.type("\u001d");
            screen.isAsBefore();
        }
        assertEquals("\u001b[12;40R", linux.log.sent().getFirst());
    }

    @Test
    void everyByteOfTheGuestIsShownAsItIsAndModesAreTakenBack() throws Exception {
        try (Screen screen = new Screen()) {
            screen.awaits("Attached");
            linux.log.print("\u001b[?1049h\u001b[6nüber\nunder\r\n");
            screen.awaits("\u001b[?1049h\u001b[6nüber\nunder\r\n");
            screen.type("\u001d");
            screen.isAsBefore();
            assertTrue(screen.text().contains("\u001b[?1049l"), screen.text());
        }
    }

    @Test
    void powerOffDetachesWithALineThatSaysSo() throws Exception {
        try (Screen screen = new Screen()) {
            screen.awaits("Attached");
            linux.log.print("last words");
            linux.powerOff();
            screen.isAsBefore();
            assertTrue(screen.text().contains("last words"), screen.text());
            assertTrue(screen.text().endsWith("\r\nlinux is off.\r\n"), screen.text());
        }
    }

    @Test
    void aMachineThatIsOffIsShownAndNotAttached() throws Exception {
        linux.log.print("bye\r\n");
        linux.power = Power.OFF;
        try (Screen screen = new Screen()) {
            screen.command.join();
            assertEquals("bye\r\nlinux is off; vm:start linux powers it on\r\n", screen.text());
        }
    }

    @Test
    void aTerminalThatGoesAwayIsDetached() throws Exception {
        try (Screen screen = new Screen()) {
            screen.awaits("Attached");
            screen.keys.close();
            screen.command.join();
        }
    }

    @Test
    void severalTerminalsSeeTheSame() throws Exception {
        try (Screen one = new Screen(); Screen two = new Screen("--device", "uart0")) {
            one.awaits("Attached");
            two.awaits("Attached");
            linux.log.answer = text -> text;
            one.type("from one ");
            one.awaits("from one ");
            two.type("from two ");
            for (Screen screen : List.of(one, two)) {
                screen.awaits("from one from two ");
                screen.type("\u001d");
                screen.isAsBefore();
            }
        }
    }

    @Test
    void aGuestThatTakesNoMoreInputRingsTheBell() throws Exception {
        linux.log.answer = text -> {
            throw new MachineException("it does not read");
        };
        try (Screen screen = new Screen()) {
            screen.awaits("Attached");
            screen.type("x");
            screen.awaits("\u0007");
            screen.type("\u001d");
            screen.isAsBefore();
        }
    }

    @Test
    void askingForLinesDoesNotAttach() throws Exception {
        linux.log.print("one\r\ntwo\r\n");
        try (Screen screen = new Screen("--lines", "1")) {
            assertEquals("two", screen.command.join());
        }
    }
}
