package tidemark.shell;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.felix.gogo.runtime.Parser;
import org.apache.felix.gogo.runtime.Token;
import org.junit.jupiter.api.Test;
import tidemark.api.shell.Screen;

class HelpTest {
    private static final Screen PLAIN = Screen.plain(System.out);

    static List<Command> all() {
        return Stream.of(new VmCommands(null, null), new CreateCommands(null, null), new ConsoleCommands(null), new DiskCommands(null, null),
                new CheckpointCommands(null, null, null, new Images(Path.of("/home"))), new PartCommands(null, null, null, null, null), new PartInfoCommands(null, null, null, null, null), new WhyCommands(null, null, null, null, null, null), new DemoCommands(null, null, null), new Help(null), new ShellCommands(), new FrameworkCommands(null, null, null), new GuestCommands(null), new PauseCommands(null)).flatMap(group -> Command.of(group)
                .stream()).toList();
    }

    @Test
    void everyCommandIsDescribedWithExamples() {
        assertTrue(all().size() >= 24, all().toString());
        for (Command command : all()) {
            assertFalse(command.summary().isBlank(), command.toString());
            assertFalse(command.examples().isEmpty(), command.toString());
            assertTrue(command.options().stream().allMatch(slot -> slot.isFlag() != !slot.value().isEmpty() && slot.absent() != null),
                    command.toString());
        }
    }

    @Test
    void everyExampleOfACommandIsUnderstoodByIt() {
        for (Command command : all()) {
            for (String example : command.examples()) {
                for (Parser.Statement statement : new Parser(example.replaceFirst("\\s+#.*", "")).statements()) {
                    List<String> words = statement.tokens().stream().map(Token::toString).toList();
                    if (words.getFirst().equals(command.toString()) && !words.contains("--help")) {
                        assertDoesNotThrow(() -> command.parse(null, words.subList(1, words.size())), example);
                    }
                }
            }
        }
    }

    @Test
    void overviewNamesEveryCommandOnce() {
        String overview = Help.overview(all(), PLAIN);
        for (Command command : all()) {
            long lines = overview.lines().filter(line -> line.startsWith("  " + command + " ")).count();
            assertEquals(command.name().equals("default") ? 0 : 1, lines, command.toString());
        }
    }

    @Test
    void helpsFitSixtyColumns() {
        Screen narrow = new Screen(System.out, false, true, () -> 60);
        List<String> texts = Stream.concat(all().stream().map(command -> Help.of(command, narrow)), Stream.of(Help.overview(all(), narrow))).toList();
        for (String line : texts.stream().flatMap(String::lines).toList()) {
            assertTrue(line.length() <= 60, line);
        }
        String wide = Help.overview(all(), PLAIN).replaceAll("\\s+", " ");
        assertEquals(wide, texts.getLast().replaceAll("\\s+", " "), "nothing is lost");
    }

    @Test
    void helpOfACommandShowsUsageOptionsDefaultsAndExamples() {
        String help = Help.of(all().stream().filter(c -> c.toString().equals("checkpoint:take")).findFirst().orElseThrow(), PLAIN);
        assertTrue(help.contains("Usage: checkpoint:take MACHINE [--protocol PROTOCOL]"), help);
        assertTrue(help.contains("-t, --tracker TRACKER"), help);
        assertTrue(help.contains("(as vm:use has chosen; else writefault)"), help);
        assertTrue(help.contains("Examples\n  checkpoint:take cg\n"), help);
    }
}
