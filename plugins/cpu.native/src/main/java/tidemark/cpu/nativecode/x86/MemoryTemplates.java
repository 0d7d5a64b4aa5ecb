package tidemark.cpu.nativecode.x86;

import static tidemark.cpu.nativecode.x86.Register.R12;
import static tidemark.cpu.nativecode.x86.Register.R13;
import static tidemark.cpu.nativecode.x86.Register.R15;
import static tidemark.cpu.nativecode.x86.Register.RAX;
import static tidemark.cpu.nativecode.x86.Register.RCX;
import static tidemark.cpu.nativecode.x86.Register.RDX;

import tidemark.api.memory.PhysicalMemory;
import tidemark.cpu.nativecode.guest.Frame;
import tidemark.interpreter.FloatingUnit;
import tidemark.interpreter.Tlb;
import tidemark.riscv.Op;

/** Loads, stores and AMOs: those that hit the soft TLB. */
final class MemoryTemplates {
    private static final int ENTRY_MASK = Tlb.ENTRIES - 1 << Tlb.ENTRY_SHIFT;

    // Of a fence: O and W before, I and R behind; its mode that leaves stores before loads unordered
    private static final int STORES_BEFORE = 5 << 24;
    private static final int LOADS_BEHIND = 10 << 20;
    private static final int TSO = 8;

    private final Body body;
    private final Encoder e;
    private final RegisterCache x;

    MemoryTemplates(Body body) {
        this.body = body;
        e = body.e;
        x = body.x;
    }

    /** RAX = the host address of {@code size} bytes at base + offset; a miss unless they are in the TLB. */
    private void hostAddress(int tlb, int base, int offset, int size) {
        lookUp(tlb, base, offset, size);
        e.indexed(RCX).lea(true, RAX, base, offset);
    }

    /** RCX = what is added to an address to have the host's, for {@code size} bytes at base + offset; a miss unless they are in the TLB. */
    private void lookUp(int tlb, int base, int offset, int size) {
        if (offset == 0) {
            e.mov(false, RCX, base);
        } else {
            e.lea(false, RCX, base, offset);
        }
        e.shift(Encoder.SHR, false, RCX, PhysicalMemory.PAGE_SHIFT - Tlb.ENTRY_SHIFT);
        e.arithmeticConstant(Encoder.AND, false, RCX, ENTRY_MASK);
        e.lea(true, RDX, base, offset + size - 1);
        e.arithmeticConstant(Encoder.AND, true, RDX, -PhysicalMemory.PAGE_SIZE);
        e.indexed(RCX).arithmeticMemory(Encoder.CMP, true, RDX, tlb, 0);
        body.missIf(Condition.NOT_EQUAL);
        e.indexed(RCX).load(true, RCX, tlb, Long.BYTES);
    }

    void load(int op, int rd, int base, int offset) {
        int address = x.use(base);
        lookUp(R12, address, offset, op == Op.LOAD_X0 ? 1 << rd : size(op));
        if (op != Op.LOAD_X0) {
            access(op, x.define(rd), address, offset);
        }
    }

    private static int size(int op) {
        return switch (op) {
            case Op.LB, Op.LBU, Op.SB -> 1;
            case Op.LH, Op.LHU, Op.SH -> 2;
            case Op.LW, Op.LWU, Op.SW -> 4;
            default -> 8;
        };
    }

    /** From the address, to which RCX is added. */
    private void access(int op, int to, int base, int offset) {
        e.indexed(RCX);
        switch (op) {
            case Op.LB -> e.loadExtended(Encoder.MOVSX8, to, base, offset);
            case Op.LBU -> e.loadExtended(Encoder.MOVZX8, to, base, offset);
            case Op.LH -> e.loadExtended(Encoder.MOVSX16, to, base, offset);
            case Op.LHU -> e.loadExtended(Encoder.MOVZX16, to, base, offset);
            case Op.LW -> e.loadSigned32(to, base, offset);
            case Op.LWU -> e.load(false, to, base, offset);
            default -> e.load(true, to, base, offset);
        }
    }

    void store(int op, int base, int offset, int source) {
        int address = x.use(base);
        int from = x.use(source);
        lookUp(R13, address, offset, size(op));
        e.indexed(RCX);
        switch (op) {
            case Op.SB -> e.store8(address, offset, from);
            case Op.SH -> e.store16(address, offset, from);
            case Op.SW -> e.store(false, address, offset, from);
            default -> e.store(true, address, offset, from);
        }
        mark(address, offset, size(op));
    }

    /** Marks the cards of a store at an address, to which RCX is added. */
    private void mark(int base, int offset, int size) {
        if (body.cardShift >= 0) {
            e.indexed(RCX).lea(true, RAX, base, offset);
            mark(RAX, size);
        }
    }

    /** Marks the cards of a store at a host address. */
    private void mark(int host, int size) {
        if (body.cardShift >= 0) {
            markByte(host, 0);
            if (size > 1) {
                markByte(host, size - 1);
            }
        }
    }

    private void markByte(int host, int offset) {
        e.lea(true, RDX, host, offset);
        e.arithmeticMemory(Encoder.SUB, true, RDX, R15, Frame.RAM);
        e.shift(Encoder.SHR, true, RDX, body.cardShift);
        e.arithmeticMemory(Encoder.ADD, true, RDX, R15, Frame.CARDS);
        e.store8Constant(RDX, 0, 1);
    }

    // ---- Floating point

    void loadFloat(boolean dual, int fd, int base, int offset) {
        int address = x.use(base);
        body.require(FloatingUnit.DIRTY);
        lookUp(R12, address, offset, dual ? 8 : 4);
        int to = body.f.define(fd);
        e.indexed(RCX).loadFloat(dual, to, address, offset);
        if (!dual) {
            e.ones(1);
            e.interleave(to, 1);
        }
        body.setBoxed(fd, !dual);
    }

    void storeFloat(boolean dual, int base, int offset, int source) {
        int address = x.use(base);
        int from = body.f.use(source);
        body.require(FloatingUnit.DIRTY);
        lookUp(R13, address, offset, dual ? 8 : 4);
        e.indexed(RCX).storeFloat(dual, address, offset, from);
        mark(address, offset, dual ? 8 : 4);
    }

    // ---- Atomics

    void atomic(int funct5, boolean w, int rd, int address, int source) {
        int size = w ? 8 : 4;
        int at = x.use(address);
        int operand = x.use(source);
        e.testConstant8(at, size - 1);
        body.missIf(Condition.NOT_EQUAL);
        hostAddress(R13, at, 0, size);
        switch (funct5) {
            case 0, 1 -> {
                e.mov(true, RDX, operand);
                if (funct5 == 0) {
                    e.exchangeAdd(w, RAX, 0, RDX);
                } else {
                    e.exchange(w, RAX, 0, RDX);
                }
                e.mov(true, RCX, RAX);
                e.mov(true, RAX, RDX);
            }
            default -> exchangeUntilDone(funct5, w, operand);
        }
        if (rd != 0) {
            result(w, x.define(rd));
        }
        mark(RCX, size);
    }

    void loadReserved(boolean w, boolean releases, int rd, int address) {
        int size = w ? 8 : 4;
        int at = x.use(address);
        e.testConstant8(at, size - 1);
        body.missIf(Condition.NOT_EQUAL);
        hostAddress(R12, at, 0, size);
        if (releases) {
            e.fence();
        }
        e.mov(true, RCX, RAX);
        e.arithmeticMemory(Encoder.SUB, true, RCX, R15, Frame.RAM_OFFSET);
        e.store(true, R15, Frame.RESERVATION, RCX);
        if (w) {
            e.load(true, RCX, RAX, 0);
        } else {
            e.loadSigned32(RCX, RAX, 0);
        }
        e.store(true, R15, Frame.RESERVED_VALUE, RCX);
        e.store32Constant(R15, Frame.WROTE, 1);
        if (rd != 0) {
            e.mov(true, x.define(rd), RCX);
        }
    }

    /** As the interpreter, it compares the value that LR read. */
    void storeConditional(boolean w, int rd, int address, int source) {
        int size = w ? 8 : 4;
        int at = x.use(address);
        int from = x.use(source);
        e.testConstant8(at, size - 1);
        body.missIf(Condition.NOT_EQUAL);
        hostAddress(R13, at, 0, size);
        e.store32Constant(R15, Frame.WROTE, 1);
        e.mov(true, RCX, RAX);
        e.arithmeticMemory(Encoder.SUB, true, RAX, R15, Frame.RAM_OFFSET);
        e.arithmeticMemory(Encoder.CMP, true, RAX, R15, Frame.RESERVATION);
        e.storeConstant(R15, Frame.RESERVATION, -1);
        int elsewhere = e.jumpIf(Condition.NOT_EQUAL, 0);
        e.load(true, RAX, R15, Frame.RESERVED_VALUE);
        e.compareExchange(w, RCX, 0, from);
        int changed = e.jumpIf(Condition.NOT_EQUAL, 0);
        mark(RCX, size);
        e.constant32(RDX, 0);
        int end = e.length();
        body.cold(() -> {
            e.land(elsewhere);
            e.land(changed);
            e.constant32(RDX, 1);
            e.jump(end - e.length() - 5);
        });
        if (rd != 0) {
            e.mov(true, x.define(rd), RDX);
        }
    }

    /** x86 keeps all orders but one: a load may overtake a store. */
    void fence(int bits) {
        if ((bits & STORES_BEFORE) != 0 && (bits & LOADS_BEHIND) != 0 && bits >>> 28 != TSO) {
            e.fence();
        }
    }

    private void result(boolean w, int to) {
        if (w) {
            e.mov(true, to, RAX);
        } else {
            e.signExtend32(to, RAX);
        }
    }

    /** RAX is the host address; afterwards RCX is it, and RAX the former value. */
    private void exchangeUntilDone(int funct5, boolean w, int operand) {
        e.mov(true, RCX, RAX);
        e.load(w, RAX, RCX, 0);
        int again = e.length();
        switch (funct5) {
            case 4 -> combine(Encoder.XOR, operand);
            case 8 -> combine(Encoder.OR, operand);
            case 12 -> combine(Encoder.AND, operand);
            case 16 -> choose(Condition.LESS, w, operand);
            case 20 -> choose(Condition.GREATER_OR_EQUAL, w, operand);
            case 24 -> choose(Condition.BELOW, w, operand);
            default -> choose(Condition.ABOVE_OR_EQUAL, w, operand);
        }
        e.compareExchange(w, RCX, 0, RDX);
        e.jumpIf(Condition.NOT_EQUAL, again - e.length() - 6);
    }

    private void combine(int operation, int operand) {
        e.mov(true, RDX, RAX);
        e.arithmetic(operation, true, RDX, operand);
    }

    private void choose(int oldIf, boolean w, int operand) {
        e.mov(true, RDX, operand);
        e.arithmetic(Encoder.CMP, w, RAX, operand);
        e.moveIf(oldIf, true, RDX, RAX);
    }
}
