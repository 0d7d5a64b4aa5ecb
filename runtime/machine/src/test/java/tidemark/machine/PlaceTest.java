package tidemark.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tidemark.api.device.Device;
import tidemark.api.device.DeviceContext;
import tidemark.api.device.DeviceNode;
import tidemark.api.device.DevicePart;
import tidemark.api.machine.DeviceSpec;
import tidemark.api.machine.MachineException;

class PlaceTest {
    private static final Map<String, DevicePart> PARTS = Map.of("disk", new Part(0x1000, 0x1000_1000L, 1),
            "uart", new Part(0x100, 0x1000_0000L, 10),
            "rtc", new Part(0x1000, 0x10_1000L, 11), "plic", new Part(0x60_0000, 0x0C00_0000L, 0));

    private record Part(long windowSize, long defaultAddress, int defaultInterrupt) implements DevicePart {
        @Override
        public DeviceNode node() {
            throw new AssertionError();
        }

        @Override
        public Device create(DeviceContext context) {
            throw new AssertionError();
        }
    }

    private static Map<String, Place> places(Stream<String> devices) {
        Map<DeviceSpec, DevicePart> parts = new LinkedHashMap<>();
        devices.map(DeviceSpec::parse).forEach(device -> parts.put(device, PARTS.get(device.kind())));
        Map<String, Place> places = new LinkedHashMap<>();
        Place.of("m", parts).forEach((device, place) -> places.put(device.name(), place));
        return places;
    }

    private static Stream<String> disks(int count) {
        return IntStream.range(0, count).mapToObj(i -> "disk" + i + "=disk");
    }

    @Test
    void nineDisksAreWhereTheyAlwaysWere() {
        Map<String, Place> places = places(Stream.concat(Stream.of("plic0=plic", "uart0=uart", "rtc0=rtc"), disks(9)));
        for (int i = 0; i < 9; i++) {
            assertEquals(new Place(0x1000_1000L + 0x1000 * i, 0x1000_2000L + 0x1000 * i, 1 + i), places.get("disk" + i));
        }
        assertEquals(0, places.get("plic0").interrupt());
    }

    @Test
    void furtherDisksGetTheInterruptsThatAreLeft() {
        for (boolean disksFirst : new boolean[] {true, false}) {
            Stream<String> others = Stream.of("uart0=uart", "rtc0=rtc");
            Map<String, Place> places = places(disksFirst ? Stream.concat(disks(40), others) : Stream.concat(others, disks(40)));
            assertEquals(10, places.get("uart0").interrupt());
            assertEquals(11, places.get("rtc0").interrupt());
            assertEquals(12, places.get("disk9").interrupt());
            assertEquals(0x1000_A000L, places.get("disk9").from());
            assertEquals(42, places.values().stream().map(Place::interrupt).distinct().count());
        }
    }

    @Test
    void whatTheSpecificationGivesIsKept() {
        Map<String, Place> places = places(Stream.of("disk0=disk", "disk1=disk", "disk2=disk#2", "disk3=disk@0x20000000#7"));
        assertEquals(List.of(1, 3, 2, 7), places.values().stream().map(Place::interrupt).toList());
        assertEquals(0x2000_0000L, places.get("disk3").from());
    }

    @Test
    void moreDevicesThanInterruptsAreRefused() {
        assertEquals(95, places(disks(95)).size());
        String message = assertThrows(MachineException.class, () -> places(disks(96))).getMessage();
        assertTrue(message.contains("m: no interrupt is left for device disk95"), message);
    }
}
