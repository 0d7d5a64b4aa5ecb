package tidemark.cpu.nativecode.x86;

import static tidemark.cpu.nativecode.x86.Register.R15;
import static tidemark.cpu.nativecode.x86.Register.RAX;
import static tidemark.cpu.nativecode.x86.Register.RCX;

import tidemark.api.cpu.Hart;
import tidemark.cpu.nativecode.guest.CsrAccess;
import tidemark.cpu.nativecode.guest.Frame;
import tidemark.riscv.Csr;
import tidemark.riscv.Status;

/**
 * The accesses to CSRs that Linux makes at every trap: those after which no interrupt can be due that was not due before, and nothing
 * else has changed. They work on the {@link Frame}'s copies.
 */
final class CsrTemplates {
    private static final int NONE = 0;

    private final Body body;
    private final Encoder e;

    CsrTemplates(Body body) {
        this.body = body;
        e = body.e;
    }

    /** @return false, and nothing is written, if there is no template */
    boolean write(CsrAccess i) {
        int place = place(i.csr());
        if (place == NONE) {
            return false;
        }
        if (i.reads()) {
            read(i, place);
            return true;
        }
        if (i.csr() == Csr.SSTATUS && !i.immediate() && !i.writes()) {
            switchBits(i);
            return true;
        }
        if (i.csr() == Csr.SSTATUS) {
            return i.immediate() && !i.writes() && i.rs1() == Status.SIE && switchInterrupts(i);
        }
        return i.writes() && !i.immediate() && replace(i, place);
    }

    private static int place(int csr) {
        return switch (csr) {
            case Csr.SSTATUS -> Frame.SSTATUS;
            case Csr.SSCRATCH -> Frame.SSCRATCH;
            case Csr.SEPC -> Frame.SEPC;
            case Csr.SCAUSE -> Frame.SCAUSE;
            case Csr.STVAL -> Frame.STVAL;
            default -> NONE;
        };
    }

    /** In U-mode it is illegal: the interpreter's. */
    private void privileged() {
        e.compareMemory32(R15, Frame.MODE, Hart.SUPERVISOR);
        body.missIf(Condition.BELOW);
    }

    private void read(CsrAccess i, int place) {
        privileged();
        if (i.rd() != 0) {
            e.load(true, body.x.define(i.rd()), R15, place);
        }
    }

    private boolean replace(CsrAccess i, int place) {
        int from = body.x.use(i.rs1());
        privileged();
        e.mov(true, RCX, from);
        if (i.csr() == Csr.SEPC) {
            e.arithmeticConstant(Encoder.AND, true, RCX, -2);
        }
        if (i.rd() != 0) {
            e.load(true, RAX, R15, place);
            e.mov(true, body.x.define(i.rd()), RAX);
        }
        e.store(true, R15, place, RCX);
        e.store32Constant(R15, Frame.WROTE, 1);
        return true;
    }

    /**
     * Sets or clears bits of sstatus by a register: SIE and SUM alone, as Linux does around its accesses to programs' memory and where it
     * restores SIE. All else is the interpreter's.
     */
    private void switchBits(CsrAccess i) {
        int bits = body.x.use(i.rs1());
        e.compareMemory32(R15, Frame.SWITCHES, 1);
        body.missIf(Condition.NOT_EQUAL);
        e.mov(true, RCX, bits);
        e.arithmeticConstant(Encoder.AND, true, RCX, (int) ~(Status.SIE | Status.SUM));
        body.missIf(Condition.NOT_EQUAL);
        if (i.sets()) {
            e.compareMemory32(R15, Frame.PENDING, 0);
            body.missIf(Condition.NOT_EQUAL);
        }
        e.load(true, RAX, R15, Frame.SSTATUS);
        e.mov(true, RCX, RAX);
        e.arithmetic(Encoder.OR, true, RCX, bits);
        if (!i.sets()) {
            e.arithmetic(Encoder.XOR, true, RCX, bits);
        }
        e.store(true, R15, Frame.SSTATUS, RCX);
        e.store32Constant(R15, Frame.WROTE, 1);
        if (i.rd() != 0) {
            e.mov(true, body.x.define(i.rd()), RAX);
        }
        Common.switchTlbs(e, RCX);
    }

    /** Sets or clears sstatus.SIE. Setting it is the interpreter's if an interrupt waits for that. */
    private boolean switchInterrupts(CsrAccess i) {
        privileged();
        if (i.sets()) {
            e.compareMemory32(R15, Frame.PENDING, 0);
            body.missIf(Condition.NOT_EQUAL);
        }
        e.load(true, RAX, R15, Frame.SSTATUS);
        e.mov(true, RCX, RAX);
        int bit = (int) Status.SIE;
        e.arithmeticConstant(i.sets() ? Encoder.OR : Encoder.AND, true, RCX, i.sets() ? bit : ~bit);
        e.store(true, R15, Frame.SSTATUS, RCX);
        e.store32Constant(R15, Frame.WROTE, 1);
        if (i.rd() != 0) {
            e.mov(true, body.x.define(i.rd()), RAX);
        }
        return true;
    }
}
