package tidemark.contract;

import tidemark.api.device.DevicePart;
import tidemark.device.plic.PlicPart;

class PlicDeviceContractTest extends DeviceContract {
    @Override
    protected DevicePart part() {
        return new PlicPart();
    }
}
