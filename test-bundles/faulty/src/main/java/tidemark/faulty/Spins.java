package tidemark.faulty;

import org.osgi.service.component.annotations.Component;
import tidemark.api.cpu.CpuPart;
import tidemark.api.cpu.EngineContext;
import tidemark.api.cpu.ExecutionEngine;
import tidemark.api.cpu.Exit;

/** An engine that executes nothing and does not come to a boundary while the system property {@link #SPINNING} is true. */
@Component(property = CpuPart.NAME + "=spins")
public final class Spins implements CpuPart {
    public static final String SPINNING = "tidemark.faulty.spinning";

    @Override
    public ExecutionEngine create(EngineContext context) {
        return new ExecutionEngine() {
            @Override
            public Exit run(long instructions) {
                while (Boolean.getBoolean(SPINNING)) {
                    Thread.onSpinWait();
                }
                return Exit.ATTENTION;
            }

            @Override
            public void flushWrites() {}

            @Override
            public void flushAll() {}

            @Override
            public void close() {}
        };
    }
}
