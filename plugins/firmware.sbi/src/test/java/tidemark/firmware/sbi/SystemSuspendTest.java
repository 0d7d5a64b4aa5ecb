package tidemark.firmware.sbi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import tidemark.api.cpu.Hart;

class SystemSuspendTest extends SbiFixture {
    private static final long SUSP = 0x53555350;
    private static final long HSM = 0x48534D;
    private static final long ENTRY = TestMachine.RAM + 0x3000;

    @Test
    void lastHartWaitsAndResumesAtItsAddress() {
        Hart hart = hart(0);
        hart.mie = Hart.SEIP;
        hart.satp = 8L << 60;
        callWithoutReturn(0, SUSP, 0, 0, ENTRY, 5);
        assertTrue(hart.waiting && hart.attention());
        assertEquals(ENTRY, hart.pc);
        assertEquals(0, hart.satp);
        assertEquals(Hart.SEIP, hart.mie);
    }

    @Test
    void suspensionIsDeniedWhileAnotherHartIsNotStopped() {
        call(0, HSM, 0, 2, ENTRY, 0);
        assertEquals(error(DENIED), call(0, SUSP, 0, 0, ENTRY, 5));
        machine.boundary(2);
        assertEquals(error(DENIED), call(0, SUSP, 0, 0, ENTRY, 5));
        assertFalse(hart(0).waiting);
        callWithoutReturn(2, HSM, 1);
        callWithoutReturn(0, SUSP, 0, 0, ENTRY, 5);
        assertTrue(hart(0).waiting);
    }

    @Test
    void otherSleepTypesAndWrongAddressesAreRefused() {
        assertEquals(error(INVALID_PARAM), call(0, SUSP, 0, 1, ENTRY, 0));
        assertEquals(error(INVALID_PARAM), call(0, SUSP, 0, 0x8000_0000L, ENTRY, 0));
        assertEquals(error(INVALID_ADDRESS), call(0, SUSP, 0, 0, 0x1000, 0));
        assertFalse(hart(0).waiting);
    }
}
