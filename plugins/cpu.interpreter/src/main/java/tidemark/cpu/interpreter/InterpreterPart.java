package tidemark.cpu.interpreter;

import org.osgi.service.component.annotations.Component;
import tidemark.api.cpu.CpuPart;
import tidemark.api.cpu.EngineContext;
import tidemark.api.cpu.ExecutionEngine;
import tidemark.interpreter.Interpreter;

/** Service: the interpreter. */
@Component(property = CpuPart.NAME + "=interpreter")
public final class InterpreterPart implements CpuPart {
    @Override
    public ExecutionEngine create(EngineContext context) {
        return new Interpreter(context);
    }
}
