package tidemark.device.rtc;

import java.time.Clock;
import org.osgi.service.component.annotations.Component;
import tidemark.api.device.Device;
import tidemark.api.device.DeviceContext;
import tidemark.api.device.DeviceNode;
import tidemark.api.device.DevicePart;

/** The wall clock. */
@Component(property = DevicePart.NAME + "=rtc")
public final class RtcPart implements DevicePart {
    private final Clock host;

    /** With the host's clock. */
    public RtcPart() {
        this(Clock.systemUTC());
    }

    RtcPart(Clock host) {
        this.host = host;
    }

    @Override
    public long windowSize() {
        return 0x1000;
    }

    @Override
    public long defaultAddress() {
        return 0x0010_1000L;
    }

    @Override
    public int defaultInterrupt() {
        return 11;
    }

    @Override
    public DeviceNode node() {
        return new DeviceNode("rtc", "google,goldfish-rtc");
    }

    @Override
    public Device create(DeviceContext context) {
        return new GoldfishRtc(context, WallTime.of(context, host));
    }
}
