package tidemark.riscv;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Judged by the host's arithmetic where it rounds to nearest even, by decimal fractions in the other modes. */
class SoftFloatTest {
    private static final long[] DOUBLES = {
        0, Long.MIN_VALUE, 1, Long.MIN_VALUE | 1, 0x000FFFFFFFFFFFFFL, 0x0010000000000000L, 0x0010000000000001L,
        0x3FF0000000000000L, 0xBFF0000000000000L, 0x3FF0000000000001L, 0x3FEFFFFFFFFFFFFFL, 0x7FEFFFFFFFFFFFFFL,
        0xFFEFFFFFFFFFFFFFL, 0x7FF0000000000000L, 0xFFF0000000000000L, 0x7FF8000000000000L, 0x7FF0000000000001L,
        0xFFF8000000000001L, 0x4000000000000000L, 0x3CA0000000000000L, 0x43E0000000000000L, 0xC3E0000000000000L, 0x41DFFFFFFFC00000L
    };

    private final Random random = new Random(39);
    private final SoftFloat dual = SoftFloat.dual();
    private final SoftFloat single = SoftFloat.single();

    private long anyDouble() {
        return switch (random.nextInt(6)) {
            case 0 -> DOUBLES[random.nextInt(DOUBLES.length)];
            case 1 -> random.nextLong();
            case 2 -> random.nextLong() & 0x800FFFFFFFFFFFFFL | (long) random.nextInt(60) << 52;
            case 3 -> random.nextLong() & 0x800FFFFFFFFFFFFFL | (long) (1987 + random.nextInt(60)) << 52;
            case 4 -> Double.doubleToRawLongBits(random.nextInt(64) - 32);
            default -> random.nextLong() & 0x800FFFFFFFFFFFFFL | (long) (1000 + random.nextInt(50)) << 52;
        };
    }

    private long anySingle() {
        long bits = random.nextInt() & 0xFFFFFFFFL;
        return switch (random.nextInt(5)) {
            case 0 -> bits;
            case 1 -> bits & 0x807FFFFFL | (long) random.nextInt(30) << 23;
            case 2 -> bits & 0x807FFFFFL | (long) (225 + random.nextInt(31)) << 23;
            case 3 -> Float.floatToRawIntBits(random.nextInt(16) - 8) & 0xFFFFFFFFL;
            default -> bits & 0x807FFFFFL | (long) (115 + random.nextInt(24)) << 23;
        };
    }

    private static double d(long bits) {
        return Double.longBitsToDouble(bits);
    }

    private static float f(long bits) {
        return Float.intBitsToFloat((int) bits);
    }

    private static long canonical(double value) {
        return Double.doubleToLongBits(value);
    }

    private static long canonical(float value) {
        return Float.floatToIntBits(value) & 0xFFFFFFFFL;
    }

    @Test
    void doublesRoundToNearestAsTheHostDoes() {
        for (int i = 0; i < 300_000; i++) {
            long a = anyDouble();
            long b = anyDouble();
            long c = anyDouble();
            String operands = Long.toHexString(a) + " " + Long.toHexString(b) + " " + Long.toHexString(c);
            assertEquals(canonical(d(a) + d(b)), dual.add(a, b), operands);
            assertEquals(canonical(d(a) - d(b)), dual.subtract(a, b), operands);
            assertEquals(canonical(d(a) * d(b)), dual.multiply(a, b), operands);
            assertEquals(canonical(d(a) / d(b)), dual.divide(a, b), operands);
            assertEquals(canonical(Math.sqrt(d(a))), dual.squareRoot(a), operands);
            assertEquals(canonical(Math.fma(d(a), d(b), d(c))), dual.fusedMultiplyAdd(a, b, c), operands);
            assertEquals(canonical((float) d(a)), single.convert(a, dual), operands);
            assertEquals(canonical((double) a), dual.fromInteger(a, false), operands);
            assertEquals(d(a) < d(b), dual.less(a, b, false), operands);
            assertEquals(d(a) <= d(b), dual.less(a, b, true), operands);
            assertEquals(d(a) == d(b), dual.equal(a, b), operands);
        }
    }

    @Test
    void singlesRoundToNearestAsTheHostDoes() {
        for (int i = 0; i < 300_000; i++) {
            long a = anySingle();
            long b = anySingle();
            long c = anySingle();
            String operands = Long.toHexString(a) + " " + Long.toHexString(b) + " " + Long.toHexString(c);
            assertEquals(canonical(f(a) + f(b)), single.add(a, b), operands);
            assertEquals(canonical(f(a) - f(b)), single.subtract(a, b), operands);
            assertEquals(canonical(f(a) * f(b)), single.multiply(a, b), operands);
            assertEquals(canonical(f(a) / f(b)), single.divide(a, b), operands);
            assertEquals(canonical((float) Math.sqrt(f(a))), single.squareRoot(a), operands);
            assertEquals(canonical(Math.fma(f(a), f(b), f(c))), single.fusedMultiplyAdd(a, b, c), operands);
            assertEquals(canonical((double) f(a)), dual.convert(a, single), operands);
            long integer = random.nextLong() >> random.nextInt(64);
            assertEquals(canonical((float) integer), single.fromInteger(integer, false), operands);
        }
    }

    /** The correctly rounded double of an exact value, by the definition of each mode. */
    private static double rounded(BigDecimal v, int mode) {
        BigDecimal max = new BigDecimal(Double.MAX_VALUE);
        double toward = v.abs().compareTo(max) >= 0 ? v.signum() * Double.MAX_VALUE : v.doubleValue();
        double down = new BigDecimal(toward).compareTo(v) > 0 ? Math.nextDown(toward) : toward;
        double up = new BigDecimal(toward).compareTo(v) < 0 ? Math.nextUp(toward) : toward;
        return switch (mode) {
            case SoftFloat.RNE -> v.doubleValue();
            case SoftFloat.RTZ -> v.signum() < 0 ? up : down;
            case SoftFloat.RDN -> down;
            case SoftFloat.RUP -> up;
            default -> awayFromTies(v, down, up);
        };
    }

    private static double awayFromTies(BigDecimal v, double down, double up) {
        if (down == up || Double.isInfinite(up) || Double.isInfinite(down)) {
            return v.doubleValue(); // a tie at the greatest value goes away from zero in either mode
        }
        BigDecimal middle = new BigDecimal(down).add(new BigDecimal(up)).divide(BigDecimal.TWO);
        int side = v.compareTo(middle);
        return side < 0 || side == 0 && v.signum() < 0 ? down : up;
    }

    private static int flags(BigDecimal v, double result, int mode) {
        if (Double.isInfinite(result) || new BigDecimal(Double.MAX_VALUE).compareTo(v.abs()) < 0 && overflows(v, mode)) {
            return SoftFloat.OF | SoftFloat.NX;
        }
        if (new BigDecimal(result).compareTo(v) == 0) {
            return 0;
        }
        BigDecimal scale = BigDecimal.TWO.pow(200);
        boolean tiny = Math.abs(rounded(v.multiply(scale), mode)) < Double.MIN_NORMAL * 0x1p200;
        return tiny ? SoftFloat.UF | SoftFloat.NX : SoftFloat.NX;
    }

    /** Whether the result, with unbounded exponent, would be above the greatest value. */
    private static boolean overflows(BigDecimal v, int mode) {
        BigDecimal scale = BigDecimal.TWO.pow(200);
        return Math.abs(rounded(v.divide(scale), mode)) > Double.MAX_VALUE * 0x1p-200;
    }

    private void judge(BigDecimal exact, boolean negativeZero, long result, int mode, String operands) {
        if (exact.signum() == 0) {
            assertEquals(negativeZero ? Long.MIN_VALUE : 0, result, operands);
            assertEquals(0, dual.flags, operands);
            return;
        }
        double expected = rounded(exact, mode);
        expected = expected == 0 ? Math.copySign(expected, exact.signum()) : expected;
        assertEquals(Double.doubleToRawLongBits(expected), result, operands);
        assertEquals(flags(exact, expected, mode), dual.flags, operands);
    }

    @Test
    void everyRoundingModeGivesTheExactResultAndFlags() {
        for (int i = 0; i < 20_000; i++) {
            long a = finite();
            long b = finite();
            long c = finite();
            int mode = i % 5;
            dual.rounding = mode;
            BigDecimal x = new BigDecimal(d(a));
            BigDecimal y = new BigDecimal(d(b));
            BigDecimal z = new BigDecimal(d(c));
            String operands = d(a) + " " + d(b) + " " + d(c) + " mode " + mode;
            boolean signs = a < 0 != b < 0;
            dual.flags = 0;
            boolean negativeSum = x.signum() == 0 && y.signum() == 0 && !signs ? a < 0 : mode == SoftFloat.RDN;
            judge(x.add(y), negativeSum, dual.add(a, b), mode, operands);
            dual.flags = 0;
            judge(x.multiply(y), signs, dual.multiply(a, b), mode, operands);
            dual.flags = 0;
            if (x.signum() != 0 && y.signum() != 0) {
                judge(x.multiply(y).add(z), mode == SoftFloat.RDN, dual.fusedMultiplyAdd(a, b, c), mode, operands);
                dual.flags = 0;
            }
            if (y.signum() != 0) {
                judgeQuotient(x, y, signs, dual.divide(a, b), mode, operands);
            }
        }
    }

    private long finite() {
        while (true) {
            long bits = anyDouble();
            if (Double.isFinite(d(bits))) {
                return bits;
            }
        }
    }

    /** The quotient to 1100 digits with one more that says whether there are others: no tie and no double lies between. */
    private void judgeQuotient(BigDecimal x, BigDecimal y, boolean negativeZero, long result, int mode, String operands) {
        BigDecimal quotient = x.divide(y, new MathContext(1100, RoundingMode.DOWN));
        if (quotient.multiply(y).compareTo(x) != 0) {
            quotient = quotient.add(quotient.ulp().multiply(BigDecimal.valueOf(quotient.signum())).movePointLeft(1));
        }
        judge(quotient, negativeZero, result, mode, operands + " divide");
    }

    @Test
    void squareRootsAreExactInEveryMode() {
        for (int i = 0; i < 20_000; i++) {
            long a = finite() & Long.MAX_VALUE;
            int mode = i % 5;
            dual.rounding = mode;
            dual.flags = 0;
            long result = dual.squareRoot(a);
            BigDecimal x = new BigDecimal(d(a));
            BigDecimal root = new BigDecimal(d(result));
            int inexact = root.multiply(root).compareTo(x) == 0 ? 0 : SoftFloat.NX;
            assertEquals(inexact, dual.flags, d(a) + " mode " + mode);
            double nearest = Math.sqrt(d(a));
            int side = new BigDecimal(nearest).pow(2).compareTo(x);
            double expected = switch (mode) {
                case SoftFloat.RTZ, SoftFloat.RDN -> side > 0 ? Math.nextDown(nearest) : nearest;
                case SoftFloat.RUP -> side < 0 ? Math.nextUp(nearest) : nearest;
                default -> nearest; // a root is never a tie
            };
            assertEquals(expected, d(result), d(a) + " mode " + mode);
        }
    }

    @Test
    void integersSaturateAndSayWhetherTheyAreExact() {
        for (int i = 0; i < 200_000; i++) {
            long a = i % 2 == 0 ? finite() : Double.doubleToRawLongBits((random.nextDouble() - 0.5) * Math.scalb(1.0, random.nextInt(68)));
            int mode = random.nextInt(5);
            int bits = random.nextBoolean() ? 32 : 64;
            boolean unsigned = random.nextBoolean();
            RoundingMode rounding = switch (mode) {
                case SoftFloat.RNE -> RoundingMode.HALF_EVEN;
                case SoftFloat.RTZ -> RoundingMode.DOWN;
                case SoftFloat.RDN -> RoundingMode.FLOOR;
                case SoftFloat.RUP -> RoundingMode.CEILING;
                default -> RoundingMode.HALF_UP;
            };
            BigDecimal exact = new BigDecimal(d(a));
            BigInteger integer = exact.setScale(0, rounding).toBigInteger();
            BigInteger max = BigInteger.TWO.pow(unsigned ? bits : bits - 1).subtract(BigInteger.ONE);
            BigInteger min = unsigned ? BigInteger.ZERO : BigInteger.TWO.pow(bits - 1).negate();
            BigInteger saturated = integer.max(min).min(max);
            int flags = !saturated.equals(integer) ? SoftFloat.NV : exact.compareTo(new BigDecimal(integer)) != 0 ? SoftFloat.NX : 0;
            dual.rounding = mode;
            dual.flags = 0;
            String operands = d(a) + " mode " + mode + " bits " + bits + " unsigned " + unsigned;
            assertEquals(bits == 32 ? saturated.intValue() : saturated.longValue(), dual.toInteger(a, bits, unsigned), operands);
            assertEquals(flags, dual.flags, operands);
        }
    }

    @Test
    void aNaNConvertsToTheGreatestInteger() {
        dual.flags = 0;
        assertEquals(Integer.MAX_VALUE, dual.toInteger(0xFFF8000000000000L, 32, false));
        assertEquals(-1, dual.toInteger(0x7FF8000000000000L, 32, true));
        assertEquals(Long.MAX_VALUE, dual.toInteger(0x7FF8000000000000L, 64, false));
        assertEquals(-1, dual.toInteger(0x7FF0000000000001L, 64, true));
        assertEquals(SoftFloat.NV, dual.flags);
    }

    @Test
    void onlySignalingNaNsAreInvalidWhereQuietOnesAreNot() {
        long quiet = 0x7FF8000000000000L;
        long signaling = 0x7FF0000000000001L;
        long one = Double.doubleToRawLongBits(1);
        dual.add(quiet, one);
        dual.equal(quiet, one);
        assertEquals(one, dual.minimum(quiet, one));
        dual.fusedMultiplyAdd(one, one, quiet);
        assertEquals(0, dual.flags);
        dual.equal(signaling, one);
        assertEquals(SoftFloat.NV, dual.flags);
        dual.flags = 0;
        assertEquals(one, dual.maximum(one, signaling));
        assertEquals(SoftFloat.NV, dual.flags);
        dual.flags = 0;
        dual.less(quiet, one, false);
        assertEquals(SoftFloat.NV, dual.flags);
        dual.flags = 0;
        assertEquals(dual.nan, dual.fusedMultiplyAdd(0x7FF0000000000000L, 0, quiet));
        assertEquals(SoftFloat.NV, dual.flags);
    }

    @Test
    void minusZeroIsLessThanZeroForMinimumAndMaximum() {
        assertEquals(Long.MIN_VALUE, dual.minimum(0, Long.MIN_VALUE));
        assertEquals(Long.MIN_VALUE, dual.minimum(Long.MIN_VALUE, 0));
        assertEquals(0, dual.maximum(0, Long.MIN_VALUE));
        assertEquals(0, dual.maximum(Long.MIN_VALUE, 0));
    }

    @Test
    void classesAreOneBitEach() {
        long[] values = {
            0xFFF0000000000000L, 0xBFF0000000000000L, 0x8000000000000001L, 0x8000000000000000L, 0, 1, 0x3FF0000000000000L,
            0x7FF0000000000000L, 0x7FF0000000000001L, 0x7FF8000000000000L};
        for (int i = 0; i < values.length; i++) {
            assertEquals(1L << i, dual.classify(values[i]));
        }
    }

    /** Both results round to the smallest normal number; only that of the product would not if the exponent had no bound. */
    @Test
    void tininessIsDetectedAfterRounding() {
        long smallest = Double.doubleToRawLongBits(Double.MIN_NORMAL);
        dual.flags = 0;
        assertEquals(smallest, dual.multiply(Double.doubleToRawLongBits(Math.nextDown(1.0)), smallest));
        assertEquals(SoftFloat.NX | SoftFloat.UF, dual.flags);
        dual.flags = 0;
        long small = Double.doubleToRawLongBits(0x1p-600);
        assertEquals(smallest, dual.fusedMultiplyAdd(small, small | Long.MIN_VALUE, smallest));
        assertEquals(SoftFloat.NX, dual.flags);
    }
}
