package tidemark.device.plic;

import java.util.Map;
import org.osgi.service.component.annotations.Component;
import tidemark.api.cpu.Hart;
import tidemark.api.device.Device;
import tidemark.api.device.DeviceContext;
import tidemark.api.device.DeviceNode;
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
    public DeviceNode node() {
        return new DeviceNode("plic", "sifive,plic-1.0.0", "riscv,plic0").toEveryHart(Hart.MEIP, Hart.SEIP).with(Map.of("#interrupt-cells", new int[] {1},
                "#address-cells", new int[] {0}, "interrupt-controller", new int[0], "riscv,ndev", new int[] {95}));
    }

    @Override
    public Device create(DeviceContext context) {
        return new Plic(context);
    }
}
