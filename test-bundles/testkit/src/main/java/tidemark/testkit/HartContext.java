package tidemark.testkit;

import tidemark.api.cpu.EngineContext;
import tidemark.api.cpu.Hart;
import tidemark.api.memory.Bus;
import tidemark.api.memory.PhysicalMemory;

/** What an engine needs around it where several harts share RAM: without a clock, and without firmware. */
public record HartContext(Hart hart, PhysicalMemory memory, Bus bus) implements EngineContext {
    @Override
    public long time() {
        return 0;
    }

    @Override
    public void timerChanged() {}

    @Override
    public boolean environmentCall() {
        return false;
    }
}
