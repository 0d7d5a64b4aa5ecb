package tidemark.contract;

import tidemark.api.cpu.CpuPart;
import tidemark.cpu.nativecode.NativePart;

class NativeExecutionContractTest extends ExecutionContract {
    @Override
    protected CpuPart part() {
        return NativePart.eager();
    }
}
