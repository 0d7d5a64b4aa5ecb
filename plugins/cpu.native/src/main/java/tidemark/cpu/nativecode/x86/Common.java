package tidemark.cpu.nativecode.x86;

import static tidemark.cpu.nativecode.x86.Register.R12;
import static tidemark.cpu.nativecode.x86.Register.R13;
import static tidemark.cpu.nativecode.x86.Register.R14;
import static tidemark.cpu.nativecode.x86.Register.R15;
import static tidemark.cpu.nativecode.x86.Register.R8;
import static tidemark.cpu.nativecode.x86.Register.R9;
import static tidemark.cpu.nativecode.x86.Register.RAX;
import static tidemark.cpu.nativecode.x86.Register.RBP;
import static tidemark.cpu.nativecode.x86.Register.RBX;
import static tidemark.cpu.nativecode.x86.Register.RCX;
import static tidemark.cpu.nativecode.x86.Register.RDI;
import static tidemark.cpu.nativecode.x86.Register.RDX;
import static tidemark.cpu.nativecode.x86.Register.RSI;
import static tidemark.cpu.nativecode.x86.Register.RSP;

import java.util.Arrays;
import tidemark.cpu.nativecode.guest.Exits;
import tidemark.cpu.nativecode.guest.Frame;
import tidemark.riscv.Status;

/** The way in, by the System V calling convention, and the ways out, at the begin of each code memory. */
final class Common {
    /** Leaves for the guest's address in RAX, with exit {@link Exits#ELSEWHERE}. */
    static final int LEAVE_ELSEWHERE = 0;
    /** The same with exit {@link Exits#ONWARD}. */
    static final int LEAVE_ONWARD;
    /** Leaves with the exit in RAX. */
    static final int LEAVE;

    private static final int[] SAVED = {RBX, RBP, R12, R13, R14, R15};
    private static final byte[] EXIT;

    static {
        Encoder e = new Encoder();
        e.store(true, R15, Frame.PC, RAX);
        e.constant32(RAX, Exits.ELSEWHERE);
        int leave = e.jump(0);
        LEAVE_ONWARD = e.length();
        e.store(true, R15, Frame.PC, RAX);
        e.constant32(RAX, Exits.ONWARD);
        e.land(leave);
        LEAVE = e.length();
        e.store(false, R15, Frame.LEFT, R14);
        e.compareMemory32(R15, Frame.FLOATING, Frame.ARMED);
        int unarmed = e.jumpIf(Condition.NOT_EQUAL, 0);
        e.storeControl(R15, Frame.CONTROL_LEFT);
        e.land(unarmed);
        for (int i = SAVED.length; i-- > 0;) {
            e.pop(SAVED[i]);
        }
        e.ret();
        EXIT = Arrays.copyOf(e.bytes(), e.length());
    }

    private Common() {}

    /** The TLBs for a value of sstatus, in a register that is lost. */
    static void switchTlbs(Encoder e, int sstatus) {
        e.shift(Encoder.SHR, false, sstatus, Long.numberOfTrailingZeros(Status.SUM) - 4);
        e.arithmeticConstant(Encoder.AND, false, sstatus, 16);
        e.indexed(sstatus).load(true, R12, R15, Frame.TLBS);
        e.indexed(sstatus).load(true, R13, R15, Frame.TLBS + 8);
    }

    static byte[] exit() {
        return EXIT.clone();
    }

    /** long enter(code, frame, x, f, then four as in {@link Frame#TLBS}): the exit that code was left by. */
    static byte[] entrance() {
        Encoder e = new Encoder();
        for (int register : SAVED) {
            e.push(register);
        }
        e.mov(true, R15, RSI);
        e.lea(true, RBX, RDX, Body.BIAS);
        e.lea(true, RBP, RCX, Body.BIAS);
        e.store(true, R15, Frame.TLBS, R8);
        e.store(true, R15, Frame.TLBS + 8, R9);
        int arguments = 8 * (SAVED.length + 1);
        for (int i = 0; i < 16; i += 8) {
            e.load(true, RAX, RSP, arguments + i);
            e.store(true, R15, Frame.TLBS + 16 + i, RAX);
        }
        e.load(true, RAX, R15, Frame.SSTATUS);
        switchTlbs(e, RAX);
        e.load(false, R14, R15, Frame.LEFT);
        e.compareMemory32(R15, Frame.FLOATING, Frame.ARMED);
        int unarmed = e.jumpIf(Condition.NOT_EQUAL, 0);
        e.loadControl(R15, Frame.CONTROL);
        e.land(unarmed);
        e.jumpRegister(RDI);
        return Arrays.copyOf(e.bytes(), e.length());
    }
}
