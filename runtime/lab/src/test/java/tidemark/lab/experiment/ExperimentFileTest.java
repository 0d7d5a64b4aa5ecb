package tidemark.lab.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExperimentFileTest {
    private static final String GOOD = """
            name: demo
            repetitions: 3
            seed: 5
            launch: {share: 0.5}
            defaults: {cpu: interpreter, ram: 64, tracker: card}
            workloads:
              CG: {guest: cg.S}
              MINE: {kernel: my.elf, success: 'ALL WELL', console: [{expect: '# ', send: 'go\\n'}]}
            methods:
              stop: {protocol: stop}
              live: {protocol: live, options: {bandwidthLimitMiBps: 100}}
            factors: {ram: [64, 128], copier: [single, pool]}
            """;

    @TempDir
    Path directory;

    private Experiment read(String text) throws Exception {
        return ExperimentFile.read(Files.writeString(directory.resolve("e.yaml"), text));
    }

    @Test
    void everyWorkloadMeetsEveryMethodAndValueOncePerBlockBesideItsControl() throws Exception {
        List<Cell> plan = read(GOOD).plan();
        // 2 workloads x 2 RAM sizes x (a control, 2 methods x 2 copiers); pilots: 2 x 2
        assertEquals(4 + 3 * 2 * 2 * (1 + 2 * 2), plan.size());
        for (int block = 0; block < 3; block++) {
            int of = block;
            List<Cell> cells = plan.stream().filter(cell -> cell.block() == of).toList();
            assertEquals(20, cells.stream().map(cell -> cell.workload() + cell.method() + cell.checkpoint() + cell.machine()).distinct().count());
            assertEquals(4, cells.stream().filter(Cell::isControl).count());
        }
        Cell live = plan.stream().filter(cell -> cell.method().equals("live")).findFirst().orElseThrow();
        assertEquals("100", live.checkpoint().get("o.bandwidthLimitMiBps"));
        assertEquals("card", live.checkpoint().get("tracker"));
        assertTrue(plan.subList(0, 4).stream().allMatch(Cell::isPilot));
    }

    @Test
    void theOrderFollowsFromTheSeed() throws Exception {
        assertEquals(read(GOOD).plan(), read(GOOD).plan());
        assertNotEquals(order(read(GOOD).plan()), order(read(GOOD.replace("seed: 5", "seed: 6")).plan()));
    }

    private static String order(List<Cell> plan) {
        return plan.stream().map(cell -> cell.workload() + cell.method()).collect(Collectors.joining(" "));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
        "repetitions: 3          | repetitions: many         | e.yaml:2: repetitions: many; give a whole number from 1 to 1000",
        "repetitions: 3          | repetition: 3             | e.yaml:2: unknown key 'repetition' of the experiment",
        "launch: {share: 0.5}    | launch: {share: 2}        | e.yaml:4: share: 2; give a number between 0 and 1",
        "launch: {share: 0.5}    | launch: {}                | e.yaml:4: launch needs one of share, instructions and console",
        "launch: {share: 0.5}    | launch: {console: '('}    | e.yaml:4: console: ( is no regular expression",
        "{guest: cg.S}           | {guest: cg.S, kernel: k}  | e.yaml:7: workload CG needs guest or kernel, one of them",
        "success: 'ALL WELL',    |                           | e.yaml:8: workload MINE needs success",
        "~  stop: {protocol: stop}~ | ~  control: {}~           | e.yaml:10: the method control is always there",
        "{protocol: stop}        | [stop]                    | e.yaml:10: stop must be a mapping",
        "copier: [single, pool]  | copier: []                | factor copier has no values",
        "copier: [single, pool]  | colour: [red]             | unknown key 'colour' of factors",
        "seed: 5                 | ~seed: 5\nseed: 6~        | 'seed' is given twice",
        "seed: 5                 | ~seed: {{~                | e.yaml:",
    })
    void whatIsWrongIsToldWithItsLine(String good, String bad, String message) {
        String text = GOOD.replace(good, bad == null ? "" : bad.replace("\\n", "\n"));
        String told = assertThrows(ExperimentException.class, () -> read(text)).getMessage();
        assertTrue(told.contains(message), told);
    }

    @Test
    void aliasesThatMakeASmallFileAHugeOneAreRefused() {
        String bomb = "a: &a [x, x, x, x]\nb: &b [*a, *a, *a, *a]\nc: [*b, *b, *b]\n";
        assertThrows(ExperimentException.class, () -> read(bomb));
    }

    @Test
    void theExperimentsThatShipAreRight() throws Exception {
        try (Stream<Path> files = Files.list(Path.of("../../launch/experiments"))) {
            List<Path> all = files.filter(file -> file.toString().endsWith(".yaml")).toList();
            assertTrue(all.size() >= 3, all.toString());
            for (Path file : all) {
                assertEquals(file.getFileName().toString(), ExperimentFile.read(file).name() + ".yaml");
            }
        }
    }
}
