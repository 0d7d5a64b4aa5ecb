package tidemark.contract;

import tidemark.api.cpu.CpuPart;
import tidemark.cpu.interpreter.InterpreterPart;

class InterpreterStoredCodeContractTest extends StoredCodeContract {
    @Override
    protected CpuPart part() {
        return new InterpreterPart();
    }
}
