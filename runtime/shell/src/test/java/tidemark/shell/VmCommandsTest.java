package tidemark.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.felix.service.command.CommandSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tidemark.api.device.Disk;
import tidemark.api.machine.DiskInfo;
import tidemark.api.machine.Machine.Power;
import tidemark.api.machine.MachineException;
import tidemark.api.machine.MachineSpec;
import tidemark.api.shell.CommandError;
import tidemark.api.shell.Screen;

class VmCommandsTest {
    private final Fakes.FakeMachines machines = new Fakes.FakeMachines();
    private final CommandSession session = new Fakes.FakeSession(Path.of("/home/ada")).session();
    private final List<Command> commands = Stream.of(new VmCommands(machines.machines(), Fakes.checkpoints()), new ConsoleCommands(machines.machines()),
            new CreateCommands(machines.machines(), Fakes.parts()), new PauseCommands(machines.machines())).flatMap(group -> Command.of(group).stream()).toList();

    static MachineSpec spec(String name) {
        return MachineSpec.of(Map.of("name", name, "guest", "cg.S"));
    }

    private Object run(String line) throws CommandError {
        String[] words = line.split(" ");
        return commands.stream().filter(c -> c.name().equals(words[0])).findFirst().orElseThrow()
                .execute(session, Arrays.stream(words).skip(1).map(Object.class::cast).toList());
    }

    @Test
    void powerFollowsTheCommands() throws CommandError {
        run("create cg --guest cg.S --start");
        assertEquals(Power.RUNNING, machines.all.get("cg").power);
        assertEquals("paused", ((MachineInfo) run("pause cg")).power());
        assertEquals("running", ((MachineInfo) run("resume cg")).power());
        assertEquals("running", ((MachineInfo) run("reset cg")).power());
        assertEquals(1, machines.all.get("cg").resets);
        assertEquals("off", ((MachineInfo) run("stop cg")).power());
        assertEquals(List.of("cg"), ((List<?>) run("list")).stream().map(Object::toString).toList());
        run("destroy cg");
        assertTrue(machines.all.isEmpty());
    }

    @Test
    void partsAreListedAndReplacedWithThePauseOfEach() throws CommandError {
        machines.create(spec("cg")).start();
        assertEquals(List.of("cpu", "protocol", "tracker", "copier", "layout", "stop"), ((List<?>) run("use cg")).stream().map(used -> ((InUse) used).part())
                .toList());
        List<?> done = (List<?>) run("use cg cpu=translator cpu=interpreter");
        assertEquals(List.of(new Exchange("cpu", "interpreter", "translator", Duration.ofNanos(50_000)),
                new Exchange("cpu", "translator", "interpreter", Duration.ofNanos(50_000))), done);
        assertTrue(Tables.of(done).orElseThrow().render(Screen.plain(System.out)).contains("50.0 us"),
                Tables.of(done).orElseThrow().render(Screen.plain(System.out)));
        for (String wrong : List.of("cpu", "=translator", "cpu=")) {
            assertTrue(assertThrows(CommandError.class, () -> run("use cg " + wrong)).getMessage().contains("write PART=NAME"));
        }
        assertTrue(assertThrows(CommandError.class, () -> run("use cg gpu=fast")).getMessage()
                .contains("machine cg has no part 'gpu'; did you mean cpu? there are cpu, protocol"));
    }

    @Test
    void partsOfTheNextCheckpointsAreChosenTheSameWay() throws CommandError {
        machines.create(spec("cg")).start();
        assertEquals(List.of(new Exchange("tracker", "writefault", "card", Duration.ZERO), new Exchange("cpu", "interpreter", "translator",
                Duration.ofNanos(50_000))),
                run("use cg tracker=card cpu=translator"));
        String shown = Tables.of(run("use cg")).orElseThrow().render(Screen.plain(System.out));
        assertTrue(shown.matches("(?s).*\\ntracker +tracker +card +-\\n.*"), shown);
        String info = Tables.of(run("info cg")).orElseThrow().render(Screen.plain(System.out));
        assertTrue(info.contains("protocol thread, tracker card, copier single"), info);
        assertTrue(assertThrows(CommandError.class, () -> run("use cg copier=none")).getMessage().contains("No copier part 'none' is deployed"));
    }

    @Test
    void pausesAreSummedUpAndJudged() throws CommandError {
        machines.create(spec("cg")).start();
        assertTrue(assertThrows(CommandError.class, () -> run("pauses cg --least 1")).getMessage().startsWith("Machine cg: cpu replaced less than 1 times"));
        run("use cg cpu=translator cpu=interpreter");
        String table = Tables.of(run("pauses cg --least 2 --within 1")).orElseThrow().render(Screen.plain(System.out));
        assertTrue(table.matches("(?s).*engine and devices +all +2 +50.0 us +50.0 us"), table);
        assertTrue(assertThrows(CommandError.class, () -> run("pauses cg --within 0.049")).getMessage().contains("50.0 us (median)"));
    }

    @Test
    void quantilesAreOfThePausesThemselves() {
        List<Duration> pauses = Stream.of(5, 1, 4, 2, 3, 100).map(Duration::ofMillis).toList();
        assertEquals(Duration.ofMillis(3), Pauses.quantile(pauses, 0.5));
        assertEquals(Duration.ofMillis(100), Pauses.quantile(pauses, 1));
        assertEquals(Duration.ZERO, Pauses.quantile(List.of(), 0.5));
    }

    @Test
    void timesAreZeroOrMore() {
        machines.create(spec("cg"));
        for (String time : List.of("-1", "NaN")) {
            String refusal = assertThrows(CommandError.class, () -> run("wait cg --timeout " + time)).getMessage();
            assertTrue(refusal.startsWith("--timeout " + time) && refusal.endsWith("give a number of seconds, 0 or more"), refusal);
        }
    }

    @Test
    void infoNamesDisksWithTheirLayersAndConsoles() throws CommandError {
        machines.create(spec("cg"));
        Disk disk = Fakes.of(Disk.class, new Object() {
            public long size() {
                return 64 << 20;
            }

            public boolean writable() {
                return false;
            }
        });
        machines.all.get("cg").disks.add(new DiskInfo("disk0", disk, List.of(Path.of("/d/top"), Path.of("/d/below"))));
        String table = Tables.of(run("info cg")).orElseThrow().render(Screen.plain(System.out));
        assertTrue(table.contains("disk          disk0: 64 MiB, read-only, /d/top, 2 layers"), table);
        assertTrue(table.contains("consoles      uart0"), table);
    }

    @Test
    void infoSaysHowMuchOfARunningGuestIsTranslatedNow() throws CommandError {
        machines.create(spec("cg"));
        Fakes.FakeMachine cg = machines.all.get("cg");
        cg.power = Power.RUNNING;
        cg.executes = 1_000_000;
        cg.translates = 987_000;
        String table = Tables.of(run("info cg")).orElseThrow().render(Screen.plain(System.out));
        assertTrue(table.contains(" MIPS, 98.7 % of them in translated code"), table);
        cg.translates = 0;
        assertFalse(Tables.of(run("info cg")).orElseThrow().render(Screen.plain(System.out)).contains("translated"), "an interpreter");
    }

    @Test
    void waitSaysWhatItWaitedForInVain() throws CommandError {
        machines.create(spec("cg"));
        machines.all.get("cg").log.print(" Verification    =  SUCCESSFUL\n");
        assertEquals("off", run("wait cg"));
        assertEquals("SUCCESSFUL", run("wait cg --for SUCC\\w+"));
        String never = assertThrows(CommandError.class, () -> run("wait cg --for FAILED")).getMessage();
        assertTrue(never.startsWith("Machine cg has printed nothing that matches 'FAILED' before it went off"), never);
        assertTrue(assertThrows(CommandError.class, () -> run("wait cg --until running --timeout 2")).getMessage()
                .contains("is off, not running, after 2.00 s"));
        assertTrue(assertThrows(CommandError.class, () -> run("wait cg --for (")).getMessage().startsWith("'(' is no regular expression"));
    }

    @Test
    @Timeout(60)
    void waitEndsWhenTheMachineHasPausedItself() throws CommandError {
        machines.create(spec("cg"));
        machines.all.get("cg").power = Power.PAUSED;
        machines.all.get("cg").reason = "a write to disk0 waits: no space; make room there; then vm:resume cg";
        for (String wait : List.of("wait cg --timeout 1000", "wait cg --for x --timeout 1000", "wait cg --until running --timeout 1000")) {
            assertEquals("vm:wait: machine cg has paused itself: a write to disk0 waits: no space; make room there; then vm:resume cg",
                    assertThrows(CommandError.class, () -> run(wait)).getMessage());
        }
        assertEquals("paused", run("wait cg --until paused"));
        machines.all.get("cg").reason = "";
        assertTrue(assertThrows(CommandError.class, () -> run("wait cg --timeout 0.1")).getMessage().contains("is paused, not off"), "by the user: waits");
    }

    @Test
    void waitFailsWithTheCodeOfTheGuestIfItIsAskedTo() throws CommandError {
        machines.create(spec("cg"));
        machines.all.get("cg").exitCode = 42;
        assertEquals("off", run("wait cg"));
        CommandError error = assertThrows(CommandError.class, () -> run("wait cg --code"));
        assertEquals("vm:wait: the guest of machine cg ended with code 42", error.getMessage());
        assertEquals(42, error.exitCode());
        assertTrue(assertThrows(CommandError.class, () -> run("wait cg --code --for x")).getMessage().contains("--code goes with"));
        machines.all.get("cg").exitCode = 0;
        assertEquals("off", run("wait cg --code"));
    }

    @Test
    void unknownMachineIsTheMachinesOwnError() {
        assertThrows(MachineException.class, () -> machines.get("gc"));
        assertEquals("There is no machine gc", assertThrows(CommandError.class, () -> run("start gc")).getMessage());
    }
}
