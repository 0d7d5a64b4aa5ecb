package tidemark.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tidemark.testkit.HostTool;

/** What README and TUTORIAL tell who writes a protocol, typed at a terminal as it stands there. */
@Timeout(300)
class TutorialIT {
    private static final int MOST_COMMANDS = 10;
    private static final Pattern COMMAND = Pattern
            .compile("^(?:tidemark> )?((?:launch/tidemark|my-protocol/build|\\w+:\\w+ ).*?)(?: +#.*)?$", Pattern.MULTILINE);
    private static final Pattern BLOCK = Pattern.compile("```\\w*\n(.*?)```", Pattern.DOTALL);
    private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final String SHELL = "typed> ";
    private static final String PROMPT = "tidemark> ";
    private static final String SOURCE = "my-protocol/src/main/java/protocol/my_protocol/MyProtocol.java";
    private static final Duration CONTRACT = Duration.ofMinutes(2);
    /** What each command shows, by how it begins. */
    private static final List<Entry<String, String>> SHOWS = List.of(Map.entry("launch/tidemark new", "Made my-protocol/"),
            Map.entry("my-protocol/build", "/my-protocol/target/my-protocol.jar"), Map.entry("launch/tidemark", PROMPT), Map.entry("vm:create", "uart0"),
            Map.entry("part:install", "active"), Map.entry("contract:run", "my-protocol keeps "), Map.entry("checkpoint:compare", "downtime"));

    @TempDir
    Path home;
    private String readme;
    private String tutorial;

    @BeforeEach
    void read() throws IOException {
        readme = between(Files.readString(Platform.ROOT.resolve("README.md")), "## Write a protocol", "## Experiments");
        tutorial = between(Files.readString(Platform.ROOT.resolve("TUTORIAL.md")), "## 1.", "## Going on");
    }

    private static String between(String text, String begin, String end) {
        return text.substring(text.indexOf(begin), text.indexOf(end));
    }

    private static List<String> commands(String text) {
        String blocks = String.join("", BLOCK.matcher(text).results().map(block -> block.group(1)).toList());
        return COMMAND.matcher(blocks).results().map(match -> match.group(1)).toList();
    }

    @Test
    void readmeAndTutorialTypeTheSameFewCommands() {
        assertEquals(commands(readme), commands(tutorial));
        assertTrue(commands(readme).size() <= MOST_COMMANDS, commands(readme).toString());
        assertEquals(SHOWS.size(), commands(readme).size(), commands(readme).toString());
    }

    @Test
    void theCommandsLeadFromNothingToAMeasuredComparison() throws Exception {
        HostTool.require("script", "bsdutils");
        Files.createSymbolicLink(home.resolve("launch"), Platform.ROOT.resolve("launch"));
        try (Terminal terminal = new Terminal(home, "stty rows 50 cols 200; PS1='" + SHELL + "' bash --norc --noprofile -i")) {
            terminal.awaits(SHELL);
            for (String command : commands(readme)) {
                type(terminal, command);
            }
            terminal.awaits("thread");
            terminal.awaits("my-protocol");
            terminal.awaits(PROMPT);
            assertGeneratedCodeIsThatOfTheText();
            aProtocolThatForgetsTheLastRoundIsFoundOut(terminal);
        }
        Files.delete(home.resolve("launch"));
    }

    private void type(Terminal terminal, String command) throws Exception {
        String shows = SHOWS.stream().filter(entry -> command.startsWith(entry.getKey())).findFirst().orElseThrow(() -> new AssertionError(command)).getValue();
        if (command.startsWith("contract:")) {
            assertCompletes(terminal, "checkpoint:take m1 -p my", " my-protocol");
            assertCompletes(terminal, "contract:run my", " my-protocol");
        }
        long before = System.nanoTime();
        terminal.type(command + "\r");
        terminal.awaits(shows, CONTRACT);
        if (!shows.equals(PROMPT) && !command.startsWith("checkpoint:compare")) {
            terminal.awaits(command.contains(":") ? PROMPT : SHELL);
        }
        System.out.printf("%6.2f s  %s%n", (System.nanoTime() - before) / 1e9, command);
    }

    private static void assertCompletes(Terminal terminal, String begun, String whole) throws Exception {
        terminal.type(begun + "\t");
        terminal.awaits(whole);
        terminal.type("\u0015");
    }

    private void assertGeneratedCodeIsThatOfTheText() throws IOException {
        String generated = Files.readString(home.resolve(SOURCE));
        String copyBeforeWrite = Files.readString(Platform.ROOT.resolve("plugins/protocol.cow/src/main/java/tidemark/protocol/cow/CopyBeforeWrite.java"));
        assertSnippetsAreOf(readme, generated);
        assertSnippetsAreOf(tutorial, generated, copyBeforeWrite);
    }

    /** @param sources what each snippet of Java is a part of, in order */
    private static void assertSnippetsAreOf(String text, String... sources) {
        List<String> snippets = JAVA.matcher(text).results().map(MatchResult::group).toList();
        assertEquals(sources.length, snippets.size());
        for (int i = 0; i < sources.length; i++) {
            String snippet = snippets.get(i).replace("```java\n", "").replace("```", "");
            assertTrue(sources[i].contains(snippet), snippet + "\nis not in:\n" + sources[i]);
        }
    }

    private void aProtocolThatForgetsTheLastRoundIsFoundOut(Terminal terminal) throws Exception {
        Path source = home.resolve(SOURCE);
        Files.writeString(source, Files.readString(source).replace("session.stopAndCopy(pending);",
                "session.pause(); session.nextEpoch(); session.saveDevices(); session.resume(); session.commit();"));
        HostTool.Outcome built = HostTool.run(120, home.resolve("my-protocol/build").toString());
        assertEquals(0, built.exitCode(), built.output());
        terminal.type("part:update my-protocol my-protocol/target/my-protocol.jar\r");
        terminal.awaits("guest stood");
        terminal.awaits(PROMPT);
        terminal.type("contract:run my-protocol\r");
        terminal.awaits("FAIL", CONTRACT);
        terminal.awaits("the image would lack the last bytes of");
        terminal.awaits("protocol.my_protocol.MyProtocol.take(MyProtocol.java:");
        terminal.awaits("my-protocol breaks", CONTRACT);
    }
}
