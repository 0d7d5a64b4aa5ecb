package tidemark.shell;

import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import tidemark.api.shell.CommandError;
import tidemark.api.shell.CommandGroup;
import tidemark.api.shell.Example;
import tidemark.api.shell.Screen;
import tidemark.api.shell.Table;
import tidemark.api.shell.Value;
import tidemark.api.shell.Wrapped;

/** What the commands say about themselves, and the answer to a command that there is not. */
@Component(service = CommandGroup.class)
public final class Help implements CommandGroup {
    static final String TITLE = "The shell";
    private static final int INDENT = 6;
    /** Where they begin in a line of the overview. */
    private static final int SUMMARIES = 23;
    private final Commands commands;

    @Activate
    public Help(@Reference Commands commands) {
        this.commands = commands;
    }

    @Override
    public String scope() {
        return "shell";
    }

    @Override
    public String title() {
        return TITLE;
    }

    @Descriptor("explains the commands, or one of them")
    @Example({"help", "help checkpoint:take    # as checkpoint:take --help does"})
    public String help(CommandSession session, @Descriptor("the command to explain") @Value("[COMMAND]") String name) throws CommandError {
        Screen screen = Screen.of(session);
        return name.isEmpty() ? overview(commands.all(), screen) : of(command(name), screen);
    }

    @Descriptor("called by Gogo for a command that does not exist: says which are near")
    @Example("vm:crate    # there is no command vm:crate; did you mean vm:create?")
    public void default_(CommandSession session, @Descriptor("what was typed") @Value("[WORD]") List<String> words) throws CommandError {
        command(words.isEmpty() ? "" : words.getFirst());
    }

    private Command command(String name) throws CommandError {
        List<String> names = commands.all().stream().flatMap(c -> Stream.of(c.toString())).toList();
        return commands.find(name).orElseThrow(() -> new CommandError("There is no command '" + name + "'" + Near.hint(name, names)
                + " The command 'help' lists all."));
    }

    static String overview(Collection<Command> all, Screen screen) {
        StringBuilder text = new StringBuilder();
        String title = "";
        for (Command command : all.stream().filter(c -> !c.name().equals("default")).sorted(Commands.ORDER).toList()) {
            if (!command.title().equals(title)) {
                title = command.title();
                text.append(title).append('\n');
            }
            text.append(String.format("  %-20s %s%n", command, command.summary()));
        }
        return text.append("""

                'help COMMAND' or 'COMMAND --help' explains one, with examples.
                The scope may be left out where the name is enough: create, take.
                Scripts and lines: x = (vm:create a), each [a b] { vm:start $it }, vm:list | grep run, vm:wait a && vm:info a.
                Quote what has * ? { } ( ) $ in it.""").toString().lines().map(line -> Wrapped.paragraphs(line, screen.width(),
                line.startsWith("  ") ? SUMMARIES : 0)).collect(Collectors.joining("\n"));
    }

    static String of(Command command, Screen screen) {
        StringBuilder text = new StringBuilder(Wrapped.paragraphs(command + ": " + command.summary() + "\n\nUsage: " + command.usage(), screen.width(), 2));
        Table table = Table.ofProperties();
        command.arguments().forEach(slot -> table.row("  " + slot.value(), slot.description()));
        command.options().forEach(slot -> table.row("  " + String.join(", ", slot.names()) + (slot.isFlag() ? "" : " " + slot.value()),
                slot.description() + (slot.isFlag() || slot.absent().isEmpty() ? "" : " (default " + slot.absent() + ")")));
        text.append("\n\n").append(options(table.row("  -h, --help", "this text"), screen)).append("\n\nExamples");
        command.examples().forEach(example -> text.append('\n').append(Wrapped.paragraphs("  " + example, screen.width(), INDENT)));
        return text.toString();
    }

    private static String options(Table table, Screen screen) {
        return table.render(new Screen(screen.out(), false, screen.live(), screen.columns()));
    }
}
