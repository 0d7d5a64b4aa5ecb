package tidemark.machine;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import tidemark.api.cpu.CpuPart;
import tidemark.api.cpu.EngineContext;
import tidemark.api.cpu.ExecutionEngine;
import tidemark.api.cpu.Exit;
import tidemark.api.memory.BusFault;

/** A CPU whose every instruction is a call of the same Java program; keeps the contract of engines. */
final class ScriptedCpu implements CpuPart {
    /** What the guest does. */
    @FunctionalInterface
    interface Program {
        /** One instruction; may set {@code hart.waiting}. */
        void step(EngineContext context) throws BusFault;

        /** Takes a pending interrupt that the hart enables. */
        default void interrupt(EngineContext context) throws BusFault {}
    }

    final List<Engine> engines = new CopyOnWriteArrayList<>();
    private final Program program;

    ScriptedCpu(Program program) {
        this.program = program;
    }

    @Override
    public ExecutionEngine create(EngineContext context) {
        Engine engine = new Engine(context);
        engines.add(engine);
        return engine;
    }

    final class Engine implements ExecutionEngine {
        private final EngineContext context;
        volatile int writeFlushes;
        volatile int fullFlushes;
        volatile boolean closed;

        Engine(EngineContext context) {
            this.context = context;
        }

        @Override
        public Exit run(long instructions) {
            var hart = context.hart();
            try {
                if ((hart.mip() & hart.mie) != 0) {
                    program.interrupt(context);
                }
                for (long i = 0; i < instructions; i++) {
                    program.step(context);
                    hart.instret++;
                    if (hart.waiting) {
                        return Exit.WAIT;
                    }
                    if (hart.attention()) {
                        return Exit.ATTENTION;
                    }
                }
                return Exit.BUDGET;
            } catch (BusFault e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void flushWrites() {
            writeFlushes++;
        }

        @Override
        public void flushAll() {
            fullFlushes++;
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
