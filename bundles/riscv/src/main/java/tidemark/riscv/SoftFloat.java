package tidemark.riscv;

/**
 * IEEE 754 binary arithmetic on integers, with exact flags in all rounding modes, for single and double precision. Tininess is detected
 * after rounding; every NaN result is the canonical one (volume I, 11.2, 11.3). Values are raw bits; singles in the lower 32. Flags
 * accumulate in {@link #flags}. Not thread-safe.
 */
final class SoftFloat {
    static final int NX = 1;
    static final int UF = 2;
    static final int OF = 4;
    static final int DZ = 8;
    static final int NV = 16;

    static final int RNE = 0;
    static final int RTZ = 1;
    static final int RDN = 2;
    static final int RUP = 3;
    static final int RMM = 4;

    /** The place of a normalised significand's first bit. */
    private static final int TOP = 62;

    private final int precision;
    private final int width;
    private final int bias;
    private final long fractionMask;
    private final long infinity;
    private final long signBit;
    final long nan;

    int flags;
    int rounding;

    // The operands, taken apart: value = significand * 2^(exponent - TOP)
    private long significand;
    private int exponent;

    private SoftFloat(int width, int precision) {
        this.width = width;
        this.precision = precision;
        bias = (1 << width - precision - 1) - 1;
        fractionMask = (1L << precision - 1) - 1;
        signBit = 1L << width - 1;
        infinity = signBit - 1 & ~fractionMask;
        nan = infinity | 1L << precision - 2;
    }

    static SoftFloat single() {
        return new SoftFloat(32, 24);
    }

    static SoftFloat dual() {
        return new SoftFloat(64, 53);
    }

    long add(long a, long b) {
        if (special(a) || special(b)) {
            if (isNaN(a) || isNaN(b)) {
                return quiet(isSignaling(a) || isSignaling(b));
            }
            return isInfinite(a) && isInfinite(b) && a != b ? quiet(true) : isInfinite(a) ? a : b;
        }
        if (isZero(a) && isZero(b)) {
            return a == b ? a : zero(rounding == RDN);
        }
        if (isZero(a) || isZero(b)) {
            return isZero(a) ? b : a;
        }
        unpack(a);
        long sa = significand >>> 1;
        int ea = exponent + 1;
        unpack(b);
        long sb = significand >>> 1;
        int eb = exponent + 1;
        int e = Math.max(ea, eb);
        sa = jam(sa, e - ea);
        sb = jam(sb, e - eb);
        return sum(isNegative(a) ? -sa : sa, isNegative(b) ? -sb : sb, e);
    }

    private long sum(long a, long b, int e) {
        long s = a + b;
        return s == 0 ? zero(rounding == RDN) : round(s < 0, e, Math.abs(s));
    }

    long subtract(long a, long b) {
        return add(a, isNaN(b) ? b : b ^ signBit);
    }

    long multiply(long a, long b) {
        boolean negative = ((a ^ b) & signBit) != 0;
        if (special(a) || special(b)) {
            if (isNaN(a) || isNaN(b)) {
                return quiet(isSignaling(a) || isSignaling(b));
            }
            return isZero(a) || isZero(b) ? quiet(true) : signed(negative, infinity);
        }
        if (isZero(a) || isZero(b)) {
            return zero(negative);
        }
        unpack(a);
        long sa = significand;
        int ea = exponent;
        unpack(b);
        long low = sa * significand;
        return round(negative, ea + exponent + 2, Math.multiplyHigh(sa, significand) | (low != 0 ? 1 : 0));
    }

    long divide(long a, long b) {
        boolean negative = ((a ^ b) & signBit) != 0;
        if (special(a) || special(b)) {
            if (isNaN(a) || isNaN(b)) {
                return quiet(isSignaling(a) || isSignaling(b));
            }
            return isInfinite(b) ? isInfinite(a) ? quiet(true) : zero(negative) : signed(negative, infinity);
        }
        if (isZero(b)) {
            if (isZero(a)) {
                return quiet(true);
            }
            flags |= DZ;
            return signed(negative, infinity);
        }
        if (isZero(a)) {
            return zero(negative);
        }
        unpack(a);
        long remainder = significand;
        int e = exponent;
        unpack(b);
        long quotient = 0;
        for (int i = 0; i <= TOP; i++) {
            quotient <<= 1;
            if (Long.compareUnsigned(remainder, significand) >= 0) {
                remainder -= significand;
                quotient |= 1;
            }
            remainder <<= 1;
        }
        return round(negative, e - exponent, quotient | (remainder != 0 ? 1 : 0));
    }

    long squareRoot(long a) {
        if (isNaN(a)) {
            return quiet(isSignaling(a));
        }
        if (isZero(a) || a == infinity) {
            return a;
        }
        if (isNegative(a)) {
            return quiet(true);
        }
        unpack(a);
        int steps = precision + 3;
        long radicand = significand << (exponent & 1);
        long root = 0;
        long remainder = 0;
        for (int i = 0; i < steps; i++) {
            remainder = remainder << 2 | radicand >>> 62;
            radicand <<= 2;
            long trial = root << 2 | 1;
            root <<= 1;
            if (remainder >= trial) {
                remainder -= trial;
                root |= 1;
            }
        }
        boolean inexact = remainder != 0 || radicand != 0;
        return round(false, exponent >> 1, root << TOP + 1 - steps | (inexact ? 1 : 0));
    }

    /** a * b + c, rounded once. */
    long fusedMultiplyAdd(long a, long b, long c) {
        boolean negative = ((a ^ b) & signBit) != 0;
        boolean invalidProduct = isInfinite(a) && isZero(b) || isZero(a) && isInfinite(b);
        if (isNaN(a) || isNaN(b) || isNaN(c) || invalidProduct) {
            return quiet(invalidProduct || isSignaling(a) || isSignaling(b) || isSignaling(c));
        }
        if (isInfinite(a) || isInfinite(b)) {
            return isInfinite(c) && negative != isNegative(c) ? quiet(true) : signed(negative, infinity);
        }
        if (isInfinite(c)) {
            return c;
        }
        if (isZero(a) || isZero(b)) {
            return isZero(c) ? negative == isNegative(c) ? c : zero(rounding == RDN) : c;
        }
        unpack(a);
        long sa = significand;
        int ea = exponent;
        unpack(b);
        long high = Math.multiplyHigh(sa, significand);
        long low = sa * significand;
        int e = ea + exponent;
        if (isZero(c)) {
            return round(negative, e + 2, high | (low != 0 ? 1 : 0));
        }
        unpack(c);
        return sumWide(negative, high, low, e, isNegative(c), significand, exponent);
    }

    /** The product high:low * 2^(e - 124) plus the addend sc * 2^(ec - 62). */
    private long sumWide(boolean negative, long high, long low, int e, boolean addendNegative, long sc, int ec) {
        long hc = sc >>> 2;
        long lc = sc << 62;
        int common = Math.max(e, ec);
        int shift = common - e;
        long l = jamLow(high, low, shift);
        long h = shift < 64 ? high >>> shift : 0;
        shift = common - ec;
        lc = jamLow(hc, lc, shift);
        hc = shift < 64 ? hc >>> shift : 0;
        boolean resultNegative = negative;
        if (negative == addendNegative) {
            l += lc;
            h += hc + (Long.compareUnsigned(l, lc) < 0 ? 1 : 0);
        } else {
            boolean borrow = Long.compareUnsigned(l, lc) < 0;
            l -= lc;
            h -= hc + (borrow ? 1 : 0);
            if (h < 0) {
                resultNegative = !negative;
                h = ~h + (l == 0 ? 1 : 0);
                l = -l;
            }
        }
        if ((h | l) == 0) {
            return zero(rounding == RDN);
        }
        if (h == 0) {
            return round(resultNegative, common - 61, l >>> 1 | l & 1);
        }
        int up = Long.numberOfLeadingZeros(h) - 1;
        long top = up == 0 ? h : h << up | l >>> 64 - up;
        return round(resultNegative, common + 2 - up, top | (l << up != 0 ? 1 : 0));
    }

    /** The lower half of high:low shifted right; bits shifted out are kept in bit 0. */
    private static long jamLow(long high, long low, int shift) {
        if (shift == 0) {
            return low;
        }
        if (shift < 64) {
            return high << 64 - shift | low >>> shift | (low << 64 - shift != 0 ? 1 : 0);
        }
        return shift == 64 ? high | (low != 0 ? 1 : 0) : shift < 128 ? jam(high, shift - 64) | (low != 0 ? 1 : 0) : 1;
    }

    long minimum(long a, long b) {
        return extreme(a, b, true);
    }

    long maximum(long a, long b) {
        return extreme(a, b, false);
    }

    private long extreme(long a, long b, boolean min) {
        if (isSignaling(a) || isSignaling(b)) {
            flags |= NV;
        }
        if (isNaN(a) || isNaN(b)) {
            return isNaN(a) ? isNaN(b) ? nan : b : a;
        }
        return order(a) < order(b) == min ? a : b;
    }

    boolean equal(long a, long b) {
        if (isNaN(a) || isNaN(b)) {
            if (isSignaling(a) || isSignaling(b)) {
                flags |= NV;
            }
            return false;
        }
        return a == b || isZero(a) && isZero(b);
    }

    boolean less(long a, long b, boolean orEqual) {
        if (isNaN(a) || isNaN(b)) {
            flags |= NV;
            return false;
        }
        boolean same = a == b || isZero(a) && isZero(b);
        return same ? orEqual : order(a) < order(b);
    }

    /** An integer that is ordered as the values are, -0 before +0. */
    private long order(long a) {
        long magnitude = a & signBit - 1;
        return isNegative(a) ? ~magnitude : magnitude;
    }

    long classify(long a) {
        boolean negative = isNegative(a);
        long magnitude = a & signBit - 1;
        if (magnitude > infinity) {
            return isSignaling(a) ? 1 << 8 : 1 << 9;
        }
        int kind = magnitude == infinity ? 3 : magnitude > fractionMask ? 2 : magnitude != 0 ? 1 : 0;
        return negative ? 1 << 3 - kind : 1 << 4 + kind;
    }

    /** To an integer of 32 or 64 bits, saturating; 32-bit results are sign-extended, unsigned ones too. */
    long toInteger(long a, int bits, boolean unsigned) {
        long max = unsigned ? -1L >>> 64 - bits : (1L << bits - 1) - 1;
        long min = unsigned ? 0 : -(1L << bits - 1);
        boolean negative = isNegative(a) && !isNaN(a);
        if (special(a)) {
            return invalid(negative, min, max, bits);
        }
        if (isZero(a)) {
            return 0;
        }
        unpack(a);
        if (exponent >= 64) {
            return invalid(negative, min, max, bits);
        }
        // the integer part and the fraction behind it, in units of 2^-64 or just not zero
        long whole = exponent < 0 ? 0 : exponent > TOP ? significand << 1 : significand >>> TOP - exponent;
        long fraction = exponent < -2 ? 1 : exponent >= TOP ? 0 : significand << exponent + 2;
        if (increments(negative, (whole & 1) != 0, Long.compareUnsigned(fraction, 1L << 63), fraction != 0)) {
            whole++;
        }
        boolean fits = negative ? unsigned ? whole == 0 : Long.compareUnsigned(whole, -min) <= 0 : Long.compareUnsigned(whole, max) <= 0;
        if (!fits) {
            return invalid(negative, min, max, bits);
        }
        if (fraction != 0) {
            flags |= NX;
        }
        long result = negative ? -whole : whole;
        return bits == 32 ? (int) result : result;
    }

    private long invalid(boolean negative, long min, long max, int bits) {
        flags |= NV;
        long result = negative ? min : max;
        return bits == 32 ? (int) result : result;
    }

    long fromInteger(long value, boolean unsigned) {
        if (value == 0) {
            return 0;
        }
        boolean negative = value < 0 && !unsigned;
        long magnitude = negative ? -value : value;
        return magnitude < 0 ? round(negative, 63, magnitude >>> 1 | magnitude & 1) : round(negative, TOP, magnitude);
    }

    /** A value of another format in this one. */
    long convert(long a, SoftFloat from) {
        if (from.isNaN(a)) {
            return quiet(from.isSignaling(a));
        }
        boolean negative = from.isNegative(a);
        if (from.special(a)) {
            return signed(negative, infinity);
        }
        if (from.isZero(a)) {
            return zero(negative);
        }
        from.unpack(a);
        return round(negative, from.exponent, from.significand);
    }

    private void unpack(long a) {
        long fraction = a & fractionMask;
        int biased = (int) ((a & signBit - 1) >>> precision - 1);
        if (biased == 0) {
            int up = Long.numberOfLeadingZeros(fraction) - 1;
            significand = fraction << up;
            exponent = 1 - bias - (up - (TOP - precision + 1));
        } else {
            significand = (fraction | fractionMask + 1) << TOP - precision + 1;
            exponent = biased - bias;
        }
    }

    /** The nearest value by the rounding mode to s * 2^(e - TOP), s not zero; its last bit may stand for all below it. */
    private long round(boolean negative, int e, long s) {
        int up = Long.numberOfLeadingZeros(s) - 1;
        long sig = s << up;
        int exp = e - up;
        int drop = TOP + 1 - precision;
        int minimum = 1 - bias;
        boolean tiny = exp < minimum;
        if (tiny) {
            // tiny unless rounding alone, with unbounded exponent, would reach the smallest normal number
            tiny = exp < minimum - 1 || keep(negative, sig, drop) >>> precision == 0;
            sig = jam(sig, minimum - exp);
            exp = minimum;
        }
        long kept = keep(negative, sig, drop);
        boolean inexact = (sig & (1L << drop) - 1) != 0;
        // the hidden bit, if there is one, adds one to the exponent field, and so does a carry
        long bits = ((long) (exp - minimum) << precision - 1) + kept;
        if (bits >= infinity || exp > bias) {
            flags |= OF | NX;
            boolean toInfinity = increments(negative, true, 0, true);
            return signed(negative, toInfinity ? infinity : infinity - 1);
        }
        if (inexact) {
            flags |= tiny ? UF | NX : NX;
        }
        return signed(negative, bits);
    }

    private long keep(boolean negative, long sig, int drop) {
        long kept = sig >>> drop;
        long rest = sig & (1L << drop) - 1;
        return increments(negative, (kept & 1) != 0, Long.compare(rest, 1L << drop - 1), rest != 0) ? kept + 1 : kept;
    }

    private boolean increments(boolean negative, boolean odd, int comparedWithHalf, boolean inexact) {
        return switch (rounding) {
            case RNE -> comparedWithHalf > 0 || comparedWithHalf == 0 && odd;
            case RTZ -> false;
            case RDN -> negative && inexact;
            case RUP -> !negative && inexact;
            default -> comparedWithHalf >= 0;
        };
    }

    /** Shifts right; bits shifted out are kept in bit 0. */
    private static long jam(long value, int shift) {
        if (shift == 0) {
            return value;
        }
        return shift > 63 ? value != 0 ? 1 : 0 : value >>> shift | (value << 64 - shift != 0 ? 1 : 0);
    }

    private long quiet(boolean invalid) {
        if (invalid) {
            flags |= NV;
        }
        return nan;
    }

    private long zero(boolean negative) {
        return negative ? signBit : 0;
    }

    private long signed(boolean negative, long magnitude) {
        return negative ? magnitude | signBit : magnitude;
    }

    private boolean special(long a) {
        return (a & infinity) == infinity;
    }

    boolean isNaN(long a) {
        return (a & signBit - 1) > infinity;
    }

    private boolean isSignaling(long a) {
        return isNaN(a) && (a & 1L << precision - 2) == 0;
    }

    private boolean isInfinite(long a) {
        return (a & signBit - 1) == infinity;
    }

    private boolean isZero(long a) {
        return (a & signBit - 1) == 0;
    }

    private boolean isNegative(long a) {
        return (a & signBit) != 0;
    }

    long signBit() {
        return signBit;
    }

    @Override
    public String toString() {
        return "binary" + width;
    }
}
