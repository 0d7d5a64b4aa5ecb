package tidemark.cpu.nativecode.x86;

import static tidemark.cpu.nativecode.x86.Register.R10;
import static tidemark.cpu.nativecode.x86.Register.R11;
import static tidemark.cpu.nativecode.x86.Register.R14;
import static tidemark.cpu.nativecode.x86.Register.R15;
import static tidemark.cpu.nativecode.x86.Register.R8;
import static tidemark.cpu.nativecode.x86.Register.R9;
import static tidemark.cpu.nativecode.x86.Register.RAX;
import static tidemark.cpu.nativecode.x86.Register.RBP;
import static tidemark.cpu.nativecode.x86.Register.RBX;
import static tidemark.cpu.nativecode.x86.Register.RDI;
import static tidemark.cpu.nativecode.x86.Register.RSI;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import tidemark.api.memory.PhysicalMemory;
import tidemark.cpu.nativecode.guest.Exits;
import tidemark.cpu.nativecode.guest.Frame;

/**
 * The block that is being written: its instruction, where guest registers are, and what is written behind the block because it is seldom
 * executed.
 *
 * <p>Registers of the host while blocks run: RBX and RBP point into the hart's x and f registers, R12 and R13 to the TLBs for reads and
 * writes, R14 is the budget, R15 the {@link Frame}. RAX, RCX, RDX, XMM0 and XMM1 are a template's own; the others hold guest registers.
 */
final class Body {
    /** RBX and RBP point so far behind the first register: so all have a displacement of one byte. */
    static final int BIAS = 128;
    private static final int LAST_HALFWORD = PhysicalMemory.PAGE_SIZE - 2;

    final Encoder e = new Encoder();
    final RegisterCache x = new RegisterCache(RSI, RDI, R8, R9, R10, R11) {
        @Override
        void load(int to, int guestRegister) {
            if (guestRegister == 0) {
                e.constant32(to, 0);
            } else {
                e.load(true, to, RBX, 8 * guestRegister - BIAS);
            }
        }

        @Override
        void store(int guestRegister, int from) {
            e.store(true, RBX, 8 * guestRegister - BIAS, from);
        }

        @Override
        boolean isConstant(int guestRegister) {
            return guestRegister == 0;
        }
    };
    final RegisterCache f = new RegisterCache(2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15) {
        @Override
        void load(int to, int guestRegister) {
            e.loadFloat(true, to, RBP, 8 * guestRegister - BIAS);
        }

        @Override
        void store(int guestRegister, int from) {
            e.storeFloat(true, RBP, 8 * guestRegister - BIAS, from);
        }

        @Override
        boolean isConstant(int guestRegister) {
            return false;
        }
    };
    private final Exits exits;
    private final List<Runnable> cold = new ArrayList<>();
    private int at;
    private int instructions;
    private int number;
    private int size;
    int cardShift;
    private long pc;
    /** Of {@link Frame#FLOATING}, as far as is known here. */
    private int level;
    /** Which f registers are known to hold NaN-boxed singles. */
    private int boxed;
    private Miss miss;
    private long first;
    private Loop loop;

    Body(Exits exits) {
        this.exits = exits;
    }

    void begin(int place, long address, int count, int shift) {
        e.clear();
        cold.clear();
        x.forget();
        f.forget();
        miss = null;
        at = place;
        instructions = count;
        number = -1;
        cardShift = shift;
        pc = address;
        level = 0;
        boxed = 0;
        first = address;
        count();
    }

    /** Counts the block's instructions; leaves if they are too many. */
    private void count() {
        e.arithmeticConstant(Encoder.SUB, false, R14, instructions);
        int tooMany = e.jumpIf(Condition.SIGN, 0);
        int[] dirtyX = x.dirtyOnes();
        int[] dirtyF = f.dirtyOnes();
        cold(() -> {
            e.land(tooMany);
            x.storeAll(dirtyX);
            f.storeAll(dirtyF);
            leave(exits.add(Exits.BUDGET, first, instructions, 0, 0, 0));
        });
    }

    void flush() {
        x.flush();
        f.flush();
    }

    // ---- Going round

    /** The block begins once more, with registers where they are. What is known of them must hold in every round. */
    void beginLoop() {
        complete();
        x.markAll();
        f.markAll();
        boxed = 0;
        loop = new Loop(e.length(), x.places(), f.places(), level);
        count();
    }

    /** @param place where the further rounds begin */
    private record Loop(int place, int[] x, int[] f, int level) {
        boolean holds(Body body) {
            return Arrays.equals(x, body.x.places()) && Arrays.equals(f, body.f.places()) && level <= body.level;
        }
    }

    void goRound() {
        if (loop.holds(this)) {
            e.jump(loop.place - e.length() - 5);
        } else {
            goTo(first);
        }
    }

    void goRoundIf(int condition) {
        if (loop.holds(this)) {
            e.jumpIf(condition, loop.place - e.length() - 6);
        } else {
            flush();
            goToIf(condition, first);
        }
    }

    void instruction(long address, int n, int bytes) {
        complete();
        x.nextInstruction();
        f.nextInstruction();
        pc = address;
        number = n;
        size = bytes;
    }

    private void complete() {
        if (miss != null) {
            miss.goesOn(e.length());
            miss = null;
        }
    }

    /** Writes what is seldom executed. */
    void end() {
        complete();
        for (int i = 0; i < cold.size(); i++) {
            cold.get(i).run();
        }
    }

    /** Has something written behind the block. */
    void cold(Runnable code) {
        cold.add(code);
    }

    /** Instructions of the block that are not executed if it is left before this one. */
    private int undone() {
        return instructions - number;
    }

    // ---- Leaving

    /** The displacement from the end of code that is {@code length} bytes long to a place in the code memory. */
    private int distance(int place, int length) {
        return place - at - length;
    }

    private void leave(int exit) {
        e.constant32(RAX, exit);
        e.jump(distance(Common.LEAVE, e.length() + 5));
    }

    /** The interpreter executes this instruction if the condition holds; nothing must have been changed by it. */
    void missIf(int condition) {
        miss().sites.add(e.jumpIf(condition, 0));
    }

    private Miss miss() {
        if (miss == null) {
            miss = new Miss();
        }
        if (miss.changes != x.changes() + f.changes()) {
            throw new IllegalStateException("A template must take its operands before it may miss");
        }
        return miss;
    }

    /** An instruction's way out, and back in behind it. */
    private final class Miss {
        final List<Integer> sites = new ArrayList<>();
        private final int[] dirtyX = x.dirtyOnes();
        private final int[] dirtyF = f.dirtyOnes();
        private final long address = pc;
        private final int left = undone();
        private final int bytes = size;
        private final int changes = x.changes() + f.changes();
        private int[] allX;
        private int[] allF;
        private int known;
        private int behind;

        void goesOn(int place) {
            behind = place;
            allX = x.all();
            allF = f.all();
            known = level;
            cold(this::write);
        }

        private void write() {
            sites.forEach(e::land);
            x.storeAll(dirtyX);
            f.storeAll(dirtyF);
            e.constant32(RAX, exits.add(Exits.STEP, address, left, known, bytes, at + e.length() + 10));
            e.jump(distance(Common.LEAVE, e.length() + 5));
            x.loadAll(allX);
            f.loadAll(allF);
            e.jump(behind - e.length() - 5);
        }
    }

    /** The interpreter executes this instruction. @param last whether code does not go on behind it */
    void step(boolean last) {
        flush();
        x.forget();
        f.forget();
        level = 0;
        boxed = 0;
        int resume = last ? 0 : at + e.length() + 10;
        leave(exits.add(Exits.STEP, pc, undone(), 0, size, resume));
    }

    // ---- Going on

    /** Whether an instruction is in this page, so that its block holds as long as this one; it is not if it ends in the next page. */
    private boolean isHere(long target) {
        return (target ^ pc) >>> PhysicalMemory.PAGE_SHIFT == 0 && (target & LAST_HALFWORD) != LAST_HALFWORD;
    }

    /** Behind the last instruction. */
    void goTo(long target) {
        flush();
        link(target, true);
    }

    private void link(long target, boolean always) {
        if (isHere(target)) {
            int site = e.jump(0);
            leave(exits.link(target, at + site, always));
        } else {
            e.constant(RAX, target);
            lookUp(always ? Common.LEAVE_ONWARD : Common.LEAVE_ELSEWHERE);
        }
    }

    /**
     * Goes to a block by the jump table. The guest's address is in RAX; nothing is held in registers that is newer than the hart's.
     *
     * @param otherwise the way out if there is no block
     */
    void lookUp(int otherwise) {
        e.mov(false, Register.RCX, RAX);
        e.arithmeticConstant(Encoder.AND, false, Register.RCX, (1 << Frame.TABLE_SHIFT) - 1 << 1);
        e.shift(Encoder.SHL, false, Register.RCX, Frame.ENTRY_SHIFT - 1);
        e.load(true, Register.RDX, R15, Frame.TABLE);
        e.indexed(Register.RCX).arithmeticMemory(Encoder.CMP, true, RAX, Register.RDX, 0);
        e.jumpIf(Condition.NOT_EQUAL, distance(otherwise, e.length() + 6));
        e.indexed(Register.RCX).jumpMemory(Register.RDX, Long.BYTES);
    }

    /** Goes elsewhere if the condition holds, after the instruction has been executed. */
    void goToIf(int condition, long target) {
        int rest = undone() - 1;
        int[] dirtyX = x.dirtyOnes();
        int[] dirtyF = f.dirtyOnes();
        if (rest == 0 && dirtyX.length + dirtyF.length == 0 && isHere(target)) {
            int site = e.jumpIf(condition, 0);
            cold(() -> {
                e.land(site);
                leave(exits.link(target, at + site, false));
            });
            return;
        }
        int site = e.jumpIf(condition, 0);
        cold(() -> {
            e.land(site);
            x.storeAll(dirtyX);
            f.storeAll(dirtyF);
            if (rest != 0) {
                e.arithmeticConstant(Encoder.ADD, false, R14, rest);
            }
            link(target, false);
        });
    }

    /** Whether this is the block's last instruction. */
    boolean isLast() {
        return undone() == 1;
    }

    // ---- Floating point's state

    /** Makes sure that f registers may be written, and with {@link Frame#ARMED} that the guest's arithmetic may be done. */
    void require(int needed) {
        if (level >= needed) {
            return;
        }
        e.compareMemory32(R15, Frame.FLOATING, needed);
        if (needed == Frame.ARMED) {
            int site = e.jumpIf(Condition.NOT_EQUAL, 0);
            int behind = e.length();
            arm(site, behind);
        } else {
            missIf(Condition.BELOW);
        }
        level = needed;
    }

    private void arm(int site, int behind) {
        List<Integer> sites = miss().sites; // which are led to the way out later
        cold(() -> {
            e.land(site);
            e.compareMemory32(R15, Frame.FLOATING, Frame.ARMED - 1);
            sites.add(e.jumpIf(Condition.NOT_EQUAL, 0));
            e.loadControl(R15, Frame.CONTROL);
            e.store32Constant(R15, Frame.FLOATING, Frame.ARMED);
            e.jump(behind - e.length() - 5);
        });
    }

    boolean isBoxed(int register) {
        return (boxed & 1 << register) != 0;
    }

    void setBoxed(int register, boolean single) {
        boxed = single ? boxed | 1 << register : boxed & ~(1 << register);
    }
}
