package tidemark.riscv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tidemark.testkit.Op.*;

import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tidemark.api.cpu.Hart;

class FloatingPointTest {
    private static final long BOX = 0xFFFFFFFF_00000000L;

    private final Hart hart = new Hart(0);
    private final FloatingPoint unit = new FloatingPoint(hart);
    private final SoftFloat soft = SoftFloat.dual();
    private final Random random = new Random(6);

    @BeforeEach
    void on() {
        hart.mstatus |= Status.FS;
    }

    private long any() {
        return switch (random.nextInt(4)) {
            case 0 -> random.nextLong();
            case 1 -> Double.doubleToRawLongBits(random.nextInt(32) - 16);
            case 2 -> Double.doubleToRawLongBits((random.nextInt(1 << 20) - (1 << 19)) * 0x1p-10);
            default -> random.nextLong() & 0x800FFFFFFFFFFFFFL | (long) (1000 + random.nextInt(50)) << 52;
        };
    }

    @Test
    void theShortWayHasTheResultAndFlagsOfTheLongOne() {
        for (int i = 0; i < 1_000_000; i++) {
            long a = hart.f[1] = any();
            long b = hart.f[2] = any();
            int kind = i % 5;
            soft.flags = 0;
            long expected = switch (kind) {
                case 0 -> soft.add(a, b);
                case 1 -> soft.subtract(a, b);
                case 2 -> soft.multiply(a, b);
                case 3 -> soft.divide(a, b);
                default -> soft.squareRoot(a);
            };
            hart.fflags = 0;
            String operands = kind + ": " + Double.longBitsToDouble(a) + " " + Double.longBitsToDouble(b);
            assertTrue(unit.execute(switch (kind) {
                case 0 -> FADD_D.encode(3, 1, 2);
                case 1 -> FSUB_D.encode(3, 1, 2);
                case 2 -> FMUL_D.encode(3, 1, 2);
                case 3 -> FDIV_D.encode(3, 1, 2);
                default -> FSQRT_D.encode(3, 1);
            }), operands);
            assertEquals(expected, hart.f[3], operands);
            assertEquals(soft.flags, hart.fflags, operands);
        }
    }

    @Test
    void aSingleThatIsNotBoxedIsTheCanonicalNaN() {
        hart.f[1] = Float.floatToRawIntBits(1);
        hart.f[2] = BOX | Float.floatToRawIntBits(2);
        unit.execute(FADD_S.encode(3, 1, 2));
        assertEquals(BOX | 0x7FC00000, hart.f[3]);
        unit.execute(FSGNJN_S.encode(3, 1, 2));
        assertEquals(BOX | 0xFFC00000L, hart.f[3]);
        unit.execute(FMV_X_W.encode(5, 1));
        assertEquals(Float.floatToRawIntBits(1), hart.x[5], "a move takes the bits as they are");
        assertEquals(0, hart.fflags);
    }

    @Test
    void flagsAccumulate() {
        hart.f[1] = Double.doubleToRawLongBits(1);
        unit.execute(FDIV_D.encode(3, 1, 0));
        hart.f[2] = Double.doubleToRawLongBits(3);
        unit.execute(FDIV_D.encode(3, 1, 2));
        assertEquals(SoftFloat.DZ | SoftFloat.NX, hart.fflags);
    }

    @Test
    void nothingHappensWhileTheUnitIsOffOrTheRoundingModeIsReserved() {
        hart.frm = 6;
        assertFalse(unit.execute(FCVT_D_W.encode(3, 5, 7)));
        assertTrue(unit.execute(FSGNJ_D.encode(3, 1, 2)), "does not round");
        hart.frm = 0;
        hart.mstatus &= ~Status.FS;
        assertFalse(unit.execute(FSGNJ_D.encode(3, 1, 2)));
    }

    @Test
    void resultsInIntegerRegistersLeaveTheStateClean() {
        hart.mstatus = hart.mstatus & ~Status.FS | 2 << 13;
        unit.execute(FEQ_D.encode(5, 1, 2));
        assertEquals(2 << 13, hart.mstatus & Status.FS);
        assertEquals(1, hart.x[5]);
        unit.execute(FEQ_D.encode(0, 1, 2));
        assertEquals(0, hart.x[0]);
    }
}
