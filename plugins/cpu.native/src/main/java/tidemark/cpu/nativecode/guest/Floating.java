package tidemark.cpu.nativecode.guest;

import tidemark.riscv.Insn;

/**
 * A floating-point instruction except loads and stores, by the fields of its encoding (RISC-V volume I, chapters 11 and 12).
 *
 * @param bits the instruction itself
 */
public record Floating(int bits) {
    public static final int ADD = 0;
    public static final int SUBTRACT = 1;
    public static final int MULTIPLY = 2;
    public static final int DIVIDE = 3;
    public static final int SIGN = 4;
    public static final int EXTREME = 5;
    public static final int RESIZE = 8;
    public static final int ROOT = 11;
    public static final int COMPARE = 20;
    public static final int TO_INTEGER = 24;
    public static final int FROM_INTEGER = 26;
    public static final int MOVE_TO_X = 28;
    public static final int MOVE_FROM_X = 30;

    public static final int NEAREST_EVEN = 0;
    public static final int TOWARDS_ZERO = 1;
    public static final int DYNAMIC = 7;

    private static final int OPERATION = 0x53;

    static Floating of(long w) {
        return new Floating(Insn.imm(w));
    }

    /** Whether it is a fused multiply-add; {@link #kind} says which, and {@link #funct5} is not one. */
    public boolean fused() {
        return (bits & 0x7F) != OPERATION;
    }

    /** Of a fused one: 0 FMADD, 1 FMSUB, 2 FNMSUB, 3 FNMADD. */
    public int kind() {
        return bits >>> 2 & 3;
    }

    public int funct5() {
        return bits >>> 27;
    }

    /** Double precision: for {@link #RESIZE} of the result. */
    public boolean dual() {
        return (bits >>> 25 & 1) == 1;
    }

    /** The rounding mode, or which of several similar operations it is. */
    public int rm() {
        return bits >>> 12 & 7;
    }

    /** Whether it rounds to nearest even, provided that this is the dynamic mode. */
    public boolean nearest() {
        return rm() == NEAREST_EVEN || rm() == DYNAMIC;
    }

    public int rd() {
        return bits >>> 7 & 31;
    }

    public int rs1() {
        return bits >>> 15 & 31;
    }

    /** A register, or which integer type a conversion has: 0 W, 1 WU, 2 L, 3 LU. */
    public int rs2() {
        return bits >>> 20 & 31;
    }

    public int rs3() {
        return bits >>> 27;
    }
}
