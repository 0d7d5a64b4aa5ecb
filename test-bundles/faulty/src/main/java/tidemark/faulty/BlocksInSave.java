package tidemark.faulty;

import org.osgi.service.component.annotations.Component;
import tidemark.api.device.Device;
import tidemark.api.device.DeviceContext;
import tidemark.api.device.DevicePart;
import tidemark.api.state.State;

/** Does not end saving its state while the system property {@link #BLOCKED} is true. */
@Component(service = DevicePart.class, property = DevicePart.NAME + "=blocks-in-save")
public final class BlocksInSave extends FaultyUart {
    public static final String BLOCKED = "tidemark.faulty.blocked";

    @Override
    public Device create(DeviceContext context) {
        return new Silent(context) {
            @Override
            public State save() {
                while (Boolean.getBoolean(BLOCKED)) {
                    Thread.onSpinWait();
                }
                return super.save();
            }
        };
    }
}
