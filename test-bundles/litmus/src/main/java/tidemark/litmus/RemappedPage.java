package tidemark.litmus;

import static tidemark.litmus.Body.R;
import static tidemark.litmus.Body.RW;
import static tidemark.testkit.Reg.A3;
import static tidemark.testkit.Reg.S0;
import static tidemark.testkit.Reg.S1;
import static tidemark.testkit.Reg.S2;
import static tidemark.testkit.Reg.S3;
import static tidemark.testkit.Reg.S4;
import static tidemark.testkit.Reg.S5;
import static tidemark.testkit.Reg.S6;
import static tidemark.testkit.Reg.T0;
import static tidemark.testkit.Reg.T1;
import static tidemark.testkit.Reg.T2;
import static tidemark.testkit.Reg.ZERO;

import tidemark.testkit.Assembler;
import tidemark.testkit.Csr;
import tidemark.testkit.Op;

/**
 * Hart 0 maps one virtual page to one frame after another, each with a greater number in it, has the others forget the former translation and then tells
 * the number. The others look at that and load from the page, which must have that number at least, and store to it, which must not reach a former frame.
 */
final class RemappedPage {
    static final long TOLD = LitmusProgram.BASE + 0x10_0000;
    /** Of hart 1, hart 2 and so on, a line each: loads, and those that were too old. */
    static final long LOADS = TOLD + 0x1000;
    /** Former frames that were stored to. */
    static final long LATE_STORES = TOLD + 0x2000;
    private static final long ROOT = LitmusProgram.BASE + 0x11_0000;
    private static final long MIDDLE = ROOT + 0x1000;
    private static final long LEAVES = ROOT + 0x2000;
    private static final long FRAMES = LitmusProgram.BASE + 0x12_0000;
    private static final long PAGE = 0x4000_0000L;
    private static final long SV39 = 8L << 60;
    private static final int POINTER = 0x01;
    private static final int DATA = 0xC7; // V R W A D
    private static final int EVERYTHING = 0xCF; // and X
    private static final int FRAME_MASK = 15;

    private RemappedPage() {}

    /** @param fenced whether hart 0 has the others forget; if not, old translations are used */
    static byte[] code(int harts, boolean fenced) {
        Assembler asm = new Assembler(LitmusProgram.BASE);
        entry(asm, ROOT + 8, MIDDLE, POINTER);
        entry(asm, ROOT + 16, LitmusProgram.BASE, EVERYTHING);
        entry(asm, MIDDLE, LEAVES, POINTER);
        entry(asm, LEAVES, FRAMES, DATA);
        asm.op(Op.FENCE);
        Calls.startAll(asm, harts);
        remap(asm, fenced);
        for (int hart = 1; hart < harts; hart++) {
            access(asm, hart);
        }
        return asm.bytes();
    }

    private static void entry(Assembler asm, long at, long address, int rights) {
        asm.li(T0, at).li(T1, address >>> 12 << 10 | rights).op(Op.SD, T1, 0, T0);
    }

    private static void remap(Assembler asm, boolean fenced) {
        asm.li(S0, TOLD).li(S1, LEAVES).li(S2, 0).li(S3, FRAMES).li(S5, FRAMES).li(S6, LATE_STORES).li(A3, 0);
        asm.label("remap").op(Op.ADDI, S2, S2, 1).op(Op.ANDI, T0, S2, FRAME_MASK).op(Op.SLLI, T0, T0, 12).op(Op.ADD, S4, S3, T0);
        // the frame was left alone since it was unmapped
        asm.op(Op.LD, T0, 8, S4).op(Op.BEQ, T0, ZERO, "alone").op(Op.LD, T1, 0, S6).op(Op.ADDI, T1, T1, 1).op(Op.SD, T1, 0, S6).label("alone");
        asm.op(Op.SD, S2, 0, S4).op(Op.SRLI, T0, S4, 2).op(Op.ORI, T0, T0, DATA).op(Op.FENCE).op(Op.SD, T0, 0, S1).op(Op.FENCE);
        if (fenced) {
            Calls.remoteSfenceVma(asm);
        }
        asm.op(Op.SD, ZERO, 8, S5).mv(S5, S4).op(Op.FENCE, RW << 4 | RW).op(Op.SD, S2, 0, S0).j("remap");
    }

    private static void access(Assembler asm, int hart) {
        String loop = "access" + hart;
        String good = "good" + hart;
        asm.label("hart" + hart).li(S0, TOLD).li(S1, PAGE).li(S3, LOADS + (long) (hart - 1) * Variable.LINE).li(S4, 0).li(S5, 0);
        asm.li(T0, SV39 | ROOT >>> 12).csrw(Csr.SATP, T0).op(Op.SFENCE_VMA, ZERO, ZERO);
        asm.label(loop).op(Op.LD, S2, 0, S0).op(Op.FENCE, R << 4 | RW).op(Op.LD, T2, 0, S1).op(Op.BGE, T2, S2, good).op(Op.ADDI, S5, S5, 1).op(Op.SD, S5, 8, S3);
        asm.label(good).op(Op.SD, S3, 8, S1).op(Op.ADDI, S4, S4, 1).op(Op.SD, S4, 0, S3).j(loop);
    }
}
