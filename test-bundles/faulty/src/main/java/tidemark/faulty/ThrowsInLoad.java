package tidemark.faulty;

import org.osgi.service.component.annotations.Component;
import tidemark.api.device.Device;
import tidemark.api.device.DeviceContext;
import tidemark.api.device.DevicePart;
import tidemark.api.state.State;

/** Takes no state over, and does not say so as it should. */
@Component(service = DevicePart.class, property = DevicePart.NAME + "=throws-in-load")
public final class ThrowsInLoad extends FaultyUart {
    @Override
    public Device create(DeviceContext context) {
        return new Silent(context) {
            @Override
            public void load(State given) {
                throw new IllegalStateException("faulty: no load today");
            }
        };
    }
}
