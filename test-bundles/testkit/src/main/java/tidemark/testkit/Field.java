package tidemark.testkit;

/**
 * An operand of an instruction and where its bits go: runs of (lowest bit in the instruction, lowest bit in the operand, width), as in
 * the format tables of the unprivileged specification, chapters 2 and 16.
 */
public enum Field {
    RD(Kind.X, 7, 0, 5),
    RS1(Kind.X, 15, 0, 5),
    RS2(Kind.X, 20, 0, 5),
    /** rs1 of loads, stores and atomics, written in parentheses. */
    BASE(Kind.BASE, 15, 0, 5),
    FRD(Kind.F, 7, 0, 5),
    FRS1(Kind.F, 15, 0, 5),
    FRS2(Kind.F, 20, 0, 5),
    FRS3(Kind.F, 27, 0, 5),
    IMM_I(Kind.SIGNED, 20, 0, 12),
    IMM_S(Kind.SIGNED, 7, 0, 5, 25, 5, 7),
    IMM_B(Kind.TARGET, 8, 1, 4, 25, 5, 6, 7, 11, 1, 31, 12, 1),
    IMM_U(Kind.UNSIGNED, 12, 0, 20),
    IMM_J(Kind.TARGET, 21, 1, 10, 20, 11, 1, 12, 12, 8, 31, 20, 1),
    SHAMT5(Kind.UNSIGNED, 20, 0, 5),
    SHAMT6(Kind.UNSIGNED, 20, 0, 6),
    ZIMM(Kind.UNSIGNED, 15, 0, 5),
    CSR(Kind.CSR, 20, 0, 12),
    /** Rounding mode; dynamic if left out. */
    RM(Kind.ROUNDING, 12, 0, 3),
    /** 1 is rl, 2 is aq; none if left out. */
    AQRL(Kind.ORDERING, 25, 0, 2),
    /** Predecessor and successor sets; all if left out. */
    FENCE_SETS(Kind.SETS, 20, 0, 8),

    C_RD(Kind.X, 7, 0, 5),
    C_RS2(Kind.X, 2, 0, 5),
    C_FRD(Kind.F, 7, 0, 5),
    C_FRS2(Kind.F, 2, 0, 5),
    /** x8 to x15 in bits 4:2. */
    C_RD_LOW(Kind.X_POPULAR, 2, 0, 3),
    /** x8 to x15 in bits 9:7. */
    C_RS1_LOW(Kind.X_POPULAR, 7, 0, 3),
    C_BASE(Kind.BASE_POPULAR, 7, 0, 3),
    C_FRD_LOW(Kind.F_POPULAR, 2, 0, 3),
    C_IMM(Kind.SIGNED, 2, 0, 5, 12, 5, 1),
    C_SHAMT(Kind.UNSIGNED, 2, 0, 5, 12, 5, 1),
    C_IMM_4SPN(Kind.UNSIGNED, 6, 2, 1, 5, 3, 1, 11, 4, 2, 7, 6, 4),
    C_IMM_16SP(Kind.SIGNED, 6, 4, 1, 2, 5, 1, 5, 6, 1, 3, 7, 2, 12, 9, 1),
    C_IMM_W(Kind.UNSIGNED, 6, 2, 1, 10, 3, 3, 5, 6, 1),
    C_IMM_D(Kind.UNSIGNED, 10, 3, 3, 5, 6, 2),
    C_IMM_LWSP(Kind.UNSIGNED, 4, 2, 3, 12, 5, 1, 2, 6, 2),
    C_IMM_LDSP(Kind.UNSIGNED, 5, 3, 2, 12, 5, 1, 2, 6, 3),
    C_IMM_SWSP(Kind.UNSIGNED, 9, 2, 4, 7, 6, 2),
    C_IMM_SDSP(Kind.UNSIGNED, 10, 3, 3, 7, 6, 3),
    C_IMM_J(Kind.TARGET, 3, 1, 3, 11, 4, 1, 2, 5, 1, 7, 6, 1, 6, 7, 1, 9, 8, 2, 8, 10, 1, 12, 11, 1),
    C_IMM_B(Kind.TARGET, 3, 1, 2, 10, 3, 2, 2, 5, 1, 5, 6, 2, 12, 8, 1);

    /** What an operand is. */
    public enum Kind {
        X, F, BASE,
        /** x8 to x15, f8 to f15. */
        X_POPULAR, F_POPULAR, BASE_POPULAR,
        SIGNED, UNSIGNED,
        /** A signed offset from the instruction's own address. */
        TARGET,
        CSR, ROUNDING, ORDERING, SETS;

        boolean popular() {
            return this == X_POPULAR || this == F_POPULAR || this == BASE_POPULAR;
        }

        boolean signed() {
            return this == SIGNED || this == TARGET;
        }

        boolean base() {
            return this == BASE || this == BASE_POPULAR;
        }
    }

    private final Kind kind;
    private final int[] runs;

    Field(Kind kind, int... runs) {
        this.kind = kind;
        this.runs = runs;
    }

    public Kind kind() {
        return kind;
    }

    /** The smallest operand. */
    public int min() {
        return kind.popular() ? 8 : kind.signed() ? -(1 << (bits() - 1)) : 0;
    }

    /** The largest operand. */
    public int max() {
        int top = kind.popular() ? 15 : kind.signed() ? (1 << (bits() - 1)) - 1 : (1 << bits()) - 1;
        return top & -step();
    }

    /** Operands are multiples of this. */
    public int step() {
        return 1 << runs[1];
    }

    /** The operand that is meant when it is left out, or -1 if it must not be. */
    int absent() {
        return switch (kind) {
            case ROUNDING -> 7;
            case ORDERING -> 0;
            case SETS -> 0xff;
            default -> -1;
        };
    }

    /** The operand's bits in their places. */
    int place(int operand) {
        if (operand < min() || operand > max() || operand % step() != 0) {
            throw new IllegalArgumentException(this + " is " + operand + ", allowed are " + min() + " to " + max() + " in steps of "
                    + step());
        }
        int bits = 0;
        for (int i = 0; i < runs.length; i += 3) {
            bits |= (operand >> runs[i + 1] & (1 << runs[i + 2]) - 1) << runs[i];
        }
        return bits;
    }

    private int bits() {
        return runs[runs.length - 2] + runs[runs.length - 1];
    }
}
