package tidemark.contract;

import tidemark.api.device.DevicePart;
import tidemark.device.uart.UartPart;

class UartDeviceContractTest extends DeviceContract {
    @Override
    protected DevicePart part() {
        return new UartPart();
    }
}
