package tidemark.device.virtio.console;

import org.osgi.service.component.annotations.Component;
import tidemark.api.device.Device;
import tidemark.api.device.DeviceContext;
import tidemark.api.device.DevicePart;
import tidemark.virtio.VirtioMmio;
import tidemark.virtio.VirtioPart;

/** A console with one port. */
@Component(service = DevicePart.class, property = DevicePart.NAME + "=virtio.console")
public final class ConsolePart extends VirtioPart {
    @Override
    public Device create(DeviceContext context) {
        return new VirtioMmio(context, transport -> new ConsoleDevice(context.console(), transport));
    }
}
