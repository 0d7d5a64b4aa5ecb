package tidemark.device.clint;

import org.osgi.service.component.annotations.Component;
import tidemark.api.device.Device;
import tidemark.api.device.DeviceContext;
import tidemark.api.device.DevicePart;

/** Software interrupts and machine timers of all harts. */
@Component(property = DevicePart.NAME + "=clint")
public final class ClintPart implements DevicePart {
    @Override
    public long windowSize() {
        return 0x10000;
    }

    @Override
    public long defaultAddress() {
        return 0x0200_0000L;
    }

    @Override
    public int defaultInterrupt() {
        return 0;
    }

    @Override
    public Device create(DeviceContext context) {
        return new Clint(context);
    }
}
