package tidemark.riscv;

/**
 * A decoded instruction, packed into a {@code long}: operation in bits 0 to 7, rd 8 to 12, rs1 13 to 17, rs2 18 to 22, bit 23 set if
 * it is 32 bits long, rs3 24 to 28, immediate (sign-extended; or the instruction's own bits, see {@link Op#RARE}) 32 to 63.
 */
public final class Insn {
    private static final long WIDE = 1L << 23;

    private Insn() {}

    static long pack(int op, int rd, int rs1, int rs2, int imm) {
        return (long) imm << 32 | (long) rs2 << 18 | (long) rs1 << 13 | (long) rd << 8 | op;
    }

    static long withRs3(long w, int rs3) {
        return w | (long) rs3 << 24;
    }

    static long wide(long w) {
        return w | WIDE;
    }

    public static int op(long w) {
        return (int) w & 255;
    }

    public static int rd(long w) {
        return (int) w >>> 8 & 31;
    }

    public static int rs1(long w) {
        return (int) w >>> 13 & 31;
    }

    public static int rs2(long w) {
        return (int) w >>> 18 & 31;
    }

    public static int rs3(long w) {
        return (int) w >>> 24 & 31;
    }

    public static int imm(long w) {
        return (int) (w >> 32);
    }

    /** 1 or 2: the instruction's length in halfwords. */
    public static int halfwords(long w) {
        return 1 + ((int) w >>> 23 & 1);
    }
}
