package tidemark.firmware.sbi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import tidemark.api.cpu.Hart;

class IpiTest extends SbiFixture {
    private static final long IPI = 0x735049;

    /** Harts that have SSIP pending, after a boundary. */
    private List<Integer> pending() {
        machine.boundaries();
        return machine.harts().stream().filter(hart -> (hart.mip() & Hart.SSIP) != 0).map(hart -> hart.id).toList();
    }

    @Test
    void supervisorSoftwareInterruptIsPendingAtEveryHartOfTheMask() {
        assertEquals(ok(0), call(0, IPI, 0, 0b101, 0));
        assertEquals(List.of(0, 2), pending());
    }

    @Test
    void maskBeginsAtItsBase() {
        assertEquals(ok(0), call(0, IPI, 0, 0b10, 1));
        assertEquals(List.of(2), pending());
    }

    @Test
    void baseOfMinusOneMeansAllHartsWhateverTheMask() {
        assertEquals(ok(0), call(0, IPI, 0, 0, -1));
        assertEquals(List.of(0, 1, 2), pending());
    }

    @Test
    void noHartIsInterruptedIfOneOfThemDoesNotExist() {
        for (long[] mask : new long[][] {{0b1000, 0}, {0b1001, 0}, {0b100, 1}, {1, 3}, {0, 3}, {1, 64}, {1L << 63, 0}, {1, Long.MIN_VALUE}, {1, -2}}) {
            assertEquals(error(INVALID_PARAM), call(0, IPI, 0, mask[0], mask[1]));
        }
        assertEquals(List.of(), pending());
    }

    @Test
    void emptyMaskIsNoHart() {
        assertEquals(ok(0), call(0, IPI, 0, 0, 0));
        assertEquals(List.of(), pending());
    }
}
