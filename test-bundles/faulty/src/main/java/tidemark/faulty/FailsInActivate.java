package tidemark.faulty;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import tidemark.api.device.DevicePart;

/** Its component cannot be activated. */
@Component(service = DevicePart.class, property = DevicePart.NAME + "=fails-in-activate")
public final class FailsInActivate extends FaultyUart {
    @Activate
    public FailsInActivate() {
        throw new IllegalStateException("faulty: no activation today");
    }
}
