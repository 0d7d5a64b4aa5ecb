package tidemark.litmus;

import static tidemark.testkit.Reg.A2;
import static tidemark.testkit.Reg.A3;
import static tidemark.testkit.Reg.S0;
import static tidemark.testkit.Reg.S1;
import static tidemark.testkit.Reg.S10;
import static tidemark.testkit.Reg.S2;
import static tidemark.testkit.Reg.S4;
import static tidemark.testkit.Reg.S5;
import static tidemark.testkit.Reg.S6;
import static tidemark.testkit.Reg.S7;
import static tidemark.testkit.Reg.S8;
import static tidemark.testkit.Reg.S9;
import static tidemark.testkit.Reg.T0;
import static tidemark.testkit.Reg.T1;
import static tidemark.testkit.Reg.T2;
import static tidemark.testkit.Reg.T3;
import static tidemark.testkit.Reg.ZERO;

import java.util.List;
import tidemark.testkit.Assembler;
import tidemark.testkit.Csr;
import tidemark.testkit.Op;

/**
 * The guest that runs a litmus test again and again, in S-mode. Harts go through {@link #INSTANCES} instances of the test's variables, each waiting for the others
 * a little at each instance, so that they are there at about the same time; then hart 0 counts the outcomes and clears the variables.
 */
final class LitmusProgram {
    static final long BASE = 0x8000_0000L;
    static final long HISTOGRAM = BASE + 0x8_0000;
    static final int OUTCOMES = 256;
    private static final long PROGRESS = BASE + 0x9_0000;
    private static final long BARRIER = BASE + 0xA_0000;
    private static final long VARIABLES = BASE + 0x10_0000;
    private static final long RESULTS = BASE + 0x20_0000;
    private static final int INSTANCES = 64;
    private static final int VARIABLES_SIZE = 4 * Variable.LINE;
    private static final int RESULTS_SIZE = 64;
    private static final int HART_RESULTS_SIZE = 16;
    /** How often a hart looks for the others between two looks at the clock. */
    private static final int POLLS = 50;

    private final LitmusTest test;
    private final int patience;
    private final Assembler asm = new Assembler(BASE);

    private LitmusProgram(LitmusTest test, int patience) {
        this.test = test;
        this.patience = patience;
    }

    /**
     * The program of a test.
     *
     * @param patience how long harts wait for each other at an instance, in ticks of mtime
     */
    static LitmusProgram of(LitmusTest test, int patience) {
        LitmusProgram program = new LitmusProgram(test, patience);
        program.write();
        return program;
    }

    /** For {@link #BASE}; entered by hart 0, which starts the others. */
    byte[] code() {
        return asm.bytes();
    }

    /** Where a hart begins if all are started from outside. */
    long entry(int hart) {
        return asm.address("hart" + hart);
    }

    private void write() {
        for (int hart = 1; hart < test.harts().size(); hart++) {
            Calls.startHart(asm, hart, "hart" + hart);
        }
        for (int hart = 0; hart < test.harts().size(); hart++) {
            worker(hart);
        }
    }

    private void worker(int hart) {
        asm.label("hart" + hart).li(S5, PROGRESS).li(S8, PROGRESS + (long) hart * Variable.LINE).li(S7, BARRIER).li(S6, 0).li(S9, 0).li(S10, 7919 * (hart + 1))
                .li(A2, 1).li(A3, 2);
        asm.label("batch" + hart).li(S0, VARIABLES).li(S1, RESULTS + (long) hart * HART_RESULTS_SIZE).li(S2, INSTANCES);
        asm.label("instance" + hart);
        meet();
        asm.li(Body.Registers.result(0), 0).li(Body.Registers.result(1), 0);
        test.harts().get(hart).emit(asm);
        asm.op(Op.SD, Body.Registers.result(0), 0, S1).op(Op.SD, Body.Registers.result(1), 8, S1);
        asm.op(Op.ADDI, S0, S0, VARIABLES_SIZE).op(Op.ADDI, S1, S1, RESULTS_SIZE).op(Op.ADDI, S2, S2, -1).op(Op.BNE, S2, ZERO, "instance" + hart);
        barrier();
        if (hart == 0) {
            count();
        }
        barrier();
        asm.j("batch" + hart);
    }

    /** Waits for the others, but not for ever, as the host may have too few processors; then a random while more. */
    private void meet() {
        asm.op(Op.ADDI, S6, S6, 1).op(Op.SD, S6, 0, S8).csrr(S4, Csr.TIME).li(T0, patience).op(Op.ADD, S4, S4, T0);
        for (int hart = 0; hart < test.harts().size(); hart++) {
            String look = "look" + asm.here();
            String poll = "poll" + asm.here();
            String here = "here" + asm.here();
            asm.label(look).li(T2, POLLS).label(poll).op(Op.LD, T0, hart * Variable.LINE, S5).op(Op.BGE, T0, S6, here).op(Op.ADDI, T2, T2, -1)
                    .op(Op.BNE, T2, ZERO, poll).csrr(T0, Csr.TIME).op(Op.BLT, T0, S4, look).label(here);
        }
        randomDelay();
    }

    private void randomDelay() {
        String loop = "delay" + asm.here();
        asm.li(T0, 1103515245).op(Op.MUL, S10, S10, T0).li(T0, 12345).op(Op.ADD, S10, S10, T0).op(Op.SRLI, T0, S10, 28).op(Op.ANDI, T0, T0, 7)
                .op(Op.ADDI, T0, T0, 1).label(loop).op(Op.ADDI, T0, T0, -1).op(Op.BNE, T0, ZERO, loop);
    }

    private void barrier() {
        String wait = "wait" + asm.here();
        asm.op(Op.ADDI, S9, S9, test.harts().size()).li(T0, 1).op(Op.FENCE).op(Op.AMOADD_D, ZERO, T0, S7, Body.AQRL)
                .label(wait).op(Op.LD, T0, 0, S7).op(Op.BLT, T0, S9, wait).op(Op.FENCE);
    }

    private void count() {
        asm.li(S0, VARIABLES).li(S1, RESULTS).li(S2, INSTANCES).label("count").li(T0, 0);
        List<LitmusTest.Observed> observed = test.observed();
        for (int i = 0; i < observed.size(); i++) {
            switch (observed.get(i)) {
                case LitmusTest.Observed.Result r -> asm.op(Op.LW, T1, r.hart() * HART_RESULTS_SIZE + 8 * r.index(), S1);
                case LitmusTest.Observed.Final f -> asm.op(Op.LW, T1, f.variable().offset(), S0);
            }
            asm.op(Op.ANDI, T1, T1, 3).op(Op.SLLI, T1, T1, 2 * i).op(Op.OR, T0, T0, T1);
        }
        asm.op(Op.SLLI, T0, T0, 3).li(T1, HISTOGRAM).op(Op.ADD, T1, T1, T0).op(Op.LD, T3, 0, T1).op(Op.ADDI, T3, T3, 1).op(Op.SD, T3, 0, T1);
        for (Variable variable : Variable.values()) {
            asm.op(Op.SD, ZERO, variable.offset(), S0);
        }
        asm.op(Op.ADDI, S0, S0, VARIABLES_SIZE).op(Op.ADDI, S1, S1, RESULTS_SIZE).op(Op.ADDI, S2, S2, -1).op(Op.BNE, S2, ZERO, "count");
    }
}
