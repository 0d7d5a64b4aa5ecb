package tidemark.riscv;

import tidemark.api.cpu.Hart;

/**
 * The F and D extensions except loads and stores (volume I, chapters 11 and 12): every operation in every rounding mode, with exact
 * flags. Engines may compute common cases themselves and come here for the rest. One for each hart.
 */
public final class FloatingPoint {
    private static final long BOX = 0xFFFFFFFF_00000000L;
    private static final int DYNAMIC = 7;
    /** Between these no error of an operation overflows or is lost to underflow. */
    private static final double LARGE = 0x1p1000;
    private static final double SMALL = 0x1p-900;

    private final Hart hart;
    private final SoftFloat single = SoftFloat.single();
    private final SoftFloat dual = SoftFloat.dual();

    public FloatingPoint(Hart hart) {
        this.hart = hart;
    }

    /** Marks the unit's state dirty, as every write to an f register must; the unit is not off. */
    public static void dirty(Hart hart) {
        hart.mstatus |= Status.FS;
    }

    public static boolean isOff(Hart hart) {
        return (hart.mstatus & Status.FS) == 0;
    }

    /**
     * Executes an instruction that the decoder gave one of the operations {@link Op#FADD_D} to {@link Op#FP}. Leaves pc alone.
     *
     * @return false if it is illegal: the unit is off, or the dynamic rounding mode is reserved; nothing was changed then
     */
    public boolean execute(int instruction) {
        int rm = instruction >>> 12 & 7;
        boolean rounds = rounds(instruction);
        int mode = rounds && rm == DYNAMIC ? hart.frm : rm;
        if (isOff(hart) || rounds && mode > SoftFloat.RMM) {
            return false;
        }
        SoftFloat format = (instruction >>> 25 & 1) == 0 ? single : dual;
        if (format == dual && mode == SoftFloat.RNE && (instruction & 0x7F) == 0x53 && nearest(instruction)) {
            return true;
        }
        format.rounding = mode;
        format.flags = 0;
        if ((instruction & 0x7F) == 0x53) {
            operation(format, instruction, rm);
        } else {
            fused(format, instruction);
        }
        hart.fflags |= format.flags;
        return true;
    }

    private static boolean rounds(int instruction) {
        int funct5 = instruction >>> 27;
        return (instruction & 0x7F) != 0x53 || funct5 < 4 || funct5 == 8 || funct5 == 11 || funct5 == 24 || funct5 == 26;
    }

    /**
     * The host's result of the commonest operations, and whether it is exact by an error that the host computes without error (Knuth's
     * sum; fused multiply-add).
     *
     * @return false if it is another operation, or an operand or the result is too large or too small for that
     */
    private boolean nearest(int instruction) {
        double a = Double.longBitsToDouble(hart.f[instruction >>> 15 & 31]);
        double b = Double.longBitsToDouble(hart.f[instruction >>> 20 & 31]);
        double result;
        double error;
        switch (instruction >>> 27) {
            case 0, 1 -> {
                double addend = instruction >>> 27 == 0 ? b : -b;
                result = a + addend;
                double virtual = result - a;
                error = a - (result - virtual) + (addend - virtual);
                if (!(Math.abs(a) < LARGE && Math.abs(b) < LARGE)) {
                    return false;
                }
            }
            case 2 -> {
                result = a * b;
                error = Math.fma(a, b, -result);
                boolean zero = (a == 0 || b == 0) && result == 0;
                if (!zero && !moderate(result)) {
                    return false;
                }
            }
            case 3 -> {
                result = a / b;
                error = Math.fma(result, b, -a);
                if (!moderate(result) || !moderate(a) || !moderate(b)) {
                    return false;
                }
            }
            case 11 -> {
                result = Math.sqrt(a);
                error = Math.fma(result, result, -a);
                if (!moderate(a) || a < 0) {
                    return false;
                }
            }
            default -> {
                return false;
            }
        }
        hart.f[instruction >>> 7 & 31] = Double.doubleToRawLongBits(result);
        dirty(hart);
        if (error != 0) {
            hart.fflags |= SoftFloat.NX;
        }
        return true;
    }

    private static boolean moderate(double value) {
        double magnitude = Math.abs(value);
        return magnitude < LARGE && magnitude > SMALL;
    }

    private void fused(SoftFloat format, int instruction) {
        long a = operand(format, instruction >>> 15 & 31);
        long b = operand(format, instruction >>> 20 & 31);
        long c = operand(format, instruction >>> 27);
        int kind = instruction >>> 2 & 3;
        if (kind >= 2) {
            a = negate(format, a);
        }
        if (kind == 1 || kind == 3) {
            c = negate(format, c);
        }
        result(format, instruction, format.fusedMultiplyAdd(a, b, c));
    }

    private static long negate(SoftFloat format, long a) {
        return a ^ format.signBit();
    }

    private void operation(SoftFloat format, int instruction, int rm) {
        int rs1 = instruction >>> 15 & 31;
        int rs2 = instruction >>> 20 & 31;
        long a = operand(format, rs1);
        long b = operand(format, rs2);
        switch (instruction >>> 27) {
            case 0 -> result(format, instruction, format.add(a, b));
            case 1 -> result(format, instruction, format.subtract(a, b));
            case 2 -> result(format, instruction, format.multiply(a, b));
            case 3 -> result(format, instruction, format.divide(a, b));
            case 4 -> result(format, instruction, injectSign(format, a, b, rm));
            case 5 -> result(format, instruction, rm == 0 ? format.minimum(a, b) : format.maximum(a, b));
            case 8 -> convert(format, instruction, rs1);
            case 11 -> result(format, instruction, format.squareRoot(a));
            case 20 -> integer(instruction, rm == 2 ? format.equal(a, b) : format.less(a, b, rm == 0));
            case 24 -> integer(instruction, format.toInteger(a, (rs2 & 2) == 0 ? 32 : 64, (rs2 & 1) == 1));
            case 26 -> result(format, instruction, format.fromInteger(source(rs1, rs2), (rs2 & 1) == 1));
            case 28 -> integer(instruction, rm == 1 ? format.classify(a) : format == single ? (int) hart.f[rs1] : hart.f[rs1]);
            case 30 -> result(format, instruction, hart.x[rs1]);
            default -> throw new IllegalArgumentException("No floating-point operation: 0x" + Integer.toHexString(instruction));
        }
    }

    private void convert(SoftFloat to, int instruction, int rs1) {
        SoftFloat from = to == single ? dual : single;
        result(to, instruction, to.convert(operand(from, rs1), from));
    }

    private long source(int rs1, int kind) {
        return switch (kind) {
            case 0 -> (int) hart.x[rs1];
            case 1 -> hart.x[rs1] & 0xFFFFFFFFL;
            default -> hart.x[rs1];
        };
    }

    private static long injectSign(SoftFloat format, long a, long b, int rm) {
        long sign = format.signBit();
        return switch (rm) {
            case 0 -> a & ~sign | b & sign;
            case 1 -> a & ~sign | ~b & sign;
            default -> a ^ b & sign;
        };
    }

    /** A single that is not NaN-boxed is the canonical NaN. */
    private long operand(SoftFloat format, int register) {
        long bits = hart.f[register];
        if (format == dual) {
            return bits;
        }
        return (bits & BOX) == BOX ? bits & ~BOX : single.nan;
    }

    private void result(SoftFloat format, int instruction, long bits) {
        hart.f[instruction >>> 7 & 31] = format == single ? bits | BOX : bits;
        dirty(hart);
    }

    private void integer(int instruction, boolean value) {
        integer(instruction, value ? 1 : 0);
    }

    private void integer(int instruction, long value) {
        int rd = instruction >>> 7 & 31;
        if (rd != 0) {
            hart.x[rd] = value;
        }
    }
}
