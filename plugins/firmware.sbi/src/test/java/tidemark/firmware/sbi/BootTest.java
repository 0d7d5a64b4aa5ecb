package tidemark.firmware.sbi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tidemark.testkit.Reg.A0;
import static tidemark.testkit.Reg.A1;

import org.junit.jupiter.api.Test;
import tidemark.api.cpu.Hart;
import tidemark.api.state.State;
import tidemark.api.state.StateException;

class BootTest extends SbiFixture {
    private static final long HSM = 0x48534D;
    private static final long SIE = 1 << 1;

    @Test
    void hartZeroEntersTheKernelInSupervisorModeWithoutTranslation() {
        Hart hart = hart(0);
        assertFalse(hart.stopped);
        assertEquals(KERNEL, hart.pc);
        assertEquals(Hart.SUPERVISOR, hart.privilege);
        assertEquals(0, hart.x[A0]);
        assertEquals(TREE, hart.x[A1]);
        assertEquals(0, hart.satp);
        assertEquals(0, hart.mstatus & SIE);
    }

    @Test
    void otherHartsAreStopped() {
        assertTrue(hart(1).stopped && hart(2).stopped);
        assertEquals(ok(1), call(0, HSM, 2, 2));
    }

    @Test
    void supervisorModeOwnsWhatMachineModeCanGiveAway() {
        for (Hart hart : machine.harts()) {
            for (int cause : new int[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 12, 13, 15}) {
                assertEquals(1, hart.medeleg >>> cause & 1, "exception " + cause);
            }
            assertEquals(Hart.SSIP | Hart.STIP | Hart.SEIP, hart.mideleg);
            assertEquals(0, hart.mie);
            assertEquals(7, hart.mcounteren & 7);
            assertEquals(7, hart.scounteren & 7, "programs that read the time would be killed");
            assertTrue(hart.menvcfg < 0, "Sstc is not enabled");
            assertEquals(0x1F, hart.pmpcfg[0] & 0xFF);
            assertEquals((1L << 54) - 1, hart.pmpaddr[0]);
        }
    }

    @Test
    void bootForgetsWhatWasBefore() {
        assertEquals(ok(0), call(0, HSM, 0, 1, TestMachine.RAM, 0));
        hart(0).instret = 0;
        hart(0).waiting = false;
        machine.harts().forEach(hart -> hart.reset(KERNEL));
        sbi.boot(KERNEL, TREE);
        assertEquals(ok(1), call(0, HSM, 2, 1));
        assertEquals(new SbiPart().create(machine).save(), sbi.save());
    }

    @Test
    void stateOfAnotherNumberOfHartsIsRefusedAndChangesNothing() throws StateException {
        try (TestMachine other = new TestMachine(2)) {
            State foreign = new SbiPart().create(other).save();
            State before = sbi.save();
            assertThrows(StateException.class, () -> sbi.load(foreign));
            assertEquals(before, sbi.save());
        }
    }
}
