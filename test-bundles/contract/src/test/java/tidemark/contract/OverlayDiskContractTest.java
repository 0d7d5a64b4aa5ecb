package tidemark.contract;

import tidemark.api.device.DiskPart;
import tidemark.disk.overlay.OverlayPart;

class OverlayDiskContractTest extends LayeredDiskContract {
    @Override
    protected DiskPart part() {
        return new OverlayPart();
    }
}
