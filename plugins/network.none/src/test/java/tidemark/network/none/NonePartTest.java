package tidemark.network.none;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tidemark.api.device.Network;

class NonePartTest {
    @Test
    void framesOfAnyLengthAreLostAndNoneComes() {
        List<byte[]> received = new ArrayList<>();
        try (Network network = new NonePart().connect(Map.of(), received::add)) {
            network.transmit(new byte[0]);
            network.transmit(new byte[100_000]);
        }
        assertEquals(List.of(), received);
    }

    @Test
    void optionsAreRefusedWithTheWayOut() {
        var refusal = assertThrows(IllegalArgumentException.class, () -> new NonePart().connect(Map.of("forward", "tcp:2222:22"), frame -> {}));
        assertTrue(refusal.getMessage().contains("forward") && refusal.getMessage().contains("backend=user"), refusal.getMessage());
    }
}
