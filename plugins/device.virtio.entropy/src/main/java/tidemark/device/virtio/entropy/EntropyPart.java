package tidemark.device.virtio.entropy;

import java.security.SecureRandom;
import org.osgi.service.component.annotations.Component;
import tidemark.api.device.Device;
import tidemark.api.device.DeviceContext;
import tidemark.api.device.DevicePart;
import tidemark.virtio.VirtioMmio;
import tidemark.virtio.VirtioPart;

/** A source of random bytes: the host's. */
@Component(service = DevicePart.class, property = DevicePart.NAME + "=virtio.entropy")
public final class EntropyPart extends VirtioPart {
    private final SecureRandom random = new SecureRandom();

    @Override
    public Device create(DeviceContext context) {
        return new VirtioMmio(context, transport -> new EntropyDevice(random, transport));
    }
}
