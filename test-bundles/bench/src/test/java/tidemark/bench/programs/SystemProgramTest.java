package tidemark.bench.programs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SystemProgramTest {
    private final SystemProgram loop = new SystemProgram("loop", "nothing", "seq @200@ @5@ | wc -l");

    @Test
    void amountsAreScaledAndNeverNothing() {
        assertEquals("seq 20 1 | wc -l", loop.scaled(10).commands());
        assertEquals("seq 200 5 | wc -l", loop.scaled(100).commands());
    }

    @Test
    void theEchoOfWhatIsTypedIsNoMark() {
        String echo = "~ # " + loop.scaled(100).typed();
        assertFalse(loop.begin().matcher(echo).find(), echo);
        assertFalse(loop.end().matcher(echo).find(), echo);
    }

    @Test
    void theResultIsWhatStandsBetweenTheMarks() {
        String console = "~ # echo BEGIN$((0)) loop; ...\nBEGIN0 loop\n200\n 7\nEND0 loop\n~ # ";
        assertTrue(loop.begin().matcher(console).find() && loop.end().matcher(console).find());
        assertEquals("200\n 7", loop.result(console));
    }

    @Test
    void namesAreDifferentAndEveryAmountIsMarked() {
        assertEquals(SystemProgram.ALL.size(), SystemProgram.ALL.stream().map(SystemProgram::name).distinct().count());
        for (SystemProgram program : SystemProgram.ALL) {
            assertFalse(program.scaled(100).typed().contains("@"), program.typed());
            assertFalse(program.scaled(10).commands().equals(program.scaled(100).commands()), program.name());
        }
    }
}
