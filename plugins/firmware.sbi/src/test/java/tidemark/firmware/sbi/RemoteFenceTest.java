package tidemark.firmware.sbi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import tidemark.api.machine.FirmwareContext.Fence;

class RemoteFenceTest extends SbiFixture {
    private static final long RFENCE = 0x52464E43;

    @Test
    void everyHartOfTheMaskIsFenced() {
        assertEquals(ok(0), call(0, RFENCE, 0, 0b110, 0));
        assertEquals(ok(0), call(1, RFENCE, 1, 0b11, 1, 0x1000, 0x2000));
        assertEquals(ok(0), call(2, RFENCE, 2, 0, -1, 0, -1, 7));
        assertEquals(List.of("0 > 1", "0 > 2", "1 > 1", "1 > 2", "2 > 0", "2 > 1", "2 > 2"), machine.fences);
        assertEquals(List.of(Fence.EVERYTHING, Fence.TRANSLATIONS), machine.forgotten.subList(1, 3), "decoded code stays at a fence of translations");
    }

    @Test
    void hypervisorFencesAreNotSupportedByHartsWithoutHypervisorExtension() {
        for (int function = 3; function <= 6; function++) {
            assertEquals(error(NOT_SUPPORTED), call(0, RFENCE, function, 1, 0, 0, 0, 0));
        }
        assertEquals(List.of(), machine.fences);
    }

    @Test
    void noHartIsFencedIfOneOfThemDoesNotExist() {
        assertEquals(error(INVALID_PARAM), call(0, RFENCE, 1, 0b1001, 0, 0, -1));
        assertEquals(List.of(), machine.fences);
    }
}
