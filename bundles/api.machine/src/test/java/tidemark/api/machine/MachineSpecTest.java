package tidemark.api.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MachineSpecTest {
    private static MachineSpec withCards(int cards) {
        return MachineSpec.of(Map.of("name", "m", "devices",
                IntStream.range(0, cards).mapToObj(n -> "net" + n + "=virtio.net").collect(Collectors.joining("; "))));
    }

    @Test
    void aMachineHasSixtyFourDevicesAtMost() {
        assertEquals(64, withCards(64).devices().size());
        assertEquals("Machine m has 2000 devices: give 64 at most", assertThrows(MachineException.class, () -> withCards(2000)).getMessage());
    }
}
