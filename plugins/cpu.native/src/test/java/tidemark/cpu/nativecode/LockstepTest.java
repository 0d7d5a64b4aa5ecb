package tidemark.cpu.nativecode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tidemark.testkit.Reg.A0;
import static tidemark.testkit.Reg.A1;
import static tidemark.testkit.Reg.A2;
import static tidemark.testkit.Reg.A3;
import static tidemark.testkit.Reg.S0;
import static tidemark.testkit.Reg.T0;
import static tidemark.testkit.Reg.T1;
import static tidemark.testkit.TestEngineContext.RAM_BASE;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tidemark.api.cpu.ExecutionEngine;
import tidemark.api.cpu.Exit;
import tidemark.api.cpu.Hart;
import tidemark.interpreter.Interpreter;
import tidemark.testkit.Assembler;
import tidemark.testkit.Csr;
import tidemark.testkit.Op;
import tidemark.testkit.TestEngineContext;

/** Machine code beside the interpreter, with the same budgets: after each they must be in the same state. */
@Timeout(120)
class LockstepTest {
    private static final int RAM = 1 << 20;
    private static final long DATA = RAM_BASE + 0x8000;

    /** A loop with calls, through a pointer too, recursion, accesses of all sizes, floating point, and code across the edge of a page. */
    private static byte[] code() {
        Assembler a = new Assembler(RAM_BASE);
        a.la(T0, "handler").csrw(Csr.MTVEC, T0).li(S0, DATA).li(2, RAM_BASE + 0x10000).li(T0, 0x6000).op(Op.CSRRS, 0, Csr.MSTATUS, T0);
        a.op(Op.ADDI, T0, 0, (int) Hart.MSIP).op(Op.CSRRS, 0, Csr.MIE, T0).op(Op.CSRRSI, 0, Csr.MSTATUS, 8);
        a.op(Op.CSRRSI, 0, 1, 1).li(T0, Double.doubleToRawLongBits(1.0000001)).op(Op.FMV_D_X, 1, T0).op(Op.FMV_D_X, 2, T0);
        a.label("outer").op(Op.ADDI, A2, A2, 1).op(Op.ANDI, T1, A2, 255).op(Op.SLLI, T1, T1, 5).op(Op.ADD, T1, T1, S0);
        a.op(Op.SD, A2, 0, T1).op(Op.SW, A2, 11, T1).op(Op.SH, A2, 17, T1).op(Op.SB, A2, 31, T1).op(Op.LD, A0, 3, T1);
        a.op(Op.LH, A1, 13, T1).op(Op.LBU, T0, 30, T1).op(Op.ADD, A0, A0, A1).op(Op.XOR, A3, A3, A0).op(Op.MUL, A3, A3, T0);
        a.op(Op.FMADD_D, 2, 2, 1, 1, 7).op(Op.FDIV_D, 3, 2, 1, 7).op(Op.FSD, 3, 40, T1).op(Op.FLE_D, T0, 3, 2).op(Op.ADD, A3, A3, T0);
        a.op(Op.ANDI, A0, A2, 7).la(T0, "sum").op(Op.ANDI, A1, A2, 1).op(Op.BEQ, A1, 0, "call").la(T0, "twice");
        a.label("call").op(Op.JALR, 1, 0, T0).op(Op.ADD, A3, A3, A0);
        a.op(Op.ANDI, T0, A2, 1023).op(Op.BNE, T0, 0, "outer").op(Op.AMOADD_D, T0, A2, S0).op(Op.CSRRS, T0, Csr.MINSTRET, 0)
                .op(Op.XOR, A3, A3, T0).j("outer");
        a.label("twice").op(Op.SLLI, A0, A0, 1).op(Op.JALR, 0, 0, 1);
        a.label("handler").csrw(Csr.MSCRATCH, T0).op(Op.CSRRS, T0, Csr.MEPC, 0).op(Op.XOR, A3, A3, T0)
                .op(Op.CSRRS, T0, Csr.MCAUSE, 0).op(Op.BLT, T0, 0, "interrupt").nop()
                .label("interrupt").op(Op.ADDI, T0, 0, (int) Hart.MSIP).op(Op.CSRRC, 0, Csr.MIE, T0)
                .op(Op.CSRRS, T0, Csr.MSCRATCH, 0).op(Op.MRET);
        a.org(RAM_BASE + 0x1FFA).label("sum").op(Op.ADDI, 2, 2, -16).op(Op.SD, 1, 8, 2).op(Op.SD, A0, 0, 2)
                .op(Op.BEQ, A0, 0, "done").op(Op.ADDI, A0, A0, -1).op(Op.JAL, 1, "sum").op(Op.LD, T0, 0, 2).op(Op.ADD, A0, A0, T0)
                .label("done").op(Op.LD, 1, 8, 2).op(Op.ADDI, 2, 2, 16).op(Op.JALR, 0, 0, 1);
        return a.bytes();
    }

    private static ExecutionEngine engine(TestEngineContext context, boolean eager) {
        return new NativeEngine(context, new Settings(eager, 3, 64, 4, 1 << 20, false));
    }

    private static void compare(boolean eager, long instructions, int longestBudget) {
        try (TestEngineContext one = new TestEngineContext(RAM).load(code()); TestEngineContext two = new TestEngineContext(RAM).load(code());
                ExecutionEngine interpreter = new Interpreter(one); ExecutionEngine machine = engine(two, eager)) {
            Random random = new Random(longestBudget);
            for (long done = 0; done < instructions;) {
                int budget = 1 + random.nextInt(longestBudget);
                boolean line = random.nextBoolean();
                one.hart().setLine(Hart.MSIP, line);
                two.hart().setLine(Hart.MSIP, line);
                one.hart().clearAttention();
                two.hart().clearAttention();
                one.hart().mie |= Hart.MSIP;
                two.hart().mie |= Hart.MSIP;
                assertEquals(Exit.BUDGET, interpreter.run(budget));
                assertEquals(Exit.BUDGET, machine.run(budget));
                assertEquals(one.hart().save(), two.hart().save());
                done += budget;
            }
            assertTrue(one.hart().x[A2] > 100, "the loop runs");
            for (long at = 0; at < RAM; at += 8) {
                assertEquals(one.memory().getLong(RAM_BASE + at), two.memory().getLong(RAM_BASE + at), Long.toHexString(at));
            }
        }
    }

    @Test
    void theEngineMayBeExchangedBothWays() {
        try (TestEngineContext one = new TestEngineContext(RAM).load(code()); TestEngineContext two = new TestEngineContext(RAM).load(code());
                ExecutionEngine undisturbed = new Interpreter(one)) {
            for (int turn = 0; turn < 60; turn++) {
                undisturbed.run(3333);
                try (ExecutionEngine engine = turn % 2 == 0 ? engine(two, true) : new Interpreter(two)) {
                    engine.run(3333);
                }
                assertEquals(one.hart().save(), two.hart().save());
            }
        }
    }

    @Test
    void interruptsAtAnyInstructionAreTakenAtTheSame() {
        compare(true, 200_000, 40);
    }

    @Test
    void codeThatBecomesWarmChangesNothing() {
        compare(false, 20_000_000, 20_000);
    }
}
