package tidemark.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.felix.service.command.CommandSession;
import org.junit.jupiter.api.Test;
import tidemark.api.machine.ClockMode;
import tidemark.api.machine.Machine.Power;
import tidemark.api.machine.MachineException;
import tidemark.api.machine.MachineSpec;
import tidemark.api.shell.CommandError;

class VmCommandsTest {
    private final Fakes.FakeMachines machines = new Fakes.FakeMachines();
    private final CommandSession session = new Fakes.FakeSession(Path.of("/home/ada")).session();
    private final List<Command> commands = Command.of(new VmCommands(machines.machines()));

    static MachineSpec spec(String name) {
        return MachineSpec.of(Map.of("name", name, "guest", "cg.S"));
    }

    private Object run(String line) throws CommandError {
        String[] words = line.split(" ");
        return commands.stream().filter(c -> c.name().equals(words[0])).findFirst().orElseThrow()
                .execute(session, Arrays.stream(words).skip(1).map(Object.class::cast).toList());
    }

    @Test
    void createdMachineHasWhatWasAskedFor() throws CommandError {
        MachineInfo made = (MachineInfo) run("create exact --guest ep.S --ram 64 --clock instructions");
        assertEquals("off", made.power());
        assertEquals(64, made.spec().ramMiB());
        assertEquals(ClockMode.INSTRUCTIONS, made.spec().clock());
        assertEquals("ep.S", made.program());
        assertEquals(4, made.spec().devices().size());
    }

    @Test
    void filesAreMeantFromTheSessionsFolder() throws CommandError {
        assertEquals("/home/ada/build/x.elf", ((MachineInfo) run("create k --kernel build/x.elf")).spec().kernel());
    }

    @Test
    void whatTheSpecificationRefusesIsSaidInItsWords() {
        assertEquals("ram=0 of machine a: give 1 to 16384 MiB", assertThrows(CommandError.class, () -> run("create a --ram 0"))
                .getMessage());
    }

    @Test
    void powerFollowsTheCommands() throws CommandError {
        run("create cg --guest cg.S --start");
        assertEquals(Power.RUNNING, machines.all.get("cg").power);
        assertEquals("paused", ((MachineInfo) run("pause cg")).power());
        assertEquals("running", ((MachineInfo) run("resume cg")).power());
        assertEquals("off", ((MachineInfo) run("stop cg")).power());
        assertEquals(List.of("cg"), ((List<?>) run("list")).stream().map(Object::toString).toList());
        run("destroy cg");
        assertTrue(machines.all.isEmpty());
    }

    @Test
    void consoleShowsTheLastLinesAndAnswers() throws CommandError {
        machines.create(spec("cg"));
        Fakes.FakeMachine cg = machines.all.get("cg");
        cg.console = "one\ntwo\nthree\n";
        assertEquals("two\nthree", run("console cg -n 2"));
        assertNull(run("console cg --send uname"));
        assertEquals(List.of("uname\n"), cg.sent);
        assertEquals("three", run("console cg --expect th..e"));
    }

    @Test
    void aNegativeNumberOfLinesIsNoneAndTimesAreZeroOrMore() throws CommandError {
        machines.create(spec("cg"));
        machines.all.get("cg").console = "one\ntwo\n";
        assertEquals("", run("console cg -n -5"));
        for (String time : List.of("-1", "NaN")) {
            String refusal = assertThrows(CommandError.class, () -> run("wait cg --timeout " + time)).getMessage();
            assertTrue(refusal.startsWith("--timeout " + time) && refusal.endsWith("give a number of seconds, 0 or more"), refusal);
        }
    }

    @Test
    void waitSaysWhatItWaitedForInVain() throws CommandError {
        machines.create(spec("cg"));
        machines.all.get("cg").console = " Verification    =  SUCCESSFUL\n";
        assertEquals("off", run("wait cg"));
        assertEquals("SUCCESSFUL", run("wait cg --for SUCC\\w+"));
        String never = assertThrows(CommandError.class, () -> run("wait cg --for FAILED")).getMessage();
        assertTrue(never.startsWith("Machine cg has printed nothing that matches 'FAILED' before it went off"), never);
        assertTrue(assertThrows(CommandError.class, () -> run("wait cg --until running --timeout 2")).getMessage()
                .contains("is off, not running, after 2.00 s"));
        assertTrue(assertThrows(CommandError.class, () -> run("wait cg --for (")).getMessage().startsWith("'(' is no regular expression"));
    }

    @Test
    void unknownMachineIsTheMachinesOwnError() {
        assertThrows(MachineException.class, () -> machines.get("gc"));
        assertEquals("There is no machine gc", assertThrows(CommandError.class, () -> run("start gc")).getMessage());
    }
}
