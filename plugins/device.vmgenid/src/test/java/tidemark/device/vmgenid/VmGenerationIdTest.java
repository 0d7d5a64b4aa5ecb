package tidemark.device.vmgenid;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import tidemark.api.device.Device;
import tidemark.api.device.Identity;
import tidemark.api.memory.BusFault;
import tidemark.api.state.State;
import tidemark.api.state.StateException;
import tidemark.testkit.TestDeviceContext;

class VmGenerationIdTest {
    private final TestDeviceContext machine = new TestDeviceContext("vmgenid0", 1);
    private final Device device = new VmGenerationIdPart().create(machine);

    private static List<Long> read(Device device) throws BusFault {
        return List.of(device.load(0, 8), device.load(8, 8));
    }

    @Test
    void theIdIsReadInAccessesOfAnySize() throws Exception {
        List<Long> id = read(device);
        for (int size : new int[] {1, 2, 4}) {
            long low = 0;
            for (int at = 8 - size; at >= 0; at -= size) {
                low = low << 8 * size | device.load(at, size);
            }
            assertEquals(id.getFirst(), low);
        }
        assertThrows(BusFault.class, () -> device.load(16, 1));
        assertThrows(BusFault.class, () -> device.store(0, 8, 0));
    }

    @Test
    void aRenewedIdIsAnotherAndTheGuestIsToldUntilItHasReadIt() throws Exception {
        List<Long> before = read(device);
        ((Identity) device).renew();
        assertTrue(machine.interruptLevel());
        device.load(0, 8);
        assertTrue(machine.interruptLevel());
        List<Long> after = read(device);
        assertNotEquals(before, after);
        assertFalse(machine.interruptLevel());
        ((Identity) device).renew();
        assertNotEquals(after, read(device));
    }

    @Test
    void theIdStaysWithTheStateUntilItIsRenewed() throws Exception {
        ((Identity) device).renew();
        State state = device.save();
        TestDeviceContext other = new TestDeviceContext("vmgenid0", 1);
        Device copy = new VmGenerationIdPart().create(other);
        copy.load(state);
        assertTrue(other.interruptLevel(), "the guest has not read it yet");
        assertEquals(read(device), read(copy));
    }

    @Test
    void afterPowerOnItIsAlwaysTheSame() throws Exception {
        List<Long> first = read(device);
        ((Identity) device).renew();
        device.reset();
        assertFalse(machine.interruptLevel());
        assertEquals(first, read(device));
    }

    @Test
    void aDamagedStateIsRefused() {
        State state = device.save();
        assertThrows(StateException.class, () -> device.load(new State("vmgenid0", 1).put("generation", new byte[15]).put("unread", true)));
        assertThrows(StateException.class, () -> device.load(new State("vmgenid0", 1).put("generation", new byte[16])));
        assertEquals(state, device.save());
    }
}
