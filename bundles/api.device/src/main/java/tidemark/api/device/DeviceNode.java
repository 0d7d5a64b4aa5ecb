package tidemark.api.device;

import java.util.List;
import java.util.Map;

/**
 * What the device tree says of a kind of device, beside its window and its interrupt, which the machine adds (Devicetree Specification 0.4).
 *
 * @param name generic name of the node, for example {@code serial}; the machine adds the unit address
 * @param compatible most specific first
 * @param cells further properties, each of 32-bit cells; an empty array is a property without a value
 * @param hartInterrupts bits of mip that it drives at every hart, in the order of the binding; such a device has {@code interrupts-extended}
 */
public record DeviceNode(String name, List<String> compatible, Map<String, int[]> cells, List<Long> hartInterrupts) {
    public DeviceNode(String name, String... compatible) {
        this(name, List.of(compatible), Map.of(), List.of());
    }

    public DeviceNode with(Map<String, int[]> properties) {
        return new DeviceNode(name, compatible, properties, hartInterrupts);
    }

    public DeviceNode toEveryHart(Long... bits) {
        return new DeviceNode(name, compatible, cells, List.of(bits));
    }
}
