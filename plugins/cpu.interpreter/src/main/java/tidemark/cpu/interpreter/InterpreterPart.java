package tidemark.cpu.interpreter;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import tidemark.api.cpu.CpuPart;
import tidemark.api.cpu.EngineContext;
import tidemark.api.cpu.ExecutionEngine;
import tidemark.interpreter.Interpreter;
import tidemark.interpreter.Practice;

/** Service: the interpreter. */
@Component(property = CpuPart.NAME + "=interpreter", immediate = true)
public final class InterpreterPart implements CpuPart {
    @Activate
    void activate() {
        Practice.begin();
    }

    @Deactivate
    void deactivate() {
        Practice.end();
    }

    @Override
    public ExecutionEngine create(EngineContext context) {
        return new Interpreter(context);
    }
}
