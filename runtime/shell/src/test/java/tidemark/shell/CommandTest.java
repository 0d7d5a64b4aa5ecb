package tidemark.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.junit.jupiter.api.Test;
import tidemark.api.machine.MachineException;
import tidemark.api.shell.CommandError;
import tidemark.api.shell.CommandGroup;
import tidemark.api.shell.Example;
import tidemark.api.shell.Value;

class CommandTest {
    private final CommandSession session = new Fakes.FakeSession(Path.of("/")).session();
    private final List<Command> commands = Command.of(new Sample());

    public static final class Sample implements CommandGroup {
        @Override
        public String scope() {
            return "sample";
        }

        @Override
        public String title() {
            return "Samples";
        }

        @Descriptor("puts everything into one line")
        @Example("sample:join a --number 3")
        public String join(@Descriptor("a name") @Value("NAME") String name, @Descriptor("a number") @Parameter(names = {"-n", "--number"},
                absentValue = "7") @Value("N") int number,
                CommandSession session, @Descriptor("a flag") @Parameter(names = "--loud", absentValue = "false",
                presentValue = "true") boolean loud,
                @Descriptor("options") @Parameter(names = {"-o", "--option"}, absentValue = "") @Value("KEY=VALUE") List<String> options,
                @Descriptor("the rest") @Value("[REST]") List<String> rest) {
            return name + " " + number + " " + loud + " " + options + " " + rest + " " + session.currentDir();
        }

        @Descriptor("fails")
        @Example("sample:fail")
        public void fail() {
            throw new MachineException("the reason and the way out");
        }

        @Descriptor("is broken")
        @Example("sample:breaks")
        public void breaks() {
            throw new IllegalStateException("wheel came off");
        }
    }

    private Object run(String name, Object... words) throws CommandError {
        return commands.stream().filter(c -> c.name().equals(name)).findFirst().orElseThrow().execute(session, List.of(words));
    }

    private String error(String name, Object... words) {
        return assertThrows(CommandError.class, () -> run(name, words)).toString();
    }

    @Test
    void optionsMayStandAnywhereAndBeGivenInEveryForm() throws CommandError {
        assertEquals("a 7 false [] [] /", run("join", "a"));
        assertEquals("a 3 true [x=1, y=2] [b, c] /", run("join", "-n", "3", "a", "-o", "x=1", "--loud", "b", "--option=y=2", "c"));
    }

    @Test
    void afterTwoDashesNothingIsAnOption() throws CommandError {
        assertEquals("--loud 7 false [] [-x] /", run("join", "--", "--loud", "-x"));
    }

    @Test
    void negativeNumbersAreNoOptions() throws CommandError {
        assertEquals("a -3 false [] [-4] /", run("join", "a", "-n", "-3", "-4"));
    }

    @Test
    void unknownOptionIsRefusedWithTheNearestOne() {
        assertEquals("sample:join: there is no option --nubmer; did you mean --number? See sample:join --help",
                error("join", "a", "--nubmer", "3"));
        assertEquals("sample:join: there is no option --zebra. See sample:join --help", error("join", "a", "--zebra"));
    }

    @Test
    void missingAndSuperfluousArgumentsAreNamed() {
        assertEquals("sample:join: NAME is missing; see sample:join --help", error("join"));
        assertEquals("sample:fail: 'b' is too much; write sample:fail", error("fail", "b"));
        assertEquals("sample:join: --number needs a value, N", error("join", "a", "--number"));
        assertEquals("sample:join: --number 'x' is no whole number", error("join", "a", "-n", "x"));
        assertEquals("sample:join: --loud takes no value", error("join", "a", "--loud=yes"));
    }

    @Test
    void refusalsShowTheirMessageOnlyAndBugsSayWhatTheyAre() {
        assertEquals("the reason and the way out", error("fail"));
        assertEquals("sample:breaks: wheel came off (IllegalStateException)", error("breaks"));
    }

    @Test
    void helpIsShownForTheOptionAndNothingIsRun() throws CommandError {
        String help = (String) run("fail", "--help");
        assertTrue(help.startsWith("sample:fail: fails\n\nUsage: sample:fail\n"), help);
        assertTrue(((String) run("join", "-h"))
                .contains("Usage: sample:join NAME [REST]... [--number N] [--loud] [--option KEY=VALUE]..."));
    }

    @Test
    void resultsOfOtherCommandsAreTakenAsWhatTheyName() throws CommandError {
        assertEquals("cg 7 false [] [] /", run("join", new Fakes.FakeMachine(VmCommandsTest.spec("cg")).machineInfo()));
    }
}
