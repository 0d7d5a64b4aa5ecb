package tidemark.riscv;

/**
 * Integer operations with corners: multiplication's upper halves and division (volume I, chapter 7), and the operations of AMOs (chapter
 * 8).
 */
public final class Arithmetic {
    private Arithmetic() {}

    public static long mulhsu(long a, long b) {
        return Math.multiplyHigh(a, b) + (b >> 63 & a);
    }

    public static long div(long a, long b) {
        return b == 0 ? -1 : a / b;
    }

    public static long divu(long a, long b) {
        return b == 0 ? -1 : Long.divideUnsigned(a, b);
    }

    public static long rem(long a, long b) {
        return b == 0 ? a : a % b;
    }

    public static long remu(long a, long b) {
        return b == 0 ? a : Long.remainderUnsigned(a, b);
    }

    public static long divw(long a, long b) {
        return (int) b == 0 ? -1 : (int) a / (int) b;
    }

    public static long divuw(long a, long b) {
        return (int) b == 0 ? -1 : Integer.divideUnsigned((int) a, (int) b);
    }

    public static long remw(long a, long b) {
        return (int) b == 0 ? (int) a : (int) a % (int) b;
    }

    public static long remuw(long a, long b) {
        return (int) b == 0 ? (int) a : Integer.remainderUnsigned((int) a, (int) b);
    }

    /**
     * What an AMO writes.
     *
     * @param funct5 which, the instruction's bits 27 to 31
     * @param old memory's value; of a word, like {@code operand}, sign-extended
     */
    public static long amo(int funct5, long old, long operand) {
        return switch (funct5) {
            case 0 -> old + operand;
            case 1 -> operand;
            case 4 -> old ^ operand;
            case 8 -> old | operand;
            case 12 -> old & operand;
            case 16 -> Math.min(old, operand);
            case 20 -> Math.max(old, operand);
            // sign extension keeps the unsigned order of words
            case 24 -> Long.compareUnsigned(old, operand) < 0 ? old : operand;
            case 28 -> Long.compareUnsigned(old, operand) > 0 ? old : operand;
            default -> throw new IllegalArgumentException("AMO " + funct5);
        };
    }
}
