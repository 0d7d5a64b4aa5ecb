package tidemark.virtio;

import org.osgi.annotation.versioning.ConsumerType;
import tidemark.api.device.DeviceNode;
import tidemark.api.device.DevicePart;

/** What all kinds of virtio devices have in common: windows one after the other where QEMU's {@code virt} board has eight of them. */
@ConsumerType
public abstract class VirtioPart implements DevicePart {
    @Override
    public final long windowSize() {
        return 0x1000;
    }

    @Override
    public final long defaultAddress() {
        return 0x1000_1000L;
    }

    @Override
    public final int defaultInterrupt() {
        return 1;
    }

    @Override
    public final DeviceNode node() {
        return new DeviceNode("virtio_mmio", "virtio,mmio");
    }
}
