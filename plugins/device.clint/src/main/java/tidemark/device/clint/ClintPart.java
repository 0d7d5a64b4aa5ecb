package tidemark.device.clint;

import org.osgi.service.component.annotations.Component;
import tidemark.api.cpu.Hart;
import tidemark.api.device.Device;
import tidemark.api.device.DeviceContext;
import tidemark.api.device.DeviceNode;
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
    public DeviceNode node() {
        return new DeviceNode("clint", "sifive,clint0", "riscv,clint0").toEveryHart(Hart.MSIP, Hart.MTIP);
    }

    @Override
    public Device create(DeviceContext context) {
        return new Clint(context);
    }
}
