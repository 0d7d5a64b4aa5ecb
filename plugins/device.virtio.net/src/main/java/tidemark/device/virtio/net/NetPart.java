package tidemark.device.virtio.net;

import org.osgi.service.component.annotations.Component;
import tidemark.api.device.Device;
import tidemark.api.device.DeviceContext;
import tidemark.api.device.DevicePart;
import tidemark.virtio.VirtioMmio;
import tidemark.virtio.VirtioPart;

/** A network card. Option {@code mac}: its address, for example {@code 52:54:00:12:34:56}; one that is derived from the device's name if it is not given. */
@Component(service = DevicePart.class, property = DevicePart.NAME + "=virtio.net")
public final class NetPart extends VirtioPart {
    @Override
    public boolean isNetworkCard() {
        return true;
    }

    @Override
    public Device create(DeviceContext context) {
        MacAddress mac = MacAddress.of(context);
        return new VirtioMmio(context, transport -> new NetDevice(mac, context::network, transport));
    }
}
