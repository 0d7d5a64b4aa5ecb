package tidemark.archetype.device;

import org.osgi.service.component.annotations.Component;
import tidemark.api.device.Device;
import tidemark.api.device.DeviceContext;
import tidemark.api.device.DeviceNode;
import tidemark.api.device.DevicePart;

/** A ticker, at its place in a machine's memory map and device tree. */
@Component(property = DevicePart.NAME + "=sample")
public final class SampleDevicePart implements DevicePart {
    /** Guests learn of it, and of the interrupt, by the device tree. */
    @Override
    public long defaultAddress() {
        return 0x1100_0000L;
    }

    @Override
    public long windowSize() {
        return 0x1000;
    }

    @Override
    public int defaultInterrupt() {
        return 40;
    }

    @Override
    public DeviceNode node() {
        return new DeviceNode("timer", "sample");
    }

    @Override
    public Device create(DeviceContext context) {
        return new SampleDevice(context);
    }
}
