package tidemark.riscv;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ArithmeticTest {
    @Test
    void divisionByZeroAndOverflowGiveTheSpecifiedResults() {
        assertEquals(-1, Arithmetic.div(5, 0));
        assertEquals(-1, Arithmetic.divu(5, 0));
        assertEquals(5, Arithmetic.rem(5, 0));
        assertEquals(5, Arithmetic.remu(5, 0));
        assertEquals(Long.MIN_VALUE, Arithmetic.div(Long.MIN_VALUE, -1));
        assertEquals(0, Arithmetic.rem(Long.MIN_VALUE, -1));
        assertEquals(-1, Arithmetic.divw(5, 1L << 32));
        assertEquals(-1, Arithmetic.divuw(5, 1L << 32));
        assertEquals(Integer.MIN_VALUE, Arithmetic.divw(Integer.MIN_VALUE, -1));
        assertEquals(0, Arithmetic.remw(Integer.MIN_VALUE, -1));
        assertEquals(Integer.MIN_VALUE, Arithmetic.remw(0x80000000L, 0));
        assertEquals(Integer.MIN_VALUE, Arithmetic.remuw(0x80000000L, 0));
        assertEquals(-1, Arithmetic.divuw(0xFFFFFFFFL, 1));
    }

    @Test
    void theUpperHalfOfAMixedProductIsExact() {
        Random random = new Random(1);
        for (int i = 0; i < 10_000; i++) {
            long a = random.nextLong();
            long b = random.nextLong();
            BigInteger product = BigInteger.valueOf(a).multiply(new BigInteger(Long.toUnsignedString(b)));
            assertEquals(product.shiftRight(64).longValue(), Arithmetic.mulhsu(a, b));
        }
    }

    @Test
    void unsignedMinimumOfWordsIgnoresSignExtension() {
        assertEquals(1, Arithmetic.amo(24, -1, 1));
        assertEquals(-1, Arithmetic.amo(28, -1, 1));
        assertEquals(-1, Arithmetic.amo(16, -1, 1));
        assertEquals(1, Arithmetic.amo(20, -1, 1));
    }
}
