package tidemark.contract;

import tidemark.api.device.DevicePart;
import tidemark.device.vmgenid.VmGenerationIdPart;

class VmGenerationIdDeviceContractTest extends DeviceContract {
    @Override
    protected DevicePart part() {
        return new VmGenerationIdPart();
    }
}
