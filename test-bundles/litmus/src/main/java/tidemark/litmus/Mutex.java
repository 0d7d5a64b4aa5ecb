package tidemark.litmus;

import static tidemark.litmus.Body.AQ;
import static tidemark.litmus.Body.AQRL;
import static tidemark.litmus.Body.R;
import static tidemark.litmus.Body.RL;
import static tidemark.litmus.Body.RW;
import static tidemark.litmus.Body.W;
import static tidemark.testkit.Reg.S0;
import static tidemark.testkit.Reg.S1;
import static tidemark.testkit.Reg.T0;
import static tidemark.testkit.Reg.T1;
import static tidemark.testkit.Reg.T2;
import static tidemark.testkit.Reg.T3;
import static tidemark.testkit.Reg.ZERO;

import tidemark.testkit.Assembler;
import tidemark.testkit.Op;

/** Ways for harts to count together without losing one: the guest counts in a shared counter and, each hart, in one of its own. */
enum Mutex {
    /** None: counts get lost. */
    NONE {
        @Override
        void count(Assembler asm, int hart) {
            increment(asm);
        }
    },
    /** AMOADD of 64 bits. */
    AMOADD_D {
        @Override
        void count(Assembler asm, int hart) {
            asm.li(T0, 1).op(Op.AMOADD_D, ZERO, T0, S0);
        }
    },
    /** AMOADD of the upper word: the lower one stays. */
    AMOADD_W {
        @Override
        void count(Assembler asm, int hart) {
            asm.li(T0, 1).op(Op.ADDI, T1, S0, 4).op(Op.AMOADD_W, ZERO, T0, T1).op(Op.LW, T0, 0, S0).op(Op.BNE, T0, ZERO, "spoilt");
        }

        @Override
        long counted(long counter) {
            return counter >>> 32;
        }
    },
    /** LR and SC. */
    LR_SC {
        @Override
        void count(Assembler asm, int hart) {
            String again = unique(asm);
            asm.label(again).op(Op.LR_D, T0, S0).op(Op.ADDI, T0, T0, 1).op(Op.SC_D, T0, T0, S0).op(Op.BNE, T0, ZERO, again);
        }
    },
    /** A lock that is taken by AMOSWAP.aq and let go by AMOSWAP.rl. */
    AMOSWAP_LOCK {
        @Override
        void count(Assembler asm, int hart) {
            String take = unique(asm);
            asm.li(T1, 1).op(Op.ADDI, T2, S0, LOCK).label(take).op(Op.AMOSWAP_W, T0, T1, T2, AQ).op(Op.BNE, T0, ZERO, take);
            increment(asm);
            asm.op(Op.AMOSWAP_W, ZERO, ZERO, T2, RL);
        }
    },
    /** A lock that is taken by LR and SC, and let go by a store behind a fence, as Linux does. */
    FENCED_LOCK {
        @Override
        void count(Assembler asm, int hart) {
            String take = unique(asm);
            asm.li(T1, 1).op(Op.ADDI, T2, S0, LOCK).label(take).op(Op.LR_W, T0, T2).op(Op.BNE, T0, ZERO, take).op(Op.SC_W, T0, T1, T2)
                    .op(Op.BNE, T0, ZERO, take).op(Op.FENCE, R << 4 | RW);
            increment(asm);
            asm.op(Op.FENCE, RW << 4 | W).op(Op.SW, ZERO, 0, T2);
        }
    },
    /** A ticket is drawn by AMOADD; whose turn it is, is a plain variable. */
    TICKETS {
        @Override
        void count(Assembler asm, int hart) {
            String wait = unique(asm);
            asm.li(T0, 1).op(Op.ADDI, T2, S0, LOCK).op(Op.AMOADD_D, T0, T0, T2, AQRL).label(wait).op(Op.LD, T1, TURN, S0).op(Op.BNE, T1, T0, wait)
                    .op(Op.FENCE, R << 4 | RW);
            increment(asm);
            asm.op(Op.ADDI, T0, T0, 1).op(Op.FENCE, RW << 4 | W).op(Op.SD, T0, TURN, S0);
        }
    },
    /** Peterson's algorithm for two harts: plain loads and stores, and the fence without which it fails wherever stores are buffered. */
    PETERSON {
        @Override
        void count(Assembler asm, int hart) {
            String wait = unique(asm);
            String enter = "in" + wait;
            asm.li(T0, 1).op(Op.SD, T0, INTERESTED + hart * Variable.LINE, S0).li(T1, 1 - hart).op(Op.FENCE, W << 4 | W).op(Op.SD, T1, TURN, S0).op(Op.FENCE, RW << 4 | RW);
            asm.label(wait).op(Op.LD, T2, INTERESTED + (1 - hart) * Variable.LINE, S0).op(Op.BEQ, T2, ZERO, enter).op(Op.LD, T2, TURN, S0).op(Op.BEQ, T2, T1, wait)
                    .label(enter).op(Op.FENCE, R << 4 | RW);
            increment(asm);
            asm.op(Op.FENCE, RW << 4 | W).op(Op.SD, ZERO, INTERESTED + hart * Variable.LINE, S0);
        }

        @Override
        int mostHarts() {
            return 2;
        }
    };

    static final long SHARED = LitmusProgram.BASE + 0x10_0000;
    static final long OWN = SHARED + 0x1000;
    private static final int LOCK = Variable.LINE;
    private static final int TURN = 2 * Variable.LINE;
    private static final int INTERESTED = 3 * Variable.LINE;

    /** Counts once. Base of all variables in s0. */
    abstract void count(Assembler asm, int hart);

    long counted(long counter) {
        return counter;
    }

    int mostHarts() {
        return 8;
    }

    byte[] code(int harts) {
        Assembler asm = new Assembler(LitmusProgram.BASE);
        Calls.startAll(asm, harts);
        for (int hart = 0; hart < harts; hart++) {
            if (hart > 0) {
                asm.label("hart" + hart);
            }
            asm.li(S0, SHARED).li(S1, OWN + (long) hart * Variable.LINE).label("round" + hart);
            count(asm, hart);
            asm.op(Op.LD, T3, 0, S1).op(Op.ADDI, T3, T3, 1).op(Op.SD, T3, 0, S1).j("round" + hart);
        }
        return asm.label("spoilt").j("spoilt").bytes();
    }

    /** With a plain load and store: only a mutex makes that right. */
    private static void increment(Assembler asm) {
        asm.op(Op.LD, T3, 0, S0).op(Op.ADDI, T3, T3, 1).op(Op.SD, T3, 0, S0);
    }

    private static String unique(Assembler asm) {
        return "label" + asm.here();
    }
}
