package tidemark.contract;

import tidemark.api.device.DevicePart;
import tidemark.device.rtc.RtcPart;

class RtcDeviceContractTest extends DeviceContract {
    @Override
    protected DevicePart part() {
        return new RtcPart();
    }

    @Override
    protected String options() {
        return ",time=stopped";
    }
}
