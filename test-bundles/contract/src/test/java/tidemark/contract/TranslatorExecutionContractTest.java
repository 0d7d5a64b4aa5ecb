package tidemark.contract;

import tidemark.api.cpu.CpuPart;
import tidemark.cpu.translator.TranslatorPart;

class TranslatorExecutionContractTest extends ExecutionContract {
    @Override
    protected CpuPart part() {
        return TranslatorPart.eager();
    }
}
