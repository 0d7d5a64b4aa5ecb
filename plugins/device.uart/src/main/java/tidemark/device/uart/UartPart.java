package tidemark.device.uart;

import java.util.Map;
import org.osgi.service.component.annotations.Component;
import tidemark.api.device.Device;
import tidemark.api.device.DeviceContext;
import tidemark.api.device.DeviceNode;
import tidemark.api.device.DevicePart;

/** The serial port. */
@Component(property = DevicePart.NAME + "=uart")
public final class UartPart implements DevicePart {
    @Override
    public long windowSize() {
        return 0x100;
    }

    @Override
    public long defaultAddress() {
        return 0x1000_0000L;
    }

    @Override
    public int defaultInterrupt() {
        return 10;
    }

    @Override
    public DeviceNode node() {
        return new DeviceNode("serial", "ns16550a").with(Map.of("clock-frequency", new int[] {3_686_400}));
    }

    @Override
    public Device create(DeviceContext context) {
        return new Uart16550(context);
    }
}
