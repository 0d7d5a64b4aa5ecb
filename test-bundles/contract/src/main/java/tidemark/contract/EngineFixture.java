package tidemark.contract;

import static tidemark.testkit.TestEngineContext.RAM_BASE;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import tidemark.api.cpu.CpuPart;
import tidemark.api.cpu.ExecutionEngine;
import tidemark.api.cpu.Exit;
import tidemark.api.cpu.Hart;
import tidemark.testkit.Assembler;
import tidemark.testkit.TestBus;
import tidemark.testkit.TestEngineContext;
import tidemark.testkit.TestMemory;

/** An engine with 1 MiB of RAM and a bus; code goes to the start of RAM. */
public abstract class EngineFixture {
    static final long FS_DIRTY = 3L << 13;

    final TestBus bus = new TestBus();
    final TestEngineContext context = new TestEngineContext(1 << 20, bus);
    final TestMemory memory = context.memory();
    final Hart hart = context.hart();
    final Assembler asm = new Assembler(RAM_BASE);
    ExecutionEngine engine;

    /** The kind of engine that is judged; the same whenever it is asked for. */
    protected abstract CpuPart part();

    @BeforeEach
    void create() {
        engine = part().create(context);
    }

    @AfterEach
    void close() {
        engine.close();
        context.close();
    }

    /** Puts the code in place. */
    void load() {
        context.load(asm.bytes());
    }

    Exit run(long instructions) {
        return engine.run(instructions);
    }

    /** Lets all modes access everything. */
    void openPmp() {
        hart.pmpaddr[0] = -1L >>> 10;
        hart.pmpcfg[0] = 0x1F;
        engine.flushAll();
    }
}
