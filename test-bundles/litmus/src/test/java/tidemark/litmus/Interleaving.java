package tidemark.litmus;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import tidemark.api.cpu.CpuPart;
import tidemark.api.cpu.ExecutionEngine;
import tidemark.api.cpu.Hart;
import tidemark.api.memory.BusFault;
import tidemark.testkit.HartContext;
import tidemark.testkit.TestBus;
import tidemark.testkit.TestMemory;

/** Harts on one thread, an instruction or some at a time, in an order that a seed decides: what any number of processors could do, on any host. */
final class Interleaving implements AutoCloseable {
    private static final int MOST_AT_ONCE = 3;
    private final TestMemory memory = new TestMemory(4 << 20);
    private final List<ExecutionEngine> engines = new ArrayList<>();
    private final LitmusTest test;
    private final Random random = new Random(1);

    Interleaving(CpuPart part, LitmusTest test) {
        this.test = test;
        LitmusProgram program = LitmusProgram.of(test, 1);
        memory.put(LitmusProgram.BASE, program.code());
        for (int id = 0; id < test.harts().size(); id++) {
            Hart hart = new Hart(id);
            hart.pc = program.entry(id);
            engines.add(part.create(new HartContext(hart, memory, new TestBus())));
        }
    }

    void run(int turns) {
        for (int i = 0; i < turns; i++) {
            engines.get(random.nextInt(engines.size())).run(1 + random.nextInt(MOST_AT_ONCE));
        }
    }

    Histogram seen() {
        byte[] table = new byte[LitmusProgram.OUTCOMES * Long.BYTES];
        try {
            memory.read(LitmusProgram.HISTOGRAM, table, 0, table.length);
        } catch (BusFault e) {
            throw new IllegalStateException(e);
        }
        return new Histogram(test, table);
    }

    @Override
    public void close() {
        engines.forEach(ExecutionEngine::close);
        memory.close();
    }
}
