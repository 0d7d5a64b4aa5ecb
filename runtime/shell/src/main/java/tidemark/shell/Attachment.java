package tidemark.shell;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jline.terminal.Attributes;
import org.jline.terminal.Attributes.LocalFlag;
import org.jline.terminal.Attributes.OutputFlag;
import org.jline.terminal.Terminal;
import org.jline.utils.NonBlockingInputStream;
import tidemark.api.machine.ConsoleLog;
import tidemark.api.machine.Machine;
import tidemark.api.machine.Machine.Power;
import tidemark.api.machine.Machine.Status;
import tidemark.api.machine.MachineException;

/**
 * A terminal attached to a machine's console: every byte that is typed goes to the guest, every byte of the guest to the terminal, until the detach key
 * is pressed or the machine is off. Then the terminal is as it was.
 */
final class Attachment {
    private static final byte DETACH = 0x1D;
    private static final String DETACH_KEY = "Ctrl-]";
    private static final int POLL_MILLIS = 50;
    private static final int MOST_AT_ONCE = 4096;
    /** A sequence of bytes that a key or the terminal itself sends must reach the guest in one piece: it tells Escape by the time to the next byte. */
    private static final int SEQUENCE_MILLIS = 5;
    /** Lines that the last screen leaves free: the greeting and the shell's own. */
    private static final int LINES_FREE = 2;
    /** A guest prints byte by byte; a terminal is not written byte by byte. */
    private static final Duration GATHER = Duration.ofMillis(2);

    private final Terminal terminal;
    private final Machine machine;
    private final ConsoleLog console;
    private final ConsoleLog.Reader reader;
    private final TerminalModes modes = new TerminalModes();
    private volatile boolean detached;

    Attachment(Terminal terminal, Machine machine, ConsoleLog console) {
        this.terminal = terminal;
        this.machine = machine;
        this.console = console;
        this.reader = console.reader(0);
    }

    /** Returns when the terminal is detached. */
    void run() throws IOException, InterruptedException {
        Status status = machine.status();
        if (status.power() == Power.OFF) {
            String screen = lastScreen();
            write(screen + (screen.isEmpty() || screen.endsWith("\n") ? "" : "\n") + machine.name() + " is off" + because(status) + "; vm:start "
                    + machine.name() + " powers it on\n");
            return;
        }
        Attributes former = terminal.enterRawMode();
        Thread typist = Thread.ofPlatform().daemon().name("typing to " + machine.name()).unstarted(this::sendWhatIsTyped);
        try {
            passEverything();
            write((greeting(status) + lastScreen()).replace("\n", "\r\n"));
            typist.start();
            showOutput();
        } finally {
            detached = true;
            restore(typist, former);
        }
        write(farewell());
    }

    /** Raw mode alone leaves Ctrl-C and Ctrl-Z to the terminal, and has it change line ends. */
    private void passEverything() {
        Attributes raw = terminal.getAttributes();
        raw.setLocalFlag(LocalFlag.ISIG, false);
        raw.setOutputFlag(OutputFlag.OPOST, false);
        terminal.setAttributes(raw);
    }

    private void restore(Thread typist, Attributes former) throws IOException, InterruptedException {
        try {
            typist.join();
            write(modes.takenBack());
        } finally {
            terminal.setAttributes(former);
        }
    }

    private String greeting(Status status) {
        String state = status.power() == Power.RUNNING ? "" : ", which is " + MachineInfo.word(status.power()) + because(status);
        return "Attached to " + machine.name() + state + "; " + DETACH_KEY + " detaches. In Linux: resize, or stty rows " + terminal.getHeight() + " cols "
                + terminal.getWidth() + "\n";
    }

    private String farewell() {
        Status status = machine.status();
        return "\n" + (status.power() == Power.OFF ? machine.name() + " is off" + because(status) : "Detached from " + machine.name() + ", which is "
                + MachineInfo.word(status.power())) + ".\n";
    }

    private static String because(Status status) {
        return status.reason().isEmpty() ? "" : " (" + status.reason() + ")";
    }

    /** What was printed so far, as much as fits; without what would move the cursor, or ask the terminal something that nobody wants to know any more. */
    private String lastScreen() throws InterruptedException {
        PlainText plain = new PlainText(true);
        plain.add(reader.next(Duration.ZERO));
        List<String> lines = List.of(plain.take().split("\n", -1));
        return String.join("\n", lines.subList(Math.clamp(lines.size() - (long) terminal.getHeight() + LINES_FREE, 0, lines.size()), lines.size()));
    }

    private void showOutput() throws IOException, InterruptedException {
        while (!detached) {
            byte[] output = reader.next(Duration.ofMillis(POLL_MILLIS));
            if (output.length > 0) {
                modes.add(output);
                write(output);
                Thread.sleep(GATHER);
            } else if (machine.status().power() == Power.OFF) {
                return;
            }
        }
    }

    private void sendWhatIsTyped() {
        byte[] typed = new byte[MOST_AT_ONCE];
        try {
            NonBlockingInputStream in = (NonBlockingInputStream) terminal.input();
            while (!detached) {
                int length = in.readBuffered(typed, POLL_MILLIS);
                detached |= length == NonBlockingInputStream.EOF;
                if (length > 0) {
                    send(typed, withTheRest(in, typed, length));
                }
            }
        } catch (IOException e) {
            // the terminal is gone
            detached = true;
        }
    }

    private static int withTheRest(NonBlockingInputStream in, byte[] typed, int length) throws IOException {
        int end = length;
        for (int more = 1; more > 0 && end < typed.length; end += Math.max(0, more)) {
            more = in.readBuffered(typed, end, typed.length - end, SEQUENCE_MILLIS);
        }
        return end;
    }

    private void send(byte[] typed, int length) throws IOException {
        int end = 0;
        while (end < length && typed[end] != DETACH) {
            end++;
        }
        try {
            console.send(Arrays.copyOf(typed, end));
        } catch (MachineException e) {
            // the guest reads nothing and no more is kept for it
            write("\u0007");
        }
        detached |= end < length;
    }

    private void write(String text) throws IOException {
        write(text.getBytes(StandardCharsets.UTF_8));
    }

    private synchronized void write(byte[] bytes) throws IOException {
        terminal.output().write(bytes);
        terminal.output().flush();
    }
}
