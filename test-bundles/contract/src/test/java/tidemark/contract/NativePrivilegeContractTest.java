package tidemark.contract;

import tidemark.api.cpu.CpuPart;
import tidemark.cpu.nativecode.NativePart;

class NativePrivilegeContractTest extends PrivilegeContract {
    @Override
    protected CpuPart part() {
        return NativePart.eager();
    }
}
