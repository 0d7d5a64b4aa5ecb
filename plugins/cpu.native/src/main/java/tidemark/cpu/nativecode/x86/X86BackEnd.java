package tidemark.cpu.nativecode.x86;

import static tidemark.cpu.nativecode.x86.Register.RAX;

import tidemark.cpu.nativecode.guest.BackEnd;
import tidemark.cpu.nativecode.guest.CsrAccess;
import tidemark.cpu.nativecode.guest.Exits;
import tidemark.cpu.nativecode.guest.Floating;
import tidemark.riscv.Op;

/** Writes blocks for x86-64. */
public final class X86BackEnd implements BackEnd {
    /** The floating-point control register for the guest: all exceptions masked, none raised yet, rounding to nearest even. */
    public static final int CONTROL = 0x1F80;

    private final Body body;
    private final Encoder e;
    private final IntegerTemplates integers;
    private final MemoryTemplates memory;
    private final FloatingTemplates floats;
    private final CsrTemplates csrs;

    /** @param exits where the ways out of blocks are noted */
    public X86BackEnd(Exits exits) {
        this(exits, Features.HOST);
    }

    X86BackEnd(Exits exits, Features features) {
        body = new Body(exits);
        e = body.e;
        integers = new IntegerTemplates(body);
        memory = new MemoryTemplates(body);
        floats = new FloatingTemplates(body, features);
        csrs = new CsrTemplates(body);
    }

    /**
     * The function by which code is entered: {@code long enter(code, frame, x, f, reads, writes, reads, writes)}, all addresses, the last
     * two for sstatus.SUM; hands back the exit's number.
     */
    public static byte[] entrance() {
        return Common.entrance();
    }

    @Override
    public byte[] common() {
        return Common.exit();
    }

    @Override
    public int flags(int control) {
        int invalid = (control & 1) << 4;
        int divideByZero = (control & 4) << 1;
        int overflow = (control & 8) >> 1;
        int underflow = (control & 16) >> 3;
        int inexact = (control & 32) >> 5;
        return invalid | divideByZero | overflow | underflow | inexact;
    }

    @Override
    public void begin(int at, long pc, int instructions, int cardShift) {
        body.begin(at, pc, instructions, cardShift);
    }

    @Override
    public void instruction(long pc, int number, int size) {
        body.instruction(pc, number, size);
    }

    @Override
    public void constant(int rd, long value) {
        integers.constant(rd, value);
    }

    @Override
    public void binary(int op, int rd, int a, int b) {
        integers.binary(op, rd, a, b);
    }

    @Override
    public void immediate(int op, int rd, int a, int immediate) {
        integers.immediate(op, rd, a, immediate);
    }

    @Override
    public void load(int op, int rd, int base, int offset) {
        memory.load(op, rd, base, offset);
    }

    @Override
    public void store(int op, int base, int offset, int source) {
        memory.store(op, base, offset, source);
    }

    @Override
    public void loadFloat(boolean dual, int fd, int base, int offset) {
        memory.loadFloat(dual, fd, base, offset);
    }

    @Override
    public void storeFloat(boolean dual, int base, int offset, int source) {
        memory.storeFloat(dual, base, offset, source);
    }

    @Override
    public void atomic(int funct5, boolean wide, int rd, int address, int source) {
        memory.atomic(funct5, wide, rd, address, source);
    }

    @Override
    public void loadReserved(boolean wide, boolean releases, int rd, int address) {
        memory.loadReserved(wide, releases, rd, address);
    }

    @Override
    public void storeConditional(boolean wide, int rd, int address, int source) {
        memory.storeConditional(wide, rd, address, source);
    }

    @Override
    public void fence(int bits) {
        memory.fence(bits);
    }

    @Override
    public boolean floating(Floating instruction) {
        return floats.write(instruction);
    }

    @Override
    public boolean csr(CsrAccess instruction) {
        return csrs.write(instruction);
    }

    @Override
    public void branch(int op, int a, int b, long target) {
        compare(a, b);
        if (body.isLast()) {
            body.flush();
        }
        body.goToIf(condition(op), target);
    }

    /** Moves alone may come between this and the jump. */
    private void compare(int a, int b) {
        int left = body.x.use(a);
        int right = b == 0 ? 0 : body.x.use(b);
        if (b == 0) {
            e.test(true, left, left);
        } else {
            e.arithmetic(Encoder.CMP, true, left, right);
        }
    }

    @Override
    public void beginLoop(int op, int a, int b, long otherwise) {
        if (op != Op.J) {
            compare(a, b);
            body.goToIf(condition(op) ^ 1, otherwise);
        }
        body.beginLoop();
    }

    @Override
    public void endLoop(int op, int a, int b) {
        if (op == Op.J) {
            body.goRound();
        } else {
            compare(a, b);
            body.goRoundIf(condition(op));
        }
    }

    private static int condition(int op) {
        return switch (op) {
            case Op.BEQ -> Condition.EQUAL;
            case Op.BNE -> Condition.NOT_EQUAL;
            case Op.BLT -> Condition.LESS;
            case Op.BGE -> Condition.GREATER_OR_EQUAL;
            case Op.BLTU -> Condition.BELOW;
            default -> Condition.ABOVE_OR_EQUAL;
        };
    }

    @Override
    public void jump(long target) {
        body.goTo(target);
    }

    @Override
    public void jumpRegister(int base, int offset, int link, long back) {
        e.lea(true, RAX, body.x.use(base), offset);
        e.arithmeticConstant(Encoder.AND, true, RAX, -2);
        if (link != 0) {
            integers.constant(link, back);
        }
        body.flush();
        body.lookUp(Common.LEAVE_ELSEWHERE);
    }

    @Override
    public void step(boolean last) {
        body.step(last);
    }

    @Override
    public void end() {
        body.end();
    }

    @Override
    public byte[] code() {
        return e.bytes();
    }

    @Override
    public int codeLength() {
        return e.length();
    }
}
