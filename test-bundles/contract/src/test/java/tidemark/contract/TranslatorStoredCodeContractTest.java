package tidemark.contract;

import tidemark.api.cpu.CpuPart;
import tidemark.cpu.translator.TranslatorPart;

class TranslatorStoredCodeContractTest extends StoredCodeContract {
    @Override
    protected CpuPart part() {
        return TranslatorPart.eager();
    }
}
