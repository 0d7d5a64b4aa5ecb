package tidemark.firmware.sbi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class TimeTest extends SbiFixture {
    private static final long TIME = 0x54494D45;

    @Test
    void timerIsTheHartsOwnStimecmp() {
        assertEquals(ok(0), call(0, TIME, 0, 0x1234_5678_9ABCL));
        assertEquals(0x1234_5678_9ABCL, hart(0).stimecmp);
        assertEquals(ok(0), call(2, TIME, 0, -1));
        assertEquals(-1, hart(2).stimecmp);
        assertEquals(List.of(0, 2), machine.timerChanges);
    }
}
