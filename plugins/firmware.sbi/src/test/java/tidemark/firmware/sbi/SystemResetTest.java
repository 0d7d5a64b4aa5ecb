package tidemark.firmware.sbi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class SystemResetTest extends SbiFixture {
    private static final long SRST = 0x53525354;

    @Test
    void shutdownTellsWhetherTheSystemFailed() {
        callWithoutReturn(0, SRST, 0, 0, 0);
        callWithoutReturn(0, SRST, 0, 0, 1);
        assertEquals(List.of("off 0", "off 1"), machine.powerRequests);
    }

    @Test
    void bothRebootsResetTheMachine() {
        callWithoutReturn(1, SRST, 0, 1, 0);
        callWithoutReturn(1, SRST, 0, 2, 1);
        assertEquals(List.of("reset", "reset"), machine.powerRequests);
    }

    @Test
    void reservedAndForeignTypesAndReasonsAreRefused() {
        for (long type : new long[] {3, 0xEFFF_FFFFL, 0xF000_0000L, 0xFFFF_FFFFL, -1}) {
            assertEquals(error(INVALID_PARAM), call(0, SRST, 0, type, 0));
        }
        for (long reason : new long[] {2, 0xDFFF_FFFFL, 0xE000_0000L, 0xF000_0000L, -1}) {
            assertEquals(error(INVALID_PARAM), call(0, SRST, 0, 0, reason));
        }
        assertEquals(List.of(), machine.powerRequests);
    }
}
