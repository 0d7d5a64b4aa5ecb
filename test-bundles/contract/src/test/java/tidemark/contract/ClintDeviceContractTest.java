package tidemark.contract;

import tidemark.api.device.DevicePart;
import tidemark.device.clint.ClintPart;

class ClintDeviceContractTest extends DeviceContract {
    @Override
    protected DevicePart part() {
        return new ClintPart();
    }
}
