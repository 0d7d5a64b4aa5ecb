package tidemark.litmus;

import static tidemark.litmus.Body.R;
import static tidemark.litmus.Body.RW;
import static tidemark.testkit.Reg.A0;
import static tidemark.testkit.Reg.A3;
import static tidemark.testkit.Reg.RA;
import static tidemark.testkit.Reg.S0;
import static tidemark.testkit.Reg.S1;
import static tidemark.testkit.Reg.S2;
import static tidemark.testkit.Reg.S3;
import static tidemark.testkit.Reg.S4;
import static tidemark.testkit.Reg.S5;
import static tidemark.testkit.Reg.T0;
import static tidemark.testkit.Reg.ZERO;

import tidemark.testkit.Assembler;
import tidemark.testkit.Op;

/**
 * Hart 0 changes an instruction of a function, again and again, and then tells how often it has; the others look at that and call the function, which must
 * be as new at least. The instruction has the low 20 bits of the count: a call during which it went on by a quarter of what they count tells nothing, and is not counted.
 */
enum PatchedCode {
    /** Hart 0 has the others fetch anew before it tells. */
    REMOTE_FENCE_I {
        @Override
        void afterPatch(Assembler asm) {
            Calls.remoteFenceI(asm);
        }

        @Override
        void beforeCall(Assembler asm) {
            asm.op(Op.FENCE, R << 4 | RW);
        }
    },
    /** Nobody does: code that is too old is executed. */
    NO_FENCE {
        @Override
        void afterPatch(Assembler asm) {
            // nothing
        }

        @Override
        void beforeCall(Assembler asm) {
            asm.op(Op.FENCE, R << 4 | RW);
        }
    },
    /** Each hart fetches anew itself, after it was told. */
    LOCAL_FENCE_I {
        @Override
        void afterPatch(Assembler asm) {
            // hart 0 does not call it
        }

        @Override
        void beforeCall(Assembler asm) {
            asm.op(Op.FENCE_I);
        }
    };

    static final long TOLD = LitmusProgram.BASE + 0x10_0000;
    /** Of hart 1, hart 2 and so on, a line each: calls that tell something, and those that were too old. */
    static final long CALLS = TOLD + 0x1000;
    private static final long FUNCTION = TOLD + 0x2000;
    private static final int NUMBER_BITS = 20;

    abstract void afterPatch(Assembler asm);

    abstract void beforeCall(Assembler asm);

    byte[] code(int harts) {
        Assembler asm = new Assembler(LitmusProgram.BASE);
        asm.li(S0, TOLD).li(S1, FUNCTION).li(S2, Op.LUI.encode(A0, 0)).li(T0, Op.JALR.encode(ZERO, 0, RA)).op(Op.SW, S2, 0, S1).op(Op.SW, T0, 4, S1).op(Op.FENCE)
                .op(Op.FENCE_I);
        Calls.startAll(asm, harts);
        patch(asm);
        for (int hart = 1; hart < harts; hart++) {
            caller(asm, hart);
        }
        return asm.bytes();
    }

    private void patch(Assembler asm) {
        asm.li(S3, 1 << 12).li(S4, 0).li(A3, 0).label("patch").op(Op.ADDW, S2, S2, S3).op(Op.SW, S2, 0, S1).op(Op.FENCE, RW << 4 | RW);
        afterPatch(asm);
        asm.op(Op.FENCE, RW << 4 | RW).op(Op.ADDI, S4, S4, 1).op(Op.SD, S4, 0, S0).j("patch");
    }

    private void caller(Assembler asm, int hart) {
        String loop = "call" + hart;
        String good = "good" + hart;
        asm.label("hart" + hart).li(S0, TOLD).li(S1, FUNCTION).li(S3, CALLS + (long) (hart - 1) * Variable.LINE).li(S4, 0).li(S5, 0);
        asm.label(loop).op(Op.LD, S2, 0, S0);
        beforeCall(asm);
        asm.op(Op.JALR, RA, 0, S1).op(Op.FENCE, RW << 4 | RW).op(Op.LD, T0, 0, S0).op(Op.SUB, T0, T0, S2).op(Op.SRLI, T0, T0, NUMBER_BITS - 2)
                .op(Op.BNE, T0, ZERO, loop);
        // how much newer it is than was told, as a signed number
        asm.op(Op.SRLIW, T0, A0, 12).op(Op.SUB, T0, T0, S2).op(Op.SLLI, T0, T0, 64 - NUMBER_BITS).op(Op.BGE, T0, ZERO, good)
                .op(Op.ADDI, S5, S5, 1).op(Op.SD, S5, 8, S3);
        asm.label(good).op(Op.ADDI, S4, S4, 1).op(Op.SD, S4, 0, S3).j(loop);
    }
}
