package tidemark.contract;

import tidemark.api.cpu.CpuPart;
import tidemark.cpu.nativecode.NativePart;

class NativeStoredCodeContractTest extends StoredCodeContract {
    @Override
    protected CpuPart part() {
        return NativePart.eager();
    }
}
