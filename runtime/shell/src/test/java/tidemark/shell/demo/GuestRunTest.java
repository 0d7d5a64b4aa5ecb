package tidemark.shell.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tidemark.api.machine.GuestPart.Guest;
import tidemark.api.machine.MachineSpec;
import tidemark.shell.Fakes;

/** How far a benchmark is, by what each of NPB's prints. */
class GuestRunTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
        CG    | " Iterations:    15\n   iteration           ||r||                 zeta\n        1       1.47E-13    9.99\n        2       1.47E-13    8.57\n" | 15  | 2
        BT    | " Iterations:  200    dt:   0.000800\n\n Time step    1\n Time step   20\n"                                                      | 200 | 20
        MG    | " Iterations:   4\n\n  iter   1\n  iter   3\n"                                                                                 | 4   | 3
        FT    | " Iterations          :          6\n T =     1     Checksum =     5.67E+02     5.29E+02\n"                                      | 6   | 1
        IS    | " Iterations:   10\n\n   iteration\n        1\n        2\n"                                                                   | 10  | 2
        EP    | " Number of random numbers generated:    16777216\n"                                                                           | 0   | 0
        begin | " Size:  1400  (class S)\n Iterations:   15\n"                                                                                 | 15  | 0
        end   | " Iterations:   4\n  iter   4\n Iterations      =                        4\n Size            =              32x  32x  32\n"    | 4   | 4
        """)
    void iterationsAreReadFromTheConsole(String benchmark, String console, int iterations, int last) {
        var machine = new Fakes.FakeMachine(MachineSpec.of(Map.of("name", "m", "guest", "any")));
        GuestRun run = GuestRun.of(machine.machine(), Fakes.of(Guest.class, new Object() { }));
        machine.log.print(console.replace("\\n", "\n"));
        assertEquals(iterations, run.iterations(), benchmark);
        assertEquals(last, run.iteration(), benchmark);
    }
}
