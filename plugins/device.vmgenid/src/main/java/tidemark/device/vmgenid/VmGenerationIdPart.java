package tidemark.device.vmgenid;

import org.osgi.service.component.annotations.Component;
import tidemark.api.device.Device;
import tidemark.api.device.DeviceContext;
import tidemark.api.device.DeviceNode;
import tidemark.api.device.DevicePart;

/** Tells a guest that it was restored as another machine, so that it does not draw the same random numbers. */
@Component(property = DevicePart.NAME + "=vmgenid")
public final class VmGenerationIdPart implements DevicePart {
    @Override
    public long windowSize() {
        return 0x1000;
    }

    @Override
    public long defaultAddress() {
        return 0x0010_2000L;
    }

    @Override
    public int defaultInterrupt() {
        return 12;
    }

    @Override
    public DeviceNode node() {
        return new DeviceNode("vmgenid", "microsoft,vmgenid");
    }

    @Override
    public Device create(DeviceContext context) {
        return new VmGenerationId(context);
    }
}
