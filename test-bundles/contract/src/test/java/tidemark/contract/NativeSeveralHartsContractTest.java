package tidemark.contract;

import tidemark.api.cpu.CpuPart;
import tidemark.cpu.nativecode.NativePart;

class NativeSeveralHartsContractTest extends SeveralHartsContract {
    @Override
    protected CpuPart part() {
        return NativePart.eager();
    }
}
