package tidemark.contract;

import tidemark.api.cpu.CpuPart;
import tidemark.cpu.interpreter.InterpreterPart;

class InterpreterPrivilegeContractTest extends PrivilegeContract {
    @Override
    protected CpuPart part() {
        return new InterpreterPart();
    }
}
