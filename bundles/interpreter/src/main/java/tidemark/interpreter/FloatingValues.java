package tidemark.interpreter;

/** What bits of f registers stand for, and whether a result is so plain that the host's arithmetic has it right. */
final class FloatingValues {
    private FloatingValues() {}

    static double dual(long bits) {
        return Double.longBitsToDouble(bits);
    }

    static float single(long bits) {
        return Float.intBitsToFloat((int) bits);
    }

    static boolean boxed(long bits) {
        return bits >> 32 == -1;
    }

    static boolean finite(double r) {
        return Math.abs(r) <= Double.MAX_VALUE;
    }

    static boolean finite(float r) {
        return Math.abs(r) <= Float.MAX_VALUE;
    }

    /** Neither overflow nor underflow nor NaN: inexact at most. The smallest normal number may have come from a tiny result. */
    static boolean normal(double r) {
        double magnitude = Math.abs(r);
        return magnitude <= Double.MAX_VALUE && magnitude > Double.MIN_NORMAL;
    }

    static boolean normal(float r) {
        float magnitude = Math.abs(r);
        return magnitude <= Float.MAX_VALUE && magnitude > Float.MIN_NORMAL;
    }
}
