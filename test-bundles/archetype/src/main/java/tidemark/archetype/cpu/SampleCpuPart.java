package tidemark.archetype.cpu;

import org.osgi.service.component.annotations.Component;
import tidemark.api.cpu.CpuPart;
import tidemark.api.cpu.EngineContext;
import tidemark.api.cpu.ExecutionEngine;

/** Makes an engine for each hart. */
@Component(property = CpuPart.NAME + "=sample")
public final class SampleCpuPart implements CpuPart {
    @Override
    public ExecutionEngine create(EngineContext context) {
        return new SampleCpu(context);
    }
}
