package tidemark.litmus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tidemark.api.machine.Machine;
import tidemark.api.machine.Machine.Power;

/** Firmware {@code sbi} as a kernel sees it. */
@Timeout(120)
class SbiTest {
    static Iterable<String> engines() {
        return Engines.names();
    }

    @ParameterizedTest
    @MethodSource("engines")
    void kernelSeesWhatTheSpecificationPromises(String engine) throws Exception {
        SbiProgram program = new SbiProgram();
        try (Rig rig = new Rig()) {
            Machine machine = rig.machine(engine, 2, program.code());
            machine.start();
            assertTrue(machine.console().expect(Pattern.compile("!"), 0, Duration.ofSeconds(60)).isPresent(), machine.console().text());
            machine.console().send("x".getBytes(StandardCharsets.US_ASCII));
            assertTrue(machine.await(Power.OFF, Duration.ofSeconds(60)), machine.console().text());
            assertEquals(1, machine.status().exitCode());
            assertEquals(SbiProgram.GREETING + "!", machine.console().text());
            assertEquals(program.expected(), words(machine, SbiProgram.SEEN, program.expected().size()));
            assertEquals(program.expectedOfHart1(), words(machine, SbiProgram.seenByHart1(0), program.expectedOfHart1().size()));
        }
    }

    private static List<Long> words(Machine machine, long from, int count) {
        return IntStream.range(0, count).mapToObj(i -> Rig.word(machine, from + (long) i * Long.BYTES)).toList();
    }
}
