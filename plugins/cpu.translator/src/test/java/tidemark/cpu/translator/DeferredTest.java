package tidemark.cpu.translator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tidemark.testkit.Reg.A2;
import static tidemark.testkit.Reg.S0;
import static tidemark.testkit.Reg.T0;
import static tidemark.testkit.TestEngineContext.RAM_BASE;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tidemark.api.cpu.ExecutionEngine;
import tidemark.interpreter.Interpreter;
import tidemark.testkit.Assembler;
import tidemark.testkit.Op;
import tidemark.testkit.TestEngineContext;

/** Chains of floating point whose results are checked at their ends only, on operands that make them fail anywhere. */
@Timeout(60)
class DeferredTest {
    private static final int RAM = 1 << 16;
    private static final long DATA = RAM_BASE + 0x4000;
    private static final double[] OPERANDS = {0, -0.0, 1, -1.5, 3, 1e200, -1e300, Double.MAX_VALUE, 1e-200, -1e-300, Double.MIN_NORMAL, Double.MIN_VALUE,
        Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.NaN, Double.longBitsToDouble(0x7FF0000000000001L)};
    private static final Op[] PAIRS = {Op.FADD_D, Op.FSUB_D, Op.FMUL_D, Op.FDIV_D};
    private static final Op[] FUSED = {Op.FMADD_D, Op.FMSUB_D, Op.FNMSUB_D, Op.FNMADD_D};
    private static final int REGISTERS = 8;

    private static byte[] code(Random random) {
        Assembler a = new Assembler(RAM_BASE);
        a.li(S0, DATA).li(T0, 0x6000).op(Op.CSRRS, 0, tidemark.testkit.Csr.MSTATUS, T0);
        a.label("again").op(Op.CSRRWI, 0, 1, 1).op(Op.ADDI, A2, A2, 1);
        for (int r = 0; r < REGISTERS; r++) {
            a.op(Op.FLD, r, 8 * usual(random), S0);
        }
        for (int i = 0; i < 60; i++) {
            instruction(a, random);
        }
        a.op(Op.CSRRS, T0, 1, 0).op(Op.SD, T0, 0x200, S0);
        return a.j("again").bytes();
    }

    private static void instruction(Assembler a, Random random) {
        int rd = random.nextInt(REGISTERS);
        int one = random.nextInt(REGISTERS);
        int two = random.nextInt(REGISTERS);
        switch (random.nextInt(10)) {
            case 0 -> a.op(Op.FLD, rd, 8 * usual(random), S0);
            case 1 -> a.op(FUSED[random.nextInt(FUSED.length)], rd, one, two, random.nextInt(REGISTERS), 7);
            case 2 -> a.op(Op.FSD, one, 0x100 + 8 * rd, S0);
            case 3 -> a.op(Op.ADDI, T0, T0, 1);
            default -> a.op(PAIRS[random.nextInt(PAIRS.length)], rd, one, two, 7);
        }
    }

    /** The number of an operand, mostly one of those that make nothing fail. */
    private static int usual(Random random) {
        return random.nextInt(random.nextInt(4) == 0 ? OPERANDS.length : 5);
    }

    private static TestEngineContext machine(byte[] code) {
        TestEngineContext context = new TestEngineContext(RAM).load(code);
        for (int i = 0; i < OPERANDS.length; i++) {
            context.memory().putLong(DATA + 8 * i, Double.doubleToRawLongBits(OPERANDS[i]));
        }
        return context;
    }

    @Test
    void aResultThatIsCheckedLateIsFoundWhereItCameUp() {
        for (int seed = 0; seed < 60; seed++) {
            Random random = new Random(seed);
            byte[] code = code(random);
            try (TestEngineContext one = machine(code); TestEngineContext two = machine(code); ExecutionEngine interpreter = new Interpreter(one);
                    Workshop workshop = new Workshop();
                    ExecutionEngine translator = new Translator(two, new Settings(true, 1, 240, 1 << 20), workshop)) {
                for (int turn = 0; turn < 200; turn++) {
                    int budget = 1 + random.nextInt(200);
                    interpreter.run(budget);
                    translator.run(budget);
                    assertEquals(one.hart().save(), two.hart().save(), "seed " + seed + " turn " + turn);
                }
                assertTrue(one.hart().x[A2] > 50, "the loop runs");
                for (long at = DATA; at < DATA + 0x300; at += 8) {
                    assertEquals(one.memory().getLong(at), two.memory().getLong(at), Long.toHexString(at));
                }
            }
        }
    }
}
