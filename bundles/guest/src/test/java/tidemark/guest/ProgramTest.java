package tidemark.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tidemark.api.machine.MachineException;
import tidemark.api.machine.MachineSpec;

class ProgramTest {
    private final Program program = new Program(ProgramTest.class, "absent", "has no file", 3);

    @Test
    void theLastVerificationLineCounts() {
        assertEquals(Optional.of("UNSUCCESSFUL"), program.verification(
                " Verification    =               SUCCESSFUL\r\n Verification    =             UNSUCCESSFUL\r\n"));
        assertEquals(Optional.of("SUCCESSFUL"), program.verification("boot\n Verification    =               SUCCESSFUL\n Version         = "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " VERIFICATION SUCCESSFUL\n", " Verification    =               SUCCESS", "Arguments: Verification = SUCCESSFUL\n"})
    void noVerdictIsReadFromOtherOrUnfinishedLines(String console) {
        assertEquals(Optional.empty(), program.verification(console));
    }

    @Test
    void aProgramThatNeedsADiskHasAnEmptyOneThatGoesWithItsMachine(@TempDir Path cache) throws Exception {
        Program writer = new Program(ProgramTest.class, "writer", "writes", 3, 5);
        Path disk = cache.resolve("made/empty-5G.img");
        Map<String, String> environment = Map.of("TIDEMARK_CACHE", cache.resolve("made").toString());
        String devices = MachineSpec.DEFAULT_DEVICES + "; disk0=virtio.block,file=" + disk + ",format=raw,access=scratch";
        assertEquals(Map.of("devices", devices), writer.settings(environment));
        assertEquals(5L << 30, Files.size(disk));
        assertEquals(1, Files.getAttribute(disk, "unix:nlink"), "it has no unfinished name any more");
        Object made = Files.getAttribute(disk, "unix:ctime");
        assertEquals(Map.of("devices", devices), writer.settings(environment));
        assertEquals(made, Files.getAttribute(disk, "unix:ctime"), "machines and images rely on the file: it is not made again");
        assertEquals(Map.of(), program.settings(environment));
    }

    @Test
    void anEmptyDiskThatCannotBeMadeIsNamedWithTheWayOut(@TempDir Path cache) throws Exception {
        Path file = Files.writeString(cache.resolve("file"), "no folder");
        Program writer = new Program(ProgramTest.class, "writer", "writes", 3, 5);
        String refusal = assertThrows(MachineException.class, () -> writer.settings(Map.of("TIDEMARK_CACHE", file.toString()))).getMessage();
        assertTrue(refusal.contains(file.resolve("empty-5G.img").toString()) && refusal.endsWith("set TIDEMARK_CACHE to another folder"), refusal);
    }

    @Test
    void anElfFileThatTheBundleLacksIsNamed() {
        assertTrue(assertThrows(IllegalStateException.class, program::kernel).getMessage().contains("absent.elf is missing"));
    }
}
