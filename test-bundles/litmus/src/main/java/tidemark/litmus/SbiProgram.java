package tidemark.litmus;

import static tidemark.testkit.Reg.A0;
import static tidemark.testkit.Reg.A1;
import static tidemark.testkit.Reg.A2;
import static tidemark.testkit.Reg.A6;
import static tidemark.testkit.Reg.A7;
import static tidemark.testkit.Reg.S0;
import static tidemark.testkit.Reg.S1;
import static tidemark.testkit.Reg.S2;
import static tidemark.testkit.Reg.S3;
import static tidemark.testkit.Reg.S4;
import static tidemark.testkit.Reg.S5;
import static tidemark.testkit.Reg.S6;
import static tidemark.testkit.Reg.T0;
import static tidemark.testkit.Reg.T1;
import static tidemark.testkit.Reg.ZERO;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import tidemark.api.cpu.Hart;
import tidemark.testkit.Assembler;
import tidemark.testkit.Csr;
import tidemark.testkit.Op;

/**
 * A kernel of two harts that makes each kind of call to the supervisor binary interface, puts down what it sees, and powers off. What it must see is written beside
 * each step.
 */
final class SbiProgram {
    static final long SEEN = LitmusProgram.BASE + 0x10_0000;
    static final String GREETING = "hello from S-mode\n";
    private static final long SEEN_BY_HART_1 = SEEN + 0x1000;
    private static final long FLAG = SEEN + 0x2000;
    private static final int SIE = 1 << 1;
    private static final long INTERRUPT = 1L << 63;
    private static final int SOFTWARE = 1;
    private static final int TIMER = 5;
    private static final int NON_RETENTIVE = 0x8000_0000;
    private static final int STARTED = 0;
    private static final int STOPPED = 1;
    private static final int SUSPENDED = 4;

    private final Assembler asm = new Assembler(LitmusProgram.BASE);
    private final List<Long> expected = new ArrayList<>();
    private final List<Long> expectedOfHart1 = new ArrayList<>();

    SbiProgram() {
        asm.li(S1, SEEN).li(S0, FLAG).la(T0, "handler").csrw(Csr.STVEC, T0);
        base();
        console();
        timer();
        interrupt();
        hartStates();
        asm.li(A0, 0).li(A1, 1);
        Calls.call(asm, Calls.SRST, 0).label("stay").j("stay");
        handler();
        hart1();
        asm.align(8).label("greeting").bytes(GREETING.getBytes(StandardCharsets.ISO_8859_1));
    }

    byte[] code() {
        return asm.bytes();
    }

    /** The words at {@link #SEEN}. */
    List<Long> expected() {
        return expected;
    }

    List<Long> expectedOfHart1() {
        return expectedOfHart1;
    }

    static long seenByHart1(int index) {
        return SEEN_BY_HART_1 + (long) index * Long.BYTES;
    }

    private void call(int extension, int function, long a0, long a1, long error, long value) {
        Calls.call(asm, extension, function, a0, a1);
        see(A0, error);
        see(A1, value);
    }

    private void see(int register, long value) {
        asm.op(Op.SD, register, 0, S1).op(Op.ADDI, S1, S1, Long.BYTES);
        expected.add(value);
    }

    private void base() {
        see(A0, 0);
        call(Calls.BASE, 0, 0, 0, 0, 2 << 24);
        call(Calls.BASE, 3, Calls.HSM, 0, 0, 1);
        call(Calls.BASE, 3, 0x504D55, 0, 0, 0);
        call(0x504D55, 0, 0, 0, -2, 0);
    }

    /** The test types {@code x} when it has read all. */
    private void console() {
        asm.li(A0, GREETING.length()).la(A1, "greeting").li(A2, 0);
        Calls.call(asm, Calls.DBCN, 0);
        see(A1, GREETING.length());
        call(Calls.DBCN, 2, '!', 0, 0, 0);
        asm.li(A2, 0);
        call(Calls.DBCN, 0, 1, 0x1000, -3, 0);
        asm.label("type");
        Calls.call(asm.li(A2, 0), Calls.DBCN, 1, 8, FLAG + 64).op(Op.BEQ, A1, ZERO, "type");
        see(A1, 1);
        asm.op(Op.LHU, T0, 64, S0);
        see(T0, 'x');
    }

    private void timer() {
        enable(Hart.STIP);
        asm.csrr(A0, Csr.TIME).li(T0, 1000).op(Op.ADD, A0, A0, T0).mv(S2, A0);
        Calls.call(asm, Calls.TIME, 0);
        awaitInterrupt(TIMER);
        asm.csrr(T0, Csr.TIME).op(Op.SLTU, T0, T0, S2);
        see(T0, 0);
        asm.csrr(T0, Csr.SIP);
        see(T0, 0);
    }

    private void interrupt() {
        enable(Hart.SSIP);
        call(Calls.IPI, 0, 0b1, 0, 0, 0);
        awaitInterrupt(SOFTWARE);
        call(Calls.IPI, 0, 0b100, 0, -3, 0);
        call(Calls.RFENCE, 0, 0b11, 0, 0, 0);
        call(Calls.RFENCE, 3, 0b11, 0, -2, 0);
    }

    private void enable(long interrupts) {
        asm.li(T0, interrupts).csrw(Csr.SIE, T0).op(Op.CSRRSI, ZERO, Csr.SSTATUS, SIE);
    }

    /** WFI until the handler has left a cause; as kernels do, with interrupts off between look and WFI. */
    private void awaitInterrupt(int cause) {
        String wait = "wait" + asm.here();
        String come = "come" + asm.here();
        asm.label(wait).op(Op.CSRRCI, ZERO, Csr.SSTATUS, SIE).op(Op.LD, T0, 0, S0).op(Op.BNE, T0, ZERO, come).op(Op.WFI).op(Op.CSRRSI, ZERO, Csr.SSTATUS, SIE)
                .j(wait).label(come).op(Op.SD, ZERO, 0, S0);
        see(T0, INTERRUPT | cause);
    }

    /** Leaves the cause at the flag and takes the reason away; keeps all registers but t0. */
    private void handler() {
        asm.align(4).label("handler").csrr(T0, Csr.SCAUSE).op(Op.SD, T0, 0, S0).mv(S3, A0).mv(S4, A1).mv(S5, A6).mv(S6, A7);
        Calls.call(asm.li(A0, -1), Calls.TIME, 0).op(Op.CSRRCI, ZERO, Csr.SIP, (int) Hart.SSIP).mv(A0, S3).mv(A1, S4).mv(A6, S5).mv(A7, S6).op(Op.SRET);
    }

    private void hartStates() {
        call(Calls.HSM, 2, 1, 0, 0, STOPPED);
        asm.li(A2, 0);
        call(Calls.HSM, 0, 1, 0x1000, -5, 0);
        call(Calls.HSM, 0, 2, LitmusProgram.BASE, -3, 0);
        start(1, 0);
        awaitFlag();
        call(Calls.HSM, 2, 1, 0, 0, STARTED);
        start(1, -6);
        asm.li(T0, 1).op(Op.SD, T0, 16, S0);
        awaitState(SUSPENDED);
        call(Calls.IPI, 0, 0b1, 1, 0, 0);
        awaitFlag();
        awaitState(SUSPENDED);
        call(Calls.IPI, 0, 0b10, 0, 0, 0);
        awaitFlag();
        awaitState(STOPPED);
        start(1, 0);
        awaitFlag();
    }

    private void start(int hart, long error) {
        asm.li(A0, hart).la(A1, "hart1").li(A2, 0x5151);
        Calls.call(asm, Calls.HSM, 0);
        see(A0, error);
    }

    private void awaitFlag() {
        String wait = "flag" + asm.here();
        asm.label(wait).op(Op.LD, T0, 8, S0).op(Op.BEQ, T0, ZERO, wait).op(Op.SD, ZERO, 8, S0);
    }

    private void awaitState(int state) {
        String wait = "state" + asm.here();
        asm.label(wait);
        Calls.call(asm, Calls.HSM, 2, 1, 0).li(T0, state).op(Op.BNE, A1, T0, wait);
    }

    // Hart 1: suspends itself, is interrupted, suspends itself with its registers lost, is interrupted, stops

    private void hart1() {
        asm.label("hart1").li(S1, SEEN_BY_HART_1).li(S0, FLAG);
        seeOfHart1(A0, 1);
        seeOfHart1(A1, 0x5151);
        asm.csrr(T0, Csr.SATP);
        seeOfHart1(T0, 0);
        asm.csrr(T0, Csr.SSTATUS).op(Op.ANDI, T0, T0, SIE);
        seeOfHart1(T0, 0);
        tell();
        asm.label("go").op(Op.LD, T0, 16, S0).op(Op.BEQ, T0, ZERO, "go").li(T0, Hart.SSIP).csrw(Csr.SIE, T0);
        Calls.call(asm.li(A2, 0), Calls.HSM, 3, 0, 0);
        seeOfHart1(A0, 0);
        wokenByIpi();
        asm.li(A0, NON_RETENTIVE).la(A1, "resumed").li(A2, 0x9999);
        Calls.call(asm, Calls.HSM, 3).label("lost").j("lost");
        asm.label("resumed").mv(T1, A1).li(S1, SEEN_BY_HART_1 + (long) expectedOfHart1.size() * Long.BYTES).li(S0, FLAG);
        seeOfHart1(A0, 1);
        seeOfHart1(T1, 0x9999);
        wokenByIpi();
        Calls.call(asm, Calls.HSM, 1).j("lost");
    }

    private void wokenByIpi() {
        asm.csrr(T0, Csr.SIP);
        seeOfHart1(T0, Hart.SSIP);
        asm.op(Op.CSRRCI, ZERO, Csr.SIP, (int) Hart.SSIP);
        tell();
    }

    private void seeOfHart1(int register, long value) {
        asm.op(Op.SD, register, 0, S1).op(Op.ADDI, S1, S1, Long.BYTES);
        expectedOfHart1.add(value);
    }

    private void tell() {
        asm.op(Op.FENCE).li(T1, 1).op(Op.SD, T1, 8, S0);
    }
}
