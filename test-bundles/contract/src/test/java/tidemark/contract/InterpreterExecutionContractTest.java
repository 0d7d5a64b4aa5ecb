package tidemark.contract;

import tidemark.api.cpu.CpuPart;
import tidemark.cpu.interpreter.InterpreterPart;

class InterpreterExecutionContractTest extends ExecutionContract {
    @Override
    protected CpuPart part() {
        return new InterpreterPart();
    }
}
