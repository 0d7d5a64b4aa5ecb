package tidemark.interpreter;

import static tidemark.testkit.Reg.A0;
import static tidemark.testkit.Reg.A1;
import static tidemark.testkit.Reg.A2;
import static tidemark.testkit.Reg.S0;
import static tidemark.testkit.Reg.S1;
import static tidemark.testkit.Reg.S2;
import static tidemark.testkit.Reg.T0;
import static tidemark.testkit.Reg.T1;
import static tidemark.testkit.TestEngineContext.RAM_BASE;

import java.lang.management.ManagementFactory;
import tidemark.testkit.Assembler;
import tidemark.testkit.Op;
import tidemark.testkit.TestEngineContext;

/** How fast the interpreter is, in million instructions per second of CPU time: a program to be run, not a test. */
final class LoopBenchmark {
    private static final int ROWS = 1400;
    private static final int NONZEROS = 8;
    private static final long DATA = RAM_BASE + (1 << 20);
    private static final int ROUNDS = 8;
    private static final long INSTRUCTIONS = 200_000_000;

    private LoopBenchmark() {}

    public static void main(String[] args) {
        measure("sparse matrix times vector (NPB CG)", sparse());
        measure("integer sum", integer());
        measure("store", stores());
        measure("sparse matrix times vector (NPB CG)", sparse());
    }

    private static void measure(String name, Assembler program) {
        double best = 0;
        for (int round = 0; round < ROUNDS; round++) {
            try (TestEngineContext context = new TestEngineContext(64 << 20)) {
                context.load(program.bytes());
                fill(context);
                context.hart().mstatus |= 3 << 13;
                Interpreter engine = new Interpreter(context);
                long start = cpuTime();
                engine.run(INSTRUCTIONS);
                double mips = INSTRUCTIONS * 1e3 / (cpuTime() - start);
                best = Math.max(best, mips);
                engine.close();
            }
        }
        System.out.printf("%-40s %6.0f MIPS%n", name, best);
    }

    private static long cpuTime() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static void fill(TestEngineContext context) {
        for (int i = 0; i < ROWS * NONZEROS; i++) {
            context.memory().putLong(DATA + (1 << 20) + 8L * i, Double.doubleToRawLongBits(1.0 / (i + 3)));
            context.memory().putLong(DATA + 8L * i, i * 7919L % ROWS << 32 | i * 104729L % ROWS);
        }
        for (int i = 0; i < ROWS; i++) {
            context.memory().putLong(DATA + (2 << 20) + 8L * i, Double.doubleToRawLongBits(1.0 / (i + 1)));
        }
    }

    /** for each k: sum += a[k] * p[column[k]], as a compiler has it. */
    private static Assembler sparse() {
        Assembler a = new Assembler(RAM_BASE);
        a.label("again").li(S0, DATA).li(S1, DATA + (1 << 20)).li(S2, DATA + (2 << 20));
        a.li(A2, DATA + (1 << 20) + 8L * ROWS * NONZEROS).op(Op.FMV_D_X, 15, 0);
        a.label("loop").op(Op.LW, A0, 0, S0).op(Op.FLD, 14, 0, S1).op(Op.SLLI, A0, A0, 3).op(Op.ADD, A0, A0, S2).op(Op.FLD, 13, 0, A0);
        a.op(Op.ADDI, S0, S0, 4).op(Op.ADDI, S1, S1, 8).op(Op.FMADD_D, 15, 14, 13, 15, 7).op(Op.BNE, S1, A2, "loop").j("again");
        return a;
    }

    private static Assembler integer() {
        Assembler a = new Assembler(RAM_BASE);
        a.label("loop").op(Op.ADDI, A0, A0, 1).op(Op.XOR, A1, A1, A0).op(Op.SLLI, T0, A0, 3).op(Op.ADD, T1, T1, T0).op(Op.AND, A2, T1, A1)
                .op(Op.BNE, A0, 0, "loop");
        return a;
    }

    private static Assembler stores() {
        Assembler a = new Assembler(RAM_BASE);
        a.label("again").li(S0, DATA).li(S1, DATA + (1 << 20));
        a.label("loop").op(Op.SD, A0, 0, S0).op(Op.ADDI, S0, S0, 8).op(Op.ADDI, A0, A0, 1).op(Op.BNE, S0, S1, "loop").j("again");
        return a;
    }
}
