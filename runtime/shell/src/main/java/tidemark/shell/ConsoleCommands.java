package tidemark.shell;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.jline.terminal.Terminal;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import tidemark.api.machine.ConsoleLog;
import tidemark.api.machine.Machine;
import tidemark.api.machine.Machine.Power;
import tidemark.api.machine.Machines;
import tidemark.api.shell.CommandError;
import tidemark.api.shell.CommandGroup;
import tidemark.api.shell.Example;
import tidemark.api.shell.Interruption;
import tidemark.api.shell.Screen;
import tidemark.api.shell.Value;

/** Machines: look at their consoles, talk to their guests. */
@Component(service = CommandGroup.class)
public final class ConsoleCommands implements CommandGroup {
    private static final int LINES = 20;
    private static final Duration FOLLOW_POLL = Duration.ofMillis(200);
    private final Machines machines;

    @Activate
    public ConsoleCommands(@Reference Machines machines) {
        this.machines = machines;
    }

    @Override
    public String scope() {
        return "vm";
    }

    @Override
    public String title() {
        return "Machines";
    }

    @Descriptor("attaches the terminal to a machine's console; without a terminal shows its last lines; or talks to the guest as told")
    @Example({"vm:console linux    # attached until Ctrl-]; everything typed goes to the guest",
        "vm:console cg --lines 50", "vm:console cg --follow    # until Ctrl-C",
        "vm:console linux --expect 'login:' --send 'root\\n' --expect '# ' --timeout 60    # one after the other",
        "vm:console linux --send 'uname -a\\n' --expect riscv64    # the line of the answer, not the echo of what was sent",
        "vm:console linux --send '\\x03'    # Ctrl-C"})
    public String console(CommandSession session, @Descriptor("name of the machine") @Value("MACHINE") String name,
            @Descriptor("waits for output that matches (^ and $ are ends of lines) and shows the line: after the last match or --send before it, "
                + "else in all there is") @Parameter(names = {"-e", "--expect"}, absentValue = "") @Value("REGEX") List<Given> expected,
            @Descriptor("sends just this; \\n \\r \\t \\e \\xNN \\\\ are escapes, so quote it") @Parameter(names = {"-s", "--send"}, absentValue = "")
            @Value("TEXT") List<Given> sent,
            @Descriptor("how long each --expect waits") @Parameter(names = {"-t", "--timeout"}, absentValue = "60") @Value("SECONDS") double timeout,
            @Descriptor("shows so many lines (20 if there is no terminal)") @Parameter(names = {"-n", "--lines"}, absentValue = "")
            @Value("N") OptionalInt lines,
            @Descriptor("shows what comes until Ctrl-C or power-off")
            @Parameter(names = {"-f", "--follow"}, absentValue = "false", presentValue = "true") boolean follow,
            @Descriptor("the device whose console it is (the first that has one)") @Parameter(names = {"-d", "--device"}, absentValue = "")
            @Value("DEVICE") String device) throws Exception {
        Machine machine = machines.get(name);
        ConsoleLog console = device.isEmpty() ? machine.console() : machine.console(device);
        if (!expected.isEmpty() || !sent.isEmpty()) {
            return talk(session, new Dialogue(machine, console, VmCommands.seconds(timeout)), expected, sent);
        }
        if (follow) {
            follow(session, machine, console, lines.orElse(LINES));
            return null;
        }
        Terminal terminal = terminal(session);
        if (terminal != null && lines.isEmpty()) {
            new Attachment(terminal, machine, console).run();
            return null;
        }
        return lastLines(PlainText.of(console.text(), Screen.of(session).colour()), lines.orElse(LINES));
    }

    private static String talk(CommandSession session, Dialogue dialogue, List<Given> expected, List<Given> sent)
            throws CommandError, InterruptedException {
        for (Given text : sent) {
            Escapes.bytes(text.text());
        }
        for (Given regex : expected) {
            Dialogue.pattern(regex.text());
        }
        List<String> matched = new ArrayList<>();
        List<Given> steps = Stream.concat(expected.stream(), sent.stream()).sorted(Comparator.comparingInt(Given::place)).toList();
        try (var _ = Interruption.ofThisThread(session)) {
            for (Given step : steps) {
                if (sent.contains(step)) {
                    dialogue.send(Escapes.bytes(step.text()));
                } else {
                    matched.add(dialogue.expect(step.text()));
                }
            }
        }
        return matched.isEmpty() ? null : String.join("\n", matched);
    }

    private static void follow(CommandSession session, Machine machine, ConsoleLog console, int lines) {
        PrintStream out = session.getConsole();
        PlainText plain = new PlainText(Screen.of(session).colour());
        ConsoleLog.Reader reader = console.reader(0);
        try (var _ = Interruption.ofThisThread(session)) {
            plain.add(reader.next(Duration.ZERO));
            String text = plain.take();
            out.print(lastLines(text, lines) + (text.endsWith("\n") ? "\n" : ""));
            for (byte[] chunk = reader.next(FOLLOW_POLL); chunk.length > 0 || machine.status().power() != Power.OFF; chunk = reader.next(FOLLOW_POLL)) {
                plain.add(chunk);
                out.print(plain.take());
                out.flush();
            }
        } catch (InterruptedException e) {
            out.println();
        }
    }

    /** The session's terminal, if it has one that both reads and shows what a guest sends. */
    private static Terminal terminal(CommandSession session) {
        boolean piped = org.apache.felix.service.command.Process.Utils.current() instanceof org.apache.felix.service.command.Process process
                && !(process.isTty(0) && process.isTty(1));
        return !piped && session.get(".terminal") instanceof Terminal terminal && !terminal.getType().startsWith(Terminal.TYPE_DUMB) ? terminal : null;
    }

    private static String lastLines(String text, int lines) {
        List<String> all = text.lines().toList();
        return String.join("\n", all.subList(Math.clamp((long) all.size() - lines, 0, all.size()), all.size()));
    }
}
