package tidemark.litmus;

import static tidemark.testkit.Reg.A0;
import static tidemark.testkit.Reg.A1;
import static tidemark.testkit.Reg.A2;
import static tidemark.testkit.Reg.A3;
import static tidemark.testkit.Reg.S0;
import static tidemark.testkit.Reg.S1;
import static tidemark.testkit.Reg.S2;
import static tidemark.testkit.Reg.T0;
import static tidemark.testkit.Reg.T1;
import static tidemark.testkit.Reg.ZERO;

import tidemark.api.cpu.Hart;
import tidemark.testkit.Assembler;
import tidemark.testkit.Csr;
import tidemark.testkit.Op;

/**
 * Eight harts that want something of each other all the time, and sleep meanwhile: two pairs that send each other interrupts in turn, two harts that have all others
 * forget code and translations, one that starts, stops and wakes another. Each counts what it has done; none counts on if one wake-up is lost.
 */
final class Turmoil {
    static final int HARTS = 8;
    /** Of each hart, a line each. */
    static final long COUNTS = LitmusProgram.BASE + 0x10_0000;
    private static final int STOPPED = 1;
    private static final int SUSPENDED = 4;
    private static final int PARENT = 6;
    private static final int CHILD = 7;

    private final Assembler asm = new Assembler(LitmusProgram.BASE);

    static byte[] code() {
        Turmoil turmoil = new Turmoil();
        turmoil.write();
        return turmoil.asm.bytes();
    }

    private void write() {
        for (int hart = 1; hart < CHILD; hart++) {
            Calls.startHart(asm, hart, "hart" + hart);
        }
        pings(0, 1);
        answers(1, 0);
        pings(2, 3);
        answers(3, 2);
        fences(4);
        fences(5);
        parent();
        child();
    }

    private void begin(int hart) {
        asm.label("hart" + hart).li(S0, COUNTS + (long) hart * Variable.LINE).li(T0, Hart.SSIP).csrw(Csr.SIE, T0).li(A2, 0).li(A3, 0);
    }

    private void count() {
        asm.op(Op.LD, T0, 0, S0).op(Op.ADDI, T0, T0, 1).op(Op.SD, T0, 0, S0).op(Op.FENCE);
    }

    private void interrupt(int hart) {
        Calls.call(asm, Calls.IPI, 0, 1, hart);
    }

    /** Counts, interrupts the other and sleeps until it has counted as far. */
    private void pings(int hart, int other) {
        begin(hart);
        asm.li(S1, COUNTS + (long) other * Variable.LINE).label("ping" + hart);
        count();
        interrupt(other);
        sleepUntil(() -> asm.op(Op.LD, T1, 0, S1).op(Op.LD, T0, 0, S0).op(Op.BEQ, T0, T1, "ping" + hart));
    }

    /** Sleeps until the other has counted further, counts, interrupts it. */
    private void answers(int hart, int other) {
        begin(hart);
        asm.li(S1, COUNTS + (long) other * Variable.LINE).label("next" + hart);
        sleepUntil(() -> asm.op(Op.LD, T1, 0, S1).op(Op.LD, T0, 0, S0).op(Op.BNE, T0, T1, "answer" + hart));
        asm.label("answer" + hart);
        count();
        interrupt(other);
        asm.j("next" + hart);
    }

    /** For ever, unless {@code look} branches away. What comes between the look and WFI is pending and ends WFI at once. */
    private void sleepUntil(Runnable look) {
        String again = "sleep" + asm.here();
        asm.label(again).op(Op.CSRRCI, ZERO, Csr.SIP, (int) Hart.SSIP).op(Op.FENCE);
        look.run();
        asm.op(Op.WFI).j(again);
    }

    private void fences(int hart) {
        begin(hart);
        asm.label("fence" + hart);
        Calls.remoteFenceI(asm);
        Calls.remoteSfenceVma(asm);
        count();
        asm.j("fence" + hart);
    }

    private void parent() {
        begin(PARENT);
        asm.li(S1, STOPPED).li(S2, SUSPENDED).label("parent");
        Calls.call(asm, Calls.HSM, 2, CHILD, 0).op(Op.BEQ, A1, S2, "wake").op(Op.BNE, A1, S1, "parent");
        Calls.startHart(asm, CHILD, "hart" + CHILD);
        count();
        asm.j("parent").label("wake");
        interrupt(CHILD);
        asm.j("parent");
    }

    /** Sleeps in both kinds of suspension until it is woken, then stops. */
    private void child() {
        begin(CHILD);
        count();
        asm.li(A0, 0).li(A2, 0);
        Calls.call(asm, Calls.HSM, 3).op(Op.CSRRCI, ZERO, Csr.SIP, (int) Hart.SSIP);
        asm.li(A0, 0x8000_0000).la(A1, "resumed").li(A2, 0);
        Calls.call(asm, Calls.HSM, 3).label("lost").j("lost").label("resumed");
        Calls.call(asm, Calls.HSM, 1).j("lost");
    }
}
