package tidemark.device.plic;

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

class PlicTest {
    private static final int HARTS = 2;
    private static final int HART1_S = 3;
    private final TestDeviceContext machine = new TestDeviceContext("plic0", HARTS);
    private final Device plic = new PlicPart().create(machine);

    private void input(int source, boolean level) {
        machine.inputs().input(source, level);
    }

    private void enable(int context, int source, int priority) throws BusFault {
        long word = Plic.ENABLE + (long) context * Plic.ENABLE_STRIDE + source / 32 * 4;
        plic.store(word, 4, plic.load(word, 4) | 1L << source % 32);
        plic.store(Plic.PRIORITY + 4L * source, 4, priority);
    }

    private static long claim(int context) {
        return Plic.CLAIM + (long) context * Plic.CONTEXT_STRIDE;
    }

    private static long threshold(int context) {
        return Plic.THRESHOLD + (long) context * Plic.CONTEXT_STRIDE;
    }

    private boolean pending(int source) throws BusFault {
        return (plic.load(Plic.PENDING + source / 32 * 4, 4) & 1L << source % 32) != 0;
    }

    @Test
    void interruptReachesTheContextThatEnablesItUntilItIsClaimed() throws Exception {
        enable(HART1_S, 10, 1);
        input(10, true);
        assertTrue(machine.hartLevel(1, Hart.SEIP));
        assertFalse(machine.hartLevel(1, Hart.MEIP) || machine.hartLevel(0, Hart.SEIP) || machine.hartLevel(0, Hart.MEIP));
        assertEquals(10, plic.load(claim(HART1_S), 4));
        assertFalse(machine.hartLevel(1, Hart.SEIP));
        assertFalse(pending(10));
        assertEquals(0, plic.load(claim(HART1_S), 4));
    }

    @Test
    void levelThatStaysIsPendingAgainOnlyAfterCompletion() throws Exception {
        enable(0, 10, 1);
        input(10, true);
        plic.load(claim(0), 4);
        input(10, true);
        assertFalse(pending(10));
        plic.store(claim(0), 4, 10);
        assertTrue(pending(10));
        assertTrue(machine.hartLevel(0, Hart.MEIP));
        plic.load(claim(0), 4);
        input(10, false);
        plic.store(claim(0), 4, 10);
        assertFalse(pending(10));
        assertFalse(machine.hartLevel(0, Hart.MEIP));
    }

    @Test
    void requestStaysWhenTheDeviceTakesItsLevelBack() throws Exception {
        enable(0, 10, 1);
        input(10, true);
        input(10, false);
        assertTrue(pending(10), "the gateway has forwarded it");
    }

    @Test
    void completionOfASourceThatIsNotEnabledIsIgnored() throws Exception {
        enable(0, 10, 1);
        input(10, true);
        plic.load(claim(0), 4);
        plic.store(claim(2), 4, 10);
        plic.store(claim(0), 4, 0);
        plic.store(claim(0), 4, 0xFFFF_FFFFL);
        assertFalse(pending(10));
        plic.store(claim(0), 4, 10);
        assertTrue(pending(10));
    }

    @Test
    void highestPriorityIsClaimedFirstAndOfEqualsTheLowestSource() throws Exception {
        enable(0, 5, 2);
        enable(0, 40, 7);
        enable(0, 95, 7);
        for (int source : new int[] {95, 40, 5}) {
            input(source, true);
        }
        assertEquals(40, plic.load(claim(0), 4));
        assertEquals(95, plic.load(claim(0), 4));
        assertEquals(5, plic.load(claim(0), 4));
    }

    @Test
    void thresholdMasksTheInterruptButNotTheClaim() throws Exception {
        enable(0, 10, 3);
        plic.store(threshold(0), 4, 3);
        input(10, true);
        assertFalse(machine.hartLevel(0, Hart.MEIP));
        plic.store(threshold(0), 4, 2);
        assertTrue(machine.hartLevel(0, Hart.MEIP));
        plic.store(threshold(0), 4, 7);
        assertEquals(10, plic.load(claim(0), 4));
    }

    @Test
    void priority0NeverInterrupts() throws Exception {
        enable(0, 10, 0);
        input(10, true);
        assertFalse(machine.hartLevel(0, Hart.MEIP));
        assertEquals(0, plic.load(claim(0), 4));
    }

    @Test
    void registersKeepTheBitsThatTheyHave() throws Exception {
        plic.store(Plic.PRIORITY + 4, 4, 0xFFFF_FFFFL);
        assertEquals(7, plic.load(Plic.PRIORITY + 4, 4));
        plic.store(threshold(1), 4, 0xFFFF_FFFFL);
        assertEquals(7, plic.load(threshold(1), 4));
        plic.store(Plic.ENABLE, 4, 0xFFFF_FFFFL);
        assertEquals(0xFFFF_FFFEL, plic.load(Plic.ENABLE, 4), "there is no source 0");
        plic.store(Plic.PENDING, 4, 0xFFFF_FFFFL);
        assertEquals(0, plic.load(Plic.PENDING, 4));
    }

    @Test
    void whatItDoesNotHaveFaults() {
        int contexts = 2 * HARTS;
        long[] wrong = {Plic.PRIORITY, Plic.PRIORITY + 4 * Plic.SOURCES, Plic.PENDING + 12, Plic.ENABLE + 12, Plic.ENABLE + (long) contexts * Plic.ENABLE_STRIDE,
            threshold(contexts), claim(contexts), Plic.CLAIM + 4, 0x1F_FFFC, 0x5F_FFFC};
        for (long offset : wrong) {
            assertThrows(BusFault.class, () -> plic.load(offset, 4), () -> Long.toHexString(offset));
            assertThrows(BusFault.class, () -> plic.store(offset, 4, 1), () -> Long.toHexString(offset));
        }
        for (int size : new int[] {1, 2, 8}) {
            assertThrows(BusFault.class, () -> plic.load(Plic.PENDING, size));
            assertThrows(BusFault.class, () -> plic.store(Plic.ENABLE, size, 0));
        }
        assertThrows(IllegalArgumentException.class, () -> input(96, true));
        assertThrows(IllegalArgumentException.class, () -> input(0, true));
    }

    @Test
    void stateCarriesPendingClaimedAndLinesToAnotherMachine() throws Exception {
        enable(0, 10, 1);
        enable(HART1_S, 40, 2);
        plic.store(threshold(1), 4, 5);
        input(10, true);
        plic.load(claim(0), 4);
        input(40, true);
        State state = plic.save();
        TestDeviceContext other = new TestDeviceContext("plic0", HARTS);
        Device copy = new PlicPart().create(other);
        copy.load(state);
        assertEquals(state, copy.save());
        assertTrue(other.hartLevel(1, Hart.SEIP));
        assertFalse(other.hartLevel(0, Hart.MEIP));
        copy.store(claim(0), 4, 10);
        assertTrue(other.hartLevel(0, Hart.MEIP), "its level was on while it was claimed");
    }

    @Test
    void stateOfAnotherNumberOfHartsIsRefusedAndChangesNothing() throws Exception {
        enable(0, 10, 1);
        State before = plic.save();
        State foreign = new PlicPart().create(new TestDeviceContext("plic0", 1)).save();
        assertThrows(StateException.class, () -> plic.load(foreign));
        assertEquals(before, plic.save());
    }

    @Test
    void aStateHasNoSource0AndNoPriorityAbove7() throws Exception {
        State saved = plic.save();
        long[] all = new long[Plic.SOURCES];
        java.util.Arrays.fill(all, -1L);
        State damaged = plic.save().put("priority", all).put("threshold", new long[] {-1, -1, -1, -1});
        for (String words : new String[] {"level", "pending", "claimed", "enable0", "enable3"}) {
            damaged.put(words, new long[] {1, 0, 0});
        }
        plic.load(damaged);
        assertEquals(7, plic.load(Plic.PRIORITY + 4, 4));
        assertEquals(7, plic.load(threshold(0), 4));
        assertEquals(0, plic.load(claim(0), 4));
        plic.reset();
        assertEquals(saved, plic.save());
    }

    @Test
    void resetDisablesEverything() throws Exception {
        State fresh = plic.save();
        enable(0, 10, 1);
        plic.store(threshold(0), 4, 0);
        input(10, true);
        input(10, false);
        plic.reset();
        assertEquals(fresh, plic.save());
        assertFalse(machine.hartLevel(0, Hart.MEIP));
    }
}
