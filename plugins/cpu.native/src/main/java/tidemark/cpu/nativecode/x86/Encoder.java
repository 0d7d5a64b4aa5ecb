package tidemark.cpu.nativecode.x86;

import java.util.Arrays;

/**
 * Writes x86-64 instructions into a buffer (Intel SDM, volume 2). A method is named for the instruction; {@code w} asks for 64 bits, else
 * 32. A memory operand is {@code [base + displacement]} or, by {@link #indexed}, {@code [base + index + displacement]}.
 */
final class Encoder {
    // Two-operand arithmetic: the number in opcodes and in the ModRM byte
    static final int ADD = 0;
    static final int OR = 1;
    static final int AND = 4;
    static final int SUB = 5;
    static final int XOR = 6;
    static final int CMP = 7;
    // Shifts
    static final int SHL = 4;
    static final int SHR = 5;
    static final int SAR = 7;
    // One-operand arithmetic
    static final int NOT = 2;
    static final int NEG = 3;
    static final int MUL = 4;
    static final int IMUL = 5;
    static final int DIV = 6;
    static final int IDIV = 7;
    // Loads: 0F and this
    static final int MOVZX8 = 0xB6;
    static final int MOVZX16 = 0xB7;
    static final int MOVSX8 = 0xBE;
    static final int MOVSX16 = 0xBF;
    // Scalar floating point: prefix, 0F and this
    static final int SQRT = 0x51;
    static final int FADD = 0x58;
    static final int FMUL = 0x59;
    static final int FSUB = 0x5C;
    static final int FMIN = 0x5D;
    static final int FDIV = 0x5E;
    static final int FMAX = 0x5F;
    // Fused multiply-add of the form that adds to its first operand
    static final int VFMADD = 0xB9;
    static final int VFMSUB = 0xBB;
    static final int VFNMADD = 0xBD;
    static final int VFNMSUB = 0xBF;

    private static final int NONE = -1;

    private byte[] buffer = new byte[1 << 12];
    private int length;
    private int index = NONE;

    void clear() {
        length = 0;
    }

    int length() {
        return length;
    }

    byte[] bytes() {
        return buffer;
    }

    private void put(int value) {
        if (length == buffer.length) {
            buffer = Arrays.copyOf(buffer, 2 * length);
        }
        buffer[length++] = (byte) value;
    }

    private void put32(int value) {
        put(value);
        put(value >> 8);
        put(value >> 16);
        put(value >> 24);
    }

    /** Writes 32 bits over what is at a place. */
    void patch(int at, int value) {
        for (int i = 0; i < 4; i++) {
            buffer[at + i] = (byte) (value >> 8 * i);
        }
    }

    /** The next memory operand has this index register too, which is not RSP. */
    Encoder indexed(int register) {
        index = register;
        return this;
    }

    // ---- The parts of an instruction

    private void rex(boolean w, int reg, int rm, boolean always) {
        int x = index == NONE ? 0 : index >> 3;
        int rex = 0x40 | (w ? 8 : 0) | (reg >> 3) << 2 | x << 1 | rm >> 3;
        if (rex != 0x40 || always) {
            put(rex);
        }
    }

    private void direct(int reg, int rm) {
        put(0xC0 | (reg & 7) << 3 | rm & 7);
    }

    private void memory(int reg, int base, int displacement) {
        boolean none = displacement == 0 && (base & 7) != Register.RBP;
        boolean small = displacement == (byte) displacement;
        int mod = none ? 0 : small ? 0x40 : 0x80;
        if (index != NONE || (base & 7) == Register.RSP) {
            put(mod | (reg & 7) << 3 | 4);
            put((index == NONE ? 4 : index & 7) << 3 | base & 7);
        } else {
            put(mod | (reg & 7) << 3 | base & 7);
        }
        if (!none) {
            if (small) {
                put(displacement);
            } else {
                put32(displacement);
            }
        }
        index = NONE;
    }

    private void registers(int opcode, boolean w, int reg, int rm) {
        rex(w, reg, rm, false);
        put(opcode);
        direct(reg, rm);
    }

    private void access(int opcode, boolean w, int reg, int base, int displacement) {
        rex(w, reg, base, false);
        put(opcode);
        memory(reg, base, displacement);
    }

    // ---- Moves

    void mov(boolean w, int to, int from) {
        registers(0x8B, w, to, from);
    }

    /** MOVSXD. */
    void signExtend32(int to, int from) {
        registers(0x63, true, to, from);
    }

    /** In the shortest form. */
    void constant(int to, long value) {
        if (value == 0) {
            arithmetic(XOR, false, to, to);
        } else if (value >>> 32 == 0) {
            rex(false, 0, to, false);
            put(0xB8 | to & 7);
            put32((int) value);
        } else if (value == (int) value) {
            rex(true, 0, to, false);
            put(0xC7);
            direct(0, to);
            put32((int) value);
        } else {
            rex(true, 0, to, false);
            put(0xB8 | to & 7);
            put32((int) value);
            put32((int) (value >> 32));
        }
    }

    /** As {@link #constant} below 2^32, but always of 5 bytes (6 from R8 on) and without an effect on flags. */
    void constant32(int to, int value) {
        rex(false, 0, to, false);
        put(0xB8 | to & 7);
        put32(value);
    }

    void load(boolean w, int to, int base, int displacement) {
        access(0x8B, w, to, base, displacement);
    }

    /** MOVSXD of memory. */
    void loadSigned32(int to, int base, int displacement) {
        access(0x63, true, to, base, displacement);
    }

    /** Loads 8 or 16 bits. @param opcode {@link #MOVZX8} and so on */
    void loadExtended(int opcode, int to, int base, int displacement) {
        rex(true, to, base, false);
        put(0x0F);
        put(opcode);
        memory(to, base, displacement);
    }

    /** MOVZX of the low byte. */
    void zeroExtend8(int to, int from) {
        rex(false, to, from, from >= Register.RSP);
        put(0x0F);
        put(MOVZX8);
        direct(to, from);
    }

    void store(boolean w, int base, int displacement, int from) {
        access(0x89, w, from, base, displacement);
    }

    void store16(int base, int displacement, int from) {
        put(0x66);
        store(false, base, displacement, from);
    }

    void store8(int base, int displacement, int from) {
        rex(false, from, base, from >= Register.RSP);
        put(0x88);
        memory(from, base, displacement);
    }

    void store8Constant(int base, int displacement, int value) {
        access(0xC6, false, 0, base, displacement);
        put(value);
    }

    void store32Constant(int base, int displacement, int value) {
        access(0xC7, false, 0, base, displacement);
        put32(value);
    }

    /** Of 64 bits. */
    void storeConstant(int base, int displacement, int value) {
        access(0xC7, true, 0, base, displacement);
        put32(value);
    }

    void lea(boolean w, int to, int base, int displacement) {
        access(0x8D, w, to, base, displacement);
    }

    /** LEA of an address relative to the instruction's end. */
    void leaRelative(int to, int displacement) {
        rex(true, to, 0, false);
        put(0x8D);
        put((to & 7) << 3 | 5);
        put32(displacement);
    }

    // ---- Integer arithmetic

    void arithmetic(int operation, boolean w, int to, int from) {
        registers(operation << 3 | 3, w, to, from);
    }

    void arithmeticMemory(int operation, boolean w, int to, int base, int displacement) {
        access(operation << 3 | 3, w, to, base, displacement);
    }

    void arithmeticConstant(int operation, boolean w, int to, int value) {
        rex(w, 0, to, false);
        boolean small = value == (byte) value;
        put(small ? 0x83 : 0x81);
        direct(operation, to);
        if (small) {
            put(value);
        } else {
            put32(value);
        }
    }

    void compareMemory32(int base, int displacement, int value) {
        rex(false, 0, base, false);
        boolean small = value == (byte) value;
        put(small ? 0x83 : 0x81);
        memory(CMP, base, displacement);
        if (small) {
            put(value);
        } else {
            put32(value);
        }
    }

    void test(boolean w, int a, int b) {
        registers(0x85, w, b, a);
    }

    /** TEST with a constant below 128 of the low byte. */
    void testConstant8(int a, int value) {
        rex(false, 0, a, a >= Register.RSP);
        put(0xF6);
        direct(0, a);
        put(value);
    }

    void shift(int operation, boolean w, int to, int count) {
        rex(w, 0, to, false);
        put(0xC1);
        direct(operation, to);
        put(count);
    }

    /** By CL. */
    void shiftByCl(int operation, boolean w, int to) {
        rex(w, 0, to, false);
        put(0xD3);
        direct(operation, to);
    }

    void unary(int operation, boolean w, int operand) {
        rex(w, 0, operand, false);
        put(0xF7);
        direct(operation, operand);
    }

    /** IMUL of two registers. */
    void multiply(boolean w, int to, int from) {
        rex(w, to, from, false);
        put(0x0F);
        put(0xAF);
        direct(to, from);
    }

    /** CQO or CDQ: the sign of RAX to RDX. */
    void signToRdx(boolean w) {
        rex(w, 0, 0, false);
        put(0x99);
    }

    void setIf(int condition, int to) {
        rex(false, 0, to, to >= Register.RSP);
        put(0x0F);
        put(0x90 | condition);
        direct(0, to);
    }

    void moveIf(int condition, boolean w, int to, int from) {
        rex(w, to, from, false);
        put(0x0F);
        put(0x40 | condition);
        direct(to, from);
    }

    // ---- Atomics

    /** LOCK XADD. */
    void exchangeAdd(boolean w, int base, int displacement, int operand) {
        put(0xF0);
        rex(w, operand, base, false);
        put(0x0F);
        put(0xC1);
        memory(operand, base, displacement);
    }

    /** XCHG, which locks. */
    void exchange(boolean w, int base, int displacement, int operand) {
        access(0x87, w, operand, base, displacement);
    }

    /** LOCK CMPXCHG with RAX. */
    void compareExchange(boolean w, int base, int displacement, int from) {
        put(0xF0);
        rex(w, from, base, false);
        put(0x0F);
        put(0xB1);
        memory(from, base, displacement);
    }

    /** LOCK OR of nothing to the stack: loads do not overtake stores by it. Quicker than MFENCE. */
    void fence() {
        put(0xF0);
        put(0x83);
        memory(OR, Register.RSP, 0);
        put(0);
    }

    // ---- Control

    /** @return where its 32-bit displacement is */
    int jump(int displacement) {
        put(0xE9);
        put32(displacement);
        return length - 4;
    }

    /** @return where its 32-bit displacement is */
    int jumpIf(int condition, int displacement) {
        put(0x0F);
        put(0x80 | condition);
        put32(displacement);
        return length - 4;
    }

    /** Has the jump whose displacement is at a place lead to here. */
    void land(int at) {
        patch(at, length - at - 4);
    }

    void jumpRegister(int target) {
        rex(false, 0, target, false);
        put(0xFF);
        direct(4, target);
    }

    void jumpMemory(int base, int displacement) {
        access(0xFF, false, 4, base, displacement);
    }

    void push(int register) {
        rex(false, 0, register, false);
        put(0x50 | register & 7);
    }

    void pop(int register) {
        rex(false, 0, register, false);
        put(0x58 | register & 7);
    }

    void ret() {
        put(0xC3);
    }

    // ---- Floating point: xmm registers by number

    private static int prefix(boolean dual) {
        return dual ? 0xF2 : 0xF3;
    }

    private void sse(int prefix, boolean w, int opcode, int reg, int rm) {
        if (prefix != 0) {
            put(prefix);
        }
        rex(w, reg, rm, false);
        put(0x0F);
        put(opcode);
        direct(reg, rm);
    }

    /** MOVSD or MOVSS from memory: the rest becomes zero. */
    void loadFloat(boolean dual, int to, int base, int displacement) {
        put(prefix(dual));
        rex(false, to, base, false);
        put(0x0F);
        put(0x10);
        memory(to, base, displacement);
    }

    void storeFloat(boolean dual, int base, int displacement, int from) {
        put(prefix(dual));
        rex(false, from, base, false);
        put(0x0F);
        put(0x11);
        memory(from, base, displacement);
    }

    /** MOVAPS. */
    void moveFloat(int to, int from) {
        sse(0, false, 0x28, to, from);
    }

    /** MOVQ or MOVD to an xmm register. */
    void moveToFloat(boolean w, int to, int from) {
        sse(0x66, w, 0x6E, to, from);
    }

    /** MOVQ or MOVD from an xmm register. */
    void moveFromFloat(boolean w, int to, int from) {
        sse(0x66, w, 0x7E, from, to);
    }

    /** @param operation {@link #FADD} and so on */
    void scalar(int operation, boolean dual, int to, int from) {
        sse(prefix(dual), false, operation, to, from);
    }

    /** UCOMISD or UCOMISS; with {@code signals} COMISD or COMISS. */
    void compareFloat(boolean dual, boolean signals, int a, int b) {
        sse(dual ? 0x66 : 0, false, signals ? 0x2F : 0x2E, a, b);
    }

    /** CVTSD2SS if {@code dual}, else CVTSS2SD. */
    void resize(boolean dual, int to, int from) {
        sse(prefix(dual), false, 0x5A, to, from);
    }

    /** CVTSI2SD or CVTSI2SS. */
    void fromInteger(boolean dual, boolean w, int to, int from) {
        sse(prefix(dual), w, 0x2A, to, from);
    }

    /** CVTTSD2SI and the like; with {@code rounds} CVTSD2SI and the like. */
    void toInteger(boolean dual, boolean rounds, boolean w, int to, int from) {
        sse(prefix(dual), w, rounds ? 0x2D : 0x2C, to, from);
    }

    /** ANDPS. */
    void andFloat(int to, int from) {
        sse(0, false, 0x54, to, from);
    }

    /** ORPS. */
    void orFloat(int to, int from) {
        sse(0, false, 0x56, to, from);
    }

    /** PUNPCKLDQ: the low 32 bits of another register become bits 32 to 63. */
    void interleave(int to, int from) {
        sse(0x66, false, 0x62, to, from);
    }

    /** PCMPEQD of a register with itself: all ones. */
    void ones(int to) {
        sse(0x66, false, 0x76, to, to);
    }

    /** VFMADD231SD and the like: {@code to = a * b + to}. @param operation {@link #VFMADD} and so on */
    void fused(int operation, boolean dual, int to, int a, int b) {
        put(0xC4);
        put((to < 8 ? 0x80 : 0) | 0x40 | (b < 8 ? 0x20 : 0) | 2);
        put((dual ? 0x80 : 0) | (~a & 15) << 3 | 1);
        put(operation);
        direct(to, b);
    }

    void loadControl(int base, int displacement) {
        rex(false, 2, base, false);
        put(0x0F);
        put(0xAE);
        memory(2, base, displacement);
    }

    void storeControl(int base, int displacement) {
        rex(false, 3, base, false);
        put(0x0F);
        put(0xAE);
        memory(3, base, displacement);
    }
}
