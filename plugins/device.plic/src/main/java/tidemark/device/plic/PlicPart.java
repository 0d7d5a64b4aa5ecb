package tidemark.device.plic;

import org.osgi.service.component.annotations.Component;
import tidemark.api.device.Device;
import tidemark.api.device.DeviceContext;
import tidemark.api.device.DevicePart;

/** The platform-level interrupt controller. */
@Component(property = DevicePart.NAME + "=plic")
public final class PlicPart implements DevicePart {
    @Override
    public long windowSize() {
        return 0x60_0000;
    }

    @Override
    public long defaultAddress() {
        return 0x0C00_0000L;
    }

    @Override
    public int defaultInterrupt() {
        return 0;
    }

    @Override
    public Device create(DeviceContext context) {
        return new Plic(context);
    }
}
