package tidemark.litmus;

import static tidemark.testkit.Reg.A0;
import static tidemark.testkit.Reg.A1;
import static tidemark.testkit.Reg.A2;
import static tidemark.testkit.Reg.A6;
import static tidemark.testkit.Reg.A7;

import tidemark.testkit.Assembler;
import tidemark.testkit.Op;

/** Writes calls to the supervisor binary interface. They change a0, a1, a6, a7 and, where they have a third parameter, a2. */
final class Calls {
    static final int BASE = 0x10;
    static final int TIME = 0x54494D45;
    static final int IPI = 0x735049;
    static final int RFENCE = 0x52464E43;
    static final int HSM = 0x48534D;
    static final int SRST = 0x53525354;
    static final int DBCN = 0x4442434E;

    private Calls() {}

    /** With parameters that are in their registers already. */
    static Assembler call(Assembler asm, int extension, int function) {
        return asm.li(A7, extension).li(A6, function).op(Op.ECALL);
    }

    static Assembler call(Assembler asm, int extension, int function, long a0, long a1) {
        return call(asm.li(A0, a0).li(A1, a1), extension, function);
    }

    /** Starts harts 1 to {@code harts - 1} at labels {@code hart1} and so on; falls through to {@code hart0}, which is placed here. */
    static Assembler startAll(Assembler asm, int harts) {
        for (int hart = 1; hart < harts; hart++) {
            startHart(asm, hart, "hart" + hart);
        }
        return asm.label("hart0");
    }

    static Assembler startHart(Assembler asm, int hart, String label) {
        return call(asm.li(A0, hart).la(A1, label).li(A2, 0), HSM, 0);
    }

    /** FENCE.I on all harts. */
    static Assembler remoteFenceI(Assembler asm) {
        return call(asm, RFENCE, 0, 0, -1);
    }

    /** SFENCE.VMA of all addresses on all harts. */
    static Assembler remoteSfenceVma(Assembler asm) {
        return call(asm.li(A2, 0), RFENCE, 1, 0, -1); // a3 is 0 already in the programs that call it
    }
}
