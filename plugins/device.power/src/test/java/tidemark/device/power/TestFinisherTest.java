package tidemark.device.power;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import tidemark.api.device.Device;
import tidemark.api.memory.BusFault;
import tidemark.api.state.State;
import tidemark.api.state.StateException;
import tidemark.testkit.TestDeviceContext;

class TestFinisherTest {
    private final TestDeviceContext machine = new TestDeviceContext("power0", 1);
    private final Device finisher = new PowerPart().create(machine);

    @Test
    void passFailAndResetAreAskedOfTheMachine() throws Exception {
        finisher.store(0, 4, 0x5555);
        finisher.store(0, 4, 42 << 16 | 0x3333);
        finisher.store(0, 4, 0xFFFF_3333L);
        finisher.store(0, 4, 0x7777);
        finisher.store(0, 2, 0x5555);
        assertEquals(List.of("off 0", "off 42", "off 65535", "reset", "off 0"), machine.powerRequests());
    }

    @Test
    void failureWithoutACodeIsNotASuccess() throws Exception {
        finisher.store(0, 4, 0x3333);
        finisher.store(0, 2, 0x3333);
        assertEquals(List.of("off 1", "off 1"), machine.powerRequests());
    }

    @Test
    void otherCommandsDoNothing() throws Exception {
        finisher.store(0, 4, 0x1234);
        finisher.store(0, 4, 0);
        assertEquals(0, finisher.load(0, 4));
        assertEquals(List.of(), machine.powerRequests());
    }

    @Test
    void whatItDoesNotHaveFaults() {
        assertThrows(BusFault.class, () -> finisher.load(4, 4));
        assertThrows(BusFault.class, () -> finisher.store(8, 4, 0x5555));
        assertThrows(BusFault.class, () -> finisher.store(0, 1, 0x55));
        assertThrows(BusFault.class, () -> finisher.load(0, 8));
        assertEquals(List.of(), machine.powerRequests());
    }

    @Test
    void takesItsOwnStateOnly() throws Exception {
        finisher.load(finisher.save());
        assertThrows(StateException.class, () -> finisher.load(new State("uart0", 1)));
        assertThrows(StateException.class, () -> finisher.load(new State("power0", 2)));
    }
}
