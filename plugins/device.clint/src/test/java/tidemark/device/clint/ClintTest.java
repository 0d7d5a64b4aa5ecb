package tidemark.device.clint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import tidemark.api.cpu.Hart;
import tidemark.api.device.Device;
import tidemark.api.memory.BusFault;
import tidemark.api.state.State;
import tidemark.api.state.StateException;
import tidemark.testkit.TestDeviceContext;

class ClintTest {
    private static final int HARTS = 2;
    private final TestDeviceContext machine = new TestDeviceContext("clint0", HARTS);
    private final Device clint = new ClintPart().create(machine);

    private boolean timer(int hart) {
        return machine.hartLevel(hart, Hart.MTIP);
    }

    private boolean software(int hart) {
        return machine.hartLevel(hart, Hart.MSIP);
    }

    @Test
    void timerInterruptIsOnFromMtimecmpOnAndGoesWhenItIsSetLater() throws Exception {
        clint.store(Clint.MTIMECMP + 8, 8, 100);
        machine.advance(99);
        assertFalse(timer(1));
        machine.advance(1);
        assertTrue(timer(1));
        assertFalse(timer(0));
        clint.store(Clint.MTIMECMP + 8, 8, 200);
        assertFalse(timer(1));
        machine.advance(100);
        assertTrue(timer(1));
    }

    @Test
    void mtimecmpThatHasPassedInterruptsAtOnce() throws Exception {
        machine.advance(50);
        clint.store(Clint.MTIMECMP, 8, 50);
        assertTrue(timer(0));
    }

    @Test
    void comparisonIsUnsigned() throws Exception {
        clint.store(Clint.MTIME, 8, Long.MAX_VALUE);
        clint.store(Clint.MTIMECMP, 8, Long.MIN_VALUE);
        assertFalse(timer(0));
        machine.advance(1);
        assertTrue(timer(0));
    }

    @Test
    void halvesOfRegistersAreReadAndWrittenAlone() throws Exception {
        clint.store(Clint.MTIME, 8, 0x1111_2222_3333_4444L);
        assertEquals(0x3333_4444L, clint.load(Clint.MTIME, 4));
        assertEquals(0x1111_2222L, clint.load(Clint.MTIME + 4, 4));
        clint.store(Clint.MTIME + 4, 4, 0xFFFF_FFFF_8000_0000L);
        assertEquals(0x8000_0000_3333_4444L, clint.load(Clint.MTIME, 8));
        clint.store(Clint.MTIMECMP, 4, 7);
        clint.store(Clint.MTIMECMP + 4, 4, 5);
        assertEquals(0x5_0000_0007L, clint.load(Clint.MTIMECMP, 8));
        assertEquals(5, clint.load(Clint.MTIMECMP + 4, 4));
    }

    @Test
    void timersFollowMtimeWhenItIsWritten() throws Exception {
        clint.store(Clint.MTIMECMP, 8, 1000);
        clint.store(Clint.MTIME, 8, 1000);
        assertTrue(timer(0));
        clint.store(Clint.MTIME, 8, 10);
        assertFalse(timer(0));
        machine.advance(990);
        assertTrue(timer(0));
    }

    @Test
    void msipHasOneBitAndDrivesTheLine() throws Exception {
        clint.store(Clint.MSIP + 4, 4, 0xFFFF_FFFFL);
        assertEquals(1, clint.load(Clint.MSIP + 4, 4));
        assertEquals(0, clint.load(Clint.MSIP, 4));
        assertTrue(software(1));
        assertFalse(software(0));
        clint.store(Clint.MSIP + 4, 4, 0xFFFF_FFFEL);
        assertFalse(software(1));
    }

    @Test
    void whatItDoesNotHaveFaults() {
        long[][] wrong = {{Clint.MSIP, 8}, {Clint.MSIP, 1}, {Clint.MSIP + 4 * HARTS, 4}, {0x3FFC, 4}, {Clint.MTIMECMP, 2}, {Clint.MTIMECMP + 8 * HARTS, 8},
            {Clint.MTIME - 8, 8}, {Clint.MTIME, 1}, {Clint.MTIME + 8, 8}, {0xFFFC, 4}};
        for (long[] access : wrong) {
            assertThrows(BusFault.class, () -> clint.load(access[0], (int) access[1]), () -> Long.toHexString(access[0]));
            assertThrows(BusFault.class, () -> clint.store(access[0], (int) access[1], 1), () -> Long.toHexString(access[0]));
        }
    }

    @Test
    void stateCarriesTimersAndLinesToAnotherMachine() throws Exception {
        clint.store(Clint.MSIP, 4, 1);
        clint.store(Clint.MTIMECMP, 8, 20);
        clint.store(Clint.MTIMECMP + 8, 8, 30);
        machine.advance(25);
        State state = clint.save();
        TestDeviceContext other = new TestDeviceContext("clint0", HARTS);
        Device copy = new ClintPart().create(other);
        other.mtime(25);
        copy.load(state);
        assertEquals(state, copy.save());
        assertTrue(other.hartLevel(0, Hart.MSIP) && other.hartLevel(0, Hart.MTIP));
        assertFalse(other.hartLevel(1, Hart.MTIP));
        other.advance(5);
        assertTrue(other.hartLevel(1, Hart.MTIP));
    }

    @Test
    void stateOfAnotherNumberOfHartsIsRefusedAndChangesNothing() throws Exception {
        clint.store(Clint.MTIMECMP, 8, 20);
        State before = clint.save();
        State foreign = new ClintPart().create(new TestDeviceContext("clint0", 1)).save();
        assertThrows(StateException.class, () -> clint.load(foreign));
        assertEquals(before, clint.save());
    }

    @Test
    void resetStopsTimersAndClearsLines() throws Exception {
        State fresh = clint.save();
        clint.store(Clint.MSIP, 4, 1);
        clint.store(Clint.MTIMECMP, 8, 20);
        machine.advance(20);
        clint.reset();
        assertEquals(fresh, clint.save());
        assertFalse(timer(0) || software(0));
        machine.advance(1000);
        assertFalse(timer(0));
    }
}
