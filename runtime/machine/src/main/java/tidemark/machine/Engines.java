package tidemark.machine;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import tidemark.api.cpu.CpuPart;
import tidemark.api.cpu.EngineContext;
import tidemark.api.cpu.ExecutionEngine;

/** The engines of one machine's harts. Changed only while no hart runs; each method excludes the others. */
final class Engines extends Slot<CpuPart> {
    private final List<? extends EngineContext> harts;
    private List<ExecutionEngine> engines = List.of();

    Engines(String part, List<? extends EngineContext> harts) {
        super(CpuPart.class, "cpu", part);
        this.harts = harts;
    }

    @Override
    String name() {
        return "cpu";
    }

    /** The engine of a hart, on its thread. The gate orders this after any change. */
    ExecutionEngine of(int hart) {
        return engines.get(hart);
    }

    /** What a hart's engine has to forget; one that is yet to come has nothing to forget. On the hart's thread, or while no hart runs. */
    void ifPresent(int hart, Consumer<ExecutionEngine> action) {
        List<ExecutionEngine> present = engines;
        if (!present.isEmpty()) {
            action.accept(present.get(hart));
        }
    }

    /** Makes an engine for every hart, or none if one of them fails. */
    @Override
    synchronized void enter(CpuPart part) {
        List<ExecutionEngine> made = new ArrayList<>();
        try {
            for (EngineContext hart : harts) {
                made.add(part.create(hart));
            }
        } catch (RuntimeException | Error e) {
            made.forEach(ExecutionEngine::close);
            throw e;
        }
        engines = List.copyOf(made);
    }

    /** Harts have their whole state themselves. */
    @Override
    synchronized void leave() {
        List<ExecutionEngine> old = engines;
        engines = List.of();
        old.forEach(ExecutionEngine::close);
    }

    synchronized long translated() {
        return engines.stream().mapToLong(ExecutionEngine::translated).sum();
    }

    synchronized void each(Consumer<ExecutionEngine> action) {
        engines.forEach(action);
    }
}
