package tidemark.contract;

import tidemark.api.device.DevicePart;
import tidemark.device.power.PowerPart;

class PowerDeviceContractTest extends DeviceContract {
    @Override
    protected DevicePart part() {
        return new PowerPart();
    }
}
