package tidemark.contract;

import tidemark.api.device.DiskPart;
import tidemark.disk.qcow2.Qcow2Part;

class Qcow2DiskContractTest extends LayeredDiskContract {
    @Override
    protected DiskPart part() {
        return new Qcow2Part();
    }
}
