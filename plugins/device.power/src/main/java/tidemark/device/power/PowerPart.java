package tidemark.device.power;

import org.osgi.service.component.annotations.Component;
import tidemark.api.device.Device;
import tidemark.api.device.DeviceContext;
import tidemark.api.device.DeviceNode;
import tidemark.api.device.DevicePart;

/** The SiFive test finisher, by which a guest powers its machine off or resets it. */
@Component(property = DevicePart.NAME + "=power")
public final class PowerPart implements DevicePart {
    @Override
    public long windowSize() {
        return 0x1000;
    }

    @Override
    public long defaultAddress() {
        return 0x0010_0000L;
    }

    @Override
    public int defaultInterrupt() {
        return 0;
    }

    @Override
    public DeviceNode node() {
        return new DeviceNode("test", "sifive,test1", "sifive,test0", "syscon");
    }

    @Override
    public Device create(DeviceContext context) {
        return new TestFinisher(context);
    }
}
