package tidemark.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
    void anElfFileThatTheBundleLacksIsNamed() {
        assertTrue(assertThrows(IllegalStateException.class, program::kernel).getMessage().contains("absent.elf is missing"));
    }
}
