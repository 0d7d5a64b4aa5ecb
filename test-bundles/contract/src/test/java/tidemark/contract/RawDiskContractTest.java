package tidemark.contract;

import tidemark.api.device.DiskPart;
import tidemark.disk.raw.RawPart;

class RawDiskContractTest extends DiskContract {
    @Override
    protected DiskPart part() {
        return new RawPart();
    }

    @Override
    protected boolean hasSignature() {
        return false;
    }
}
