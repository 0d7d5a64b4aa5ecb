package tidemark.shell;

import java.util.Collection;
import java.util.List;
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

/** What the commands say about themselves, and the answer to a command that there is not. */
@Component(service = CommandGroup.class)
public final class Help implements CommandGroup {
    static final String TITLE = "The shell";
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
    public String help(@Descriptor("the command to explain") @Value("[COMMAND]") String name) throws CommandError {
        return name.isEmpty() ? overview(commands.all()) : of(command(name));
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

    static String overview(Collection<Command> all) {
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
                Quote what has * ? { } ( ) $ in it.""").toString();
    }

    static String of(Command command) {
        StringBuilder text = new StringBuilder(command + ": " + command.summary() + "\n\nUsage: " + command.usage());
        Table table = Table.ofProperties();
        command.arguments().forEach(slot -> table.row("  " + slot.value(), slot.description()));
        command.options().forEach(slot -> table.row("  " + String.join(", ", slot.names()) + (slot.isFlag() ? "" : " " + slot.value()),
                slot.description() + (slot.isFlag() || slot.absent().isEmpty() ? "" : " (default " + slot.absent() + ")")));
        text.append("\n\n").append(table.row("  -h, --help", "this text").render(Screen.plain(System.out))).append("\n\nExamples");
        command.examples().forEach(example -> text.append("\n  ").append(example));
        return text.toString();
    }
}
