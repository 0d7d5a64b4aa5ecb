package tidemark.guest.npb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tidemark.guest.Program;
import tidemark.testkit.HostTool;

/** The guests on another machine than ours, each in the least RAM that it claims to need. */
@Execution(ExecutionMode.CONCURRENT)
class QemuTest {
    private static final int TRAP = 2;
    private static final int BAD_ARGUMENT = 3;
    private static final int NO_ROOM = 4;

    @TempDir
    Path directory;

    @BeforeEach
    void qemuIsInstalled() throws Exception {
        HostTool.require("qemu-system-riscv64", "qemu-system-misc");
    }

    @ParameterizedTest
    @CsvSource({"ep.S,", "cg.S,", "cg.W,", "bt.S,", "ft.S,", "is.S,", "is.W,", "lu.S,", "mg.S,", "sp.S,", "hello,", "ab, rounds=300", "ab, rounds=1000 workingSetMiB=1",
        "storm, seconds=1", "storm, seconds=1 rateMiBps=0 pattern=sequential bytesPerPage=4096 workingSetMiB=4"})
    void verifiesItselfAndPowersOff(String name, String arguments) throws Exception {
        HostTool.Outcome outcome = run(name, arguments == null ? "" : arguments);
        assertEquals(Optional.of("SUCCESSFUL"), program(name).verification(outcome.output()), outcome.output());
        assertEquals(0, outcome.exitCode());
    }

    @Test
    void dcWritesItsViewsToADiskAndVerifiesWhatItReadsFromIt() throws Exception {
        HostTool.Outcome outcome = run("dc.S", "rounds=2", disk("2M"));
        assertEquals(Optional.of("SUCCESSFUL"), program("dc.S").verification(outcome.output()), outcome.output());
        assertEquals(0, outcome.exitCode());
        assertEquals(2, outcome.output().split(" Checksum         =            464620213\n", -1).length - 1, outcome.output());
        assertTrue(outcome.output().contains(" Tuples Generated =                58464\n"), outcome.output());
    }

    @Test
    void dcSaysWhichDiskItNeedsIfThereIsNoneOrASmallerOne() throws Exception {
        HostTool.Outcome none = run("dc.S", "");
        assertTrue(none.output().contains("DC class S writes to a disk of 1 MiB or more; the first virtio disk here has 0. "), none.output());
        assertTrue(none.output().contains("disk:create FILE 1M makes one"), none.output());
        assertEquals(NO_ROOM, none.exitCode());
        HostTool.Outcome small = run("dc.W", "", disk("2G"));
        assertTrue(small.output().contains("DC class W writes to a disk of 2480 MiB or more; the first virtio disk here has 2048. "), small.output());
        assertEquals(NO_ROOM, small.exitCode());
    }

    private String[] disk(String size) throws Exception {
        Path file = directory.resolve("disk-" + size);
        HostTool.run(60, "truncate", "-s", size, file.toString());
        return new String[] {"-global", "virtio-mmio.force-legacy=false", "-drive", "if=none,id=disk,format=raw,file=" + file,
            "-device", "virtio-blk-device,drive=disk"};
    }

    @Test
    void helloPrintsItsArguments() throws Exception {
        assertEquals("Hello from Tidemark\nArguments: one two=2\n Verification    =               SUCCESSFUL\n", run("hello", "one two=2").output());
    }

    @Test
    void echoSendsBackWhatItIsSentUntilQ() throws Exception {
        Path elf = Files.write(directory.resolve("echo.elf"), program("echo").kernel());
        HostTool.Outcome outcome = HostTool.runWithInput("wave\rq", 60, "qemu-system-riscv64", "-M", "virt", "-bios", "none", "-nographic",
                "-m", program("echo").minimumRamMiB() + "M", "-kernel", elf.toString());
        assertEquals(new HostTool.Outcome(0, "Echo until q\nwave\nq\n Verification    =               SUCCESSFUL\n"), outcome);
    }

    @Test
    void classSOfEpTalliesTheCountsOfTheReport() throws Exception {
        String console = run("ep.S", "").output();
        assertTrue(console.contains("No. Gaussian Pairs =        13176389\n"), console);
        assertTrue(console.contains("\n  0         6140517\n  1         5865300\n  2         1100361\n  3           68546\n"), console);
    }

    @ParameterizedTest
    @CsvSource({"storm, seconds=soon, seconds must be a number", "ab, rounds=-1, rounds must be a number",
        "storm, bytesPerPage=4097, bytesPerPage must be a number from 0 to 4096"})
    void refusesAnArgumentThatIsNoNumberInItsRange(String name, String argument, String message) throws Exception {
        HostTool.Outcome outcome = run(name, argument);
        assertTrue(outcome.output().contains(message), outcome.output());
        assertEquals(BAD_ARGUMENT, outcome.exitCode());
    }

    @ParameterizedTest
    @CsvSource({"storm, 17", "ab, 9"})
    void refusesAWorkingSetThatRamDoesNotHold(String name, int mebibytes) throws Exception {
        HostTool.Outcome outcome = run(name, "workingSetMiB=" + mebibytes);
        assertTrue(outcome.output().contains("give a workingSetMiB from 1 to " + (mebibytes - 1)), outcome.output());
        assertEquals(NO_ROOM, outcome.exitCode());
    }

    @Test
    void aTrapIsReportedAndPowersOffWithAnError() throws Exception {
        HostTool.Outcome outcome = run("hello", "", "-cpu", "rv64,f=off,d=off");
        assertTrue(outcome.output().contains("Unexpected trap: mcause=0x2 mepc=0x800000"), outcome.output());
        assertEquals(TRAP, outcome.exitCode());
    }

    private static Program program(String name) {
        return NpbGuests.PROGRAMS.stream().filter(program -> program.name().equals(name)).findFirst().orElseThrow();
    }

    private HostTool.Outcome run(String name, String arguments, String... more) throws Exception {
        Path elf = Files.write(directory.resolve(name + ".elf"), program(name).kernel());
        List<String> command = new ArrayList<>(List.of("qemu-system-riscv64", "-M", "virt", "-bios", "none", "-nographic",
                "-m", program(name).minimumRamMiB() + "M", "-kernel", elf.toString(), "-append", arguments));
        command.addAll(List.of(more));
        return HostTool.run(300, command.toArray(String[]::new));
    }
}
