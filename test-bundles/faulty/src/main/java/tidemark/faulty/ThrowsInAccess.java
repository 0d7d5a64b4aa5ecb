package tidemark.faulty;

import org.osgi.service.component.annotations.Component;
import tidemark.api.device.Device;
import tidemark.api.device.DeviceContext;
import tidemark.api.device.DevicePart;

/** Fails when the guest uses it. */
@Component(service = DevicePart.class, property = DevicePart.NAME + "=throws-in-access")
public final class ThrowsInAccess extends FaultyUart {
    @Override
    public Device create(DeviceContext context) {
        return new Silent(context) {
            @Override
            public long load(long offset, int size) {
                throw new IllegalStateException("faulty: no access today");
            }

            @Override
            public void store(long offset, int size, long value) {
                throw new IllegalStateException("faulty: no access today");
            }
        };
    }
}
