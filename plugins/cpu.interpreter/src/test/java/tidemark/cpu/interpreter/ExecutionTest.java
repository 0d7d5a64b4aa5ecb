package tidemark.cpu.interpreter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static tidemark.testkit.Reg.A0;
import static tidemark.testkit.Reg.A1;
import static tidemark.testkit.Reg.T0;
import static tidemark.testkit.TestEngineContext.RAM_BASE;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tidemark.api.cpu.Exit;
import tidemark.api.cpu.Hart;
import tidemark.testkit.Assembler;
import tidemark.testkit.Op;
import tidemark.testkit.TestEngineContext;

class ExecutionTest {
    private final TestEngineContext context = new TestEngineContext(1 << 20);
    private final Hart hart = context.hart();
    private final Interpreter engine = new Interpreter(context);
    private final Assembler asm = new Assembler(RAM_BASE);

    @AfterEach
    void close() {
        engine.close();
        context.close();
    }

    private void start() {
        context.load(asm.bytes());
    }

    @Test
    void theBudgetIsRetiredExactly() {
        asm.li(A0, 0).label("loop").op(Op.ADDI, A0, A0, 1).j("loop");
        start();
        assertEquals(Exit.BUDGET, engine.run(1 + 2 * 1_000_000 + 1));
        assertEquals(1_000_001, hart.x[A0]);
        assertEquals(2_000_002, hart.instret);
        assertEquals(RAM_BASE + 8, hart.pc);
    }

    @Test
    void executionRunsOnFromPageToPage() {
        for (int i = 0; i < 3000; i++) {
            asm.op(Op.ADDI, A0, A0, 1);
        }
        start();
        assertEquals(Exit.BUDGET, engine.run(2999));
        assertEquals(2999, hart.x[A0]);
        assertEquals(RAM_BASE + 4 * 2999, hart.pc);
    }

    @Test
    void anInstructionMayCrossAPage() {
        asm.org(RAM_BASE + 4094).op(Op.ADDI, A0, A0, 5).op(Op.ADDI, A0, A0, 6);
        start();
        hart.pc = RAM_BASE + 4094;
        engine.run(2);
        assertEquals(11, hart.x[A0]);
        assertEquals(RAM_BASE + 4102, hart.pc);
    }

    @Test
    void changedCodeIsSeenAfterFenceI() {
        asm.la(T0, "target").li(A1, 0x00200513).op(Op.SW, A1, 0, T0).op(Op.FENCE_I).label("target").op(Op.ADDI, A0, 0, 1);
        start();
        hart.pc = asm.address("target");
        engine.run(1);
        assertEquals(1, hart.x[A0]);
        hart.pc = RAM_BASE;
        while (hart.pc != asm.address("target")) {
            engine.run(1);
        }
        engine.run(1);
        assertEquals(2, hart.x[A0]);
    }
}
