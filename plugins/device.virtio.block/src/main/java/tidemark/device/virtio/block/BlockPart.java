package tidemark.device.virtio.block;

import org.osgi.service.component.annotations.Component;
import tidemark.api.device.Device;
import tidemark.api.device.DeviceContext;
import tidemark.api.device.DevicePart;
import tidemark.virtio.VirtioMmio;
import tidemark.virtio.VirtioPart;

/** A disk. */
@Component(service = DevicePart.class, property = DevicePart.NAME + "=virtio.block")
public final class BlockPart extends VirtioPart {
    @Override
    public Device create(DeviceContext context) {
        return new VirtioMmio(context, transport -> new BlockDevice(context, transport));
    }
}
