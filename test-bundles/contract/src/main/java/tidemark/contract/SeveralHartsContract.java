package tidemark.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static tidemark.testkit.Reg.A0;
import static tidemark.testkit.Reg.A1;
import static tidemark.testkit.Reg.A2;
import static tidemark.testkit.Reg.T0;
import static tidemark.testkit.TestEngineContext.RAM_BASE;

import org.junit.jupiter.api.Test;
import tidemark.api.cpu.CpuPart;
import tidemark.api.cpu.ExecutionEngine;
import tidemark.api.cpu.Exit;
import tidemark.api.cpu.Hart;
import tidemark.api.memory.PhysicalMemory;
import tidemark.testkit.Assembler;
import tidemark.testkit.HartContext;
import tidemark.testkit.Op;
import tidemark.testkit.TestBus;
import tidemark.testkit.TestMemory;

/** What every engine must do where several harts share RAM. Extend it in a test. */
public abstract class SeveralHartsContract {
    private static final int ROUNDS = 100_000;
    private static final long COUNTERS = RAM_BASE + 4096;

    /** The kind of engine that is judged. */
    protected abstract CpuPart part();

    @Test
    void noAtomicAdditionOfAnyHartIsLost() throws InterruptedException {
        Assembler asm = new Assembler(RAM_BASE);
        asm.li(A0, COUNTERS).li(A1, ROUNDS).op(Op.ADDI, A2, 0, 1);
        asm.label("loop").op(Op.AMOADD_D, 0, A2, A0).op(Op.ADDI, T0, A0, 12).op(Op.AMOADD_W, 0, A2, T0).op(Op.ADDI, A0, A0, 64);
        asm.label("retry").op(Op.LR_D, T0, A0).op(Op.ADDI, T0, T0, 1).op(Op.SC_D, T0, T0, A0).op(Op.BNE, T0, 0, "retry");
        asm.op(Op.ADDI, A0, A0, -64).op(Op.ADDI, A1, A1, -1).op(Op.BNE, A1, 0, "loop").op(Op.WFI);
        try (TestMemory memory = new TestMemory(1 << 16)) {
            memory.put(RAM_BASE, asm.bytes());
            Thread other = Thread.ofPlatform().start(() -> run(1, memory));
            run(0, memory);
            other.join();
            assertEquals(2 * ROUNDS, memory.getLong(COUNTERS));
            assertEquals(2 * ROUNDS, memory.getInt(COUNTERS + 12));
            assertEquals(2 * ROUNDS, memory.getLong(COUNTERS + 64));
        }
    }

    private void run(int id, PhysicalMemory memory) {
        Hart hart = new Hart(id);
        hart.pc = RAM_BASE;
        try (ExecutionEngine engine = part().create(new HartContext(hart, memory, new TestBus()))) {
            assertEquals(Exit.WAIT, engine.run(Long.MAX_VALUE));
        }
    }
}
