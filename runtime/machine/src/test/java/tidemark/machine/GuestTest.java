package tidemark.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tidemark.api.machine.Machine;
import tidemark.api.machine.Machine.Power;
import tidemark.api.state.State;
import tidemark.cpu.interpreter.InterpreterPart;
import tidemark.guest.npb.NpbGuests;

/** Real guests on the real interpreter. */
@Timeout(120)
class GuestTest {
    private static final Duration LONG = Duration.ofSeconds(100);
    private final Rig rig = new Rig(context -> {});

    GuestTest() {
        NpbGuests guests = new NpbGuests();
        rig.parts.add("cpu", "interpreter", new InterpreterPart());
        for (String name : List.of("hello", "echo", "ep.S", "ab", "storm")) {
            rig.parts.add("guest", name, guests);
        }
    }

    @AfterEach
    void close() {
        rig.close();
    }

    private Machine guest(String... settings) {
        return rig.machines.create(Rig.spec("guest", settings));
    }

    @Test
    void helloPrintsItsArgumentsAndPowersOff() throws Exception {
        Machine machine = guest("guest=hello", "arguments=one two");
        machine.start();
        assertTrue(machine.await(Power.OFF, LONG));
        assertEquals(0, machine.status().exitCode());
        assertTrue(machine.console().text().contains("one two"), machine.console().text());
        long instructions = machine.instructions();
        machine.start();
        assertTrue(machine.await(Power.OFF, LONG));
        assertEquals(instructions, machine.instructions(), "the second run is as the first");
    }

    @Test
    void echoAnswersWhatIsSentOnItsConsole() throws Exception {
        Machine machine = guest("guest=echo");
        machine.start();
        for (String word : List.of("tidemark", "second line, which is longer than a FIFO")) {
            long position = machine.console().position();
            machine.console().send((word + "\n").getBytes(StandardCharsets.US_ASCII));
            assertTrue(machine.console().expect(Pattern.compile(word), position, LONG).isPresent(), machine.console().text());
        }
        machine.console().send(new byte[] {'q'});
        assertTrue(machine.await(Power.OFF, LONG));
    }

    @Test
    void runsThatCountInstructionsRepeatToTheBitWhateverInterruptsThem() throws Exception {
        List<List<State>> ends = new ArrayList<>();
        for (int run = 0; run < 2; run++) {
            Machine machine = guest("guest=storm", "ram=32", "clock=instructions", "arguments=workingSetMiB=4 seconds=1");
            machine.runTo(20_000_000);
            for (int i = 0; run == 1 && i < 100; i++) {
                machine.handshake(() -> {
                    machine.flushWrites();
                    return null;
                });
                Thread.sleep(1);
            }
            assertTrue(machine.await(Power.PAUSED, LONG), machine.status() + " " + machine.console().text());
            ends.add(machine.saveState());
            rig.machines.destroy("guest");
        }
        assertEquals(ends.get(0), ends.get(1));
    }

    @Test
    void guestMovesToAnotherMachineInTheMiddleOfItsWork() throws Exception {
        Machine original = guest("guest=ep.S", "ram=4", "clock=instructions");
        original.runTo(5_000_000);
        assertTrue(original.await(Power.PAUSED, LONG));
        Machine copy = rig.paused("guest=ep.S", "clock=instructions");
        byte[] ram = new byte[(int) original.memory().size()];
        original.memory().read(original.memory().base(), ram, 0, ram.length);
        copy.memory().write(copy.memory().base(), ram, 0, ram.length);
        copy.loadState(original.saveState());
        for (Machine machine : List.of(original, copy)) {
            machine.runTo(10_000_000);
            assertTrue(machine.await(Power.PAUSED, LONG));
        }
        assertEquals(original.saveState(), copy.saveState());
        assertNotEquals(0, copy.harts().getFirst().x[2]);
    }
}
