package tidemark.contract;

import tidemark.api.cpu.CpuPart;
import tidemark.cpu.translator.TranslatorPart;

class TranslatorSeveralHartsContractTest extends SeveralHartsContract {
    @Override
    protected CpuPart part() {
        return TranslatorPart.eager();
    }
}
