package tidemark.contract;

import tidemark.api.cpu.CpuPart;
import tidemark.cpu.interpreter.InterpreterPart;

class InterpreterSeveralHartsContractTest extends SeveralHartsContract {
    @Override
    protected CpuPart part() {
        return new InterpreterPart();
    }
}
