package tidemark.contract;

import tidemark.api.cpu.CpuPart;
import tidemark.cpu.translator.TranslatorPart;

class TranslatorPrivilegeContractTest extends PrivilegeContract {
    @Override
    protected CpuPart part() {
        return TranslatorPart.eager();
    }
}
