package tidemark.differential;

import java.util.Arrays;
import java.util.SplittableRandom;
import tidemark.testkit.Field;
import tidemark.testkit.Op;
import tidemark.testkit.Reg;

/** Random choices that make interesting programs. */
final class Draw {
    static final long[] LONGS = {
        0, 1, -1, 2, 3, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fff_ffffL, 0x8000_0000L, 0xffff_ffffL, 0x1_0000_0000L,
        Long.MAX_VALUE, Long.MIN_VALUE, -0x8000_0000L, -0x8000_0001L, 0x5555_5555_5555_5555L, 0xaaaa_aaaa_aaaa_aaaaL, 31, 32, 63, 64
    };
    static final int[] SINGLES = {
        0, 0x8000_0000, 0x3f80_0000, 0xbf80_0000, 0x7f80_0000, 0xff80_0000, 0x7fc0_0000, 0xffc0_0000, 0x7f80_0001, 0xff81_2345,
        0x7fc1_2345, 1, 0x8000_0001, 0x007f_ffff, 0x807f_ffff, 0x0080_0000, 0x8080_0000, 0x0080_0001, 0x7f7f_ffff, 0xff7f_ffff,
        0x3f80_0001, 0x3f7f_ffff, 0x4b00_0000, 0x4b7f_ffff, 0x3f00_0000, 0x3fc0_0000, 0xbf00_0000, 0x4020_0000, 0x4f00_0000, 0xcf00_0000,
        0x4f80_0000, 0x5f00_0000, 0xdf00_0000, 0x5f80_0000, 0x5eff_ffff, 0x4eff_ffff, 0x1f80_0000, 0x2000_0000, 0x5f7f_ffff, 0x00ff_ffff,
        0x3400_0000, 0x3380_0000, 0x3f00_0001, 0x3eff_ffff
    };
    static final long[] DOUBLES = {
        0, Long.MIN_VALUE, 0x3ff0_0000_0000_0000L, 0xbff0_0000_0000_0000L, 0x7ff0_0000_0000_0000L, 0xfff0_0000_0000_0000L,
        0x7ff8_0000_0000_0000L, 0xfff8_0000_0000_0000L, 0x7ff0_0000_0000_0001L, 0xfff4_5678_9abc_def0L, 0x7ff8_1234_5678_9abcL, 1,
        0x8000_0000_0000_0001L, 0x000f_ffff_ffff_ffffL, 0x800f_ffff_ffff_ffffL, 0x0010_0000_0000_0000L, 0x8010_0000_0000_0000L,
        0x0010_0000_0000_0001L, 0x7fef_ffff_ffff_ffffL, 0xffef_ffff_ffff_ffffL, 0x3ff0_0000_0000_0001L, 0x3fef_ffff_ffff_ffffL,
        0x4330_0000_0000_0000L, 0x433f_ffff_ffff_ffffL, 0x3fe0_0000_0000_0000L, 0x3ff8_0000_0000_0000L, 0xbfe0_0000_0000_0000L,
        0x4004_0000_0000_0000L, 0x41e0_0000_0000_0000L, 0xc1e0_0000_0000_0000L, 0xc1e0_0000_0010_0000L, 0xc1e0_0000_0020_0000L,
        0x41df_ffff_ffc0_0000L, 0x41df_ffff_ffe0_0000L, 0x41ef_ffff_ffe0_0000L, 0x41f0_0000_0000_0000L, 0x43e0_0000_0000_0000L,
        0xc3e0_0000_0000_0000L, 0x43f0_0000_0000_0000L, 0x43ef_ffff_ffff_ffffL, 0x36a0_0000_0000_0000L, 0x3690_0000_0000_0000L,
        0x3690_0000_0000_0001L, 0x380f_ffff_ffff_ffffL, 0x380f_ffff_e000_0000L, 0x380f_ffff_f000_0000L, 0x47ef_ffff_e000_0000L,
        0x47ef_ffff_f000_0000L, 0x47ef_ffff_efff_ffffL, 0x1ff0_0000_0000_0000L, 0x2000_0000_0000_0000L, 0x3ca0_0000_0000_0000L,
        0x3c90_0000_0000_0000L
    };

    private final SplittableRandom random;

    Draw(long seed) {
        random = new SplittableRandom(seed);
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    /** {@code from} to {@code to}, both possible. */
    int between(int from, int to) {
        return random.nextInt(from, to + 1);
    }

    boolean oneIn(int n) {
        return random.nextInt(n) == 0;
    }

    long bits() {
        return random.nextLong();
    }

    <T> T of(T[] choices) {
        return choices[random.nextInt(choices.length)];
    }

    int of(int... choices) {
        return choices[random.nextInt(choices.length)];
    }

    /** Any register but tp. */
    int x() {
        return xBut(Reg.TP);
    }

    /** Any register but tp and these; x0 unless excluded. */
    int xBut(int... excluded) {
        while (true) {
            int register = random.nextInt(32);
            if (register != Reg.TP && !contains(excluded, register)) {
                return register;
            }
        }
    }

    private static boolean contains(int[] registers, int register) {
        for (int r : registers) {
            if (r == register) {
                return true;
            }
        }
        return false;
    }

    int f() {
        return random.nextInt(32);
    }

    long integer() {
        return switch (random.nextInt(4)) {
            case 0 -> LONGS[random.nextInt(LONGS.length)];
            case 1 -> random.nextLong() >> random.nextInt(64);
            case 2 -> LONGS[random.nextInt(LONGS.length)] + random.nextInt(-2, 3);
            default -> random.nextLong();
        };
    }

    /** The bits of a register as an operand of floating-point instructions: doubles, boxed and badly boxed singles, of all classes. */
    long floating() {
        return switch (random.nextInt(10)) {
            case 0, 1, 2 -> 0xffff_ffff_0000_0000L | single() & 0xffff_ffffL;
            case 3 -> random.nextLong() << 32 | single() & 0xffff_ffffL;
            case 4 -> random.nextLong();
            default -> real();
        };
    }

    private int single() {
        return switch (random.nextInt(3)) {
            case 0 -> SINGLES[random.nextInt(SINGLES.length)];
            case 1 -> SINGLES[random.nextInt(SINGLES.length)] + random.nextInt(-2, 3);
            // near 1, so that sums and fused operations cancel
            default -> 0x3f80_0000 + (random.nextInt(-12, 12) << 23) + (random.nextInt() & 0x807f_ffff);
        };
    }

    private long real() {
        return switch (random.nextInt(3)) {
            case 0 -> DOUBLES[random.nextInt(DOUBLES.length)];
            case 1 -> DOUBLES[random.nextInt(DOUBLES.length)] + random.nextInt(-2, 3);
            default -> 0x3ff0_0000_0000_0000L + ((long) random.nextInt(-24, 24) << 52) + (random.nextLong() & 0x800f_ffff_ffff_ffffL);
        };
    }

    /** Operands for {@code op} that do not write {@code kept} registers nor tp. */
    int[] operands(Op op, int... kept) {
        return op.fields().stream().mapToInt(field -> operand(op, field, kept)).toArray();
    }

    private int operand(Op op, Field field, int[] kept) {
        return switch (field) {
            case RD -> xBut(kept);
            case C_RD -> op == Op.C_LWSP || op == Op.C_LDSP ? xBut(with(kept, 0)) : xBut(with(kept, 0, op == Op.C_LUI ? 2 : 0));
            case C_RD_LOW, C_RS1_LOW -> lowBut(kept);
            case C_RS2 -> 1 + random.nextInt(31);
            case C_IMM -> nonZero(field);
            case C_IMM_4SPN, C_IMM_16SP -> nonZero(field);
            case C_SHAMT -> nonZero(field);
            case RM -> oneIn(12) ? random.nextInt(8) : oneIn(2) ? 7 : random.nextInt(5);
            default -> any(field);
        };
    }

    /** {@code registers} and more of them. */
    static int[] with(int[] registers, int... more) {
        int[] all = Arrays.copyOf(registers, registers.length + more.length);
        System.arraycopy(more, 0, all, registers.length, more.length);
        return all;
    }

    private int lowBut(int[] kept) {
        int register;
        do {
            register = 8 + random.nextInt(8);
        } while (contains(kept, register));
        return register;
    }

    private int nonZero(Field field) {
        int value;
        do {
            value = any(field);
        } while (value == 0);
        return value;
    }

    private int any(Field field) {
        int steps = (field.max() - field.min()) / field.step() + 1;
        return field.min() + random.nextInt(steps) * field.step();
    }
}
