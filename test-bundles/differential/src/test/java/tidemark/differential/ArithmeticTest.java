package tidemark.differential;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tidemark.testkit.Op.*;

import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tidemark.testkit.Field;
import tidemark.testkit.Op;

/**
 * Every instruction that computes, floating-point ones in every rounding mode, on the product of the operands where implementations go
 * wrong.
 */
class ArithmeticTest {
    private static final int INEXACT = 1;
    private static final List<Op> ALL = Stream.concat(EnumSet.range(FMADD_S, FMV_W_X).stream(), EnumSet.range(FMADD_D, FCVT_D_S).stream())
            .toList();
    private static final long[] SINGLES = singles();
    private static final long[] DOUBLES = LongStream.concat(LongStream.of(Draw.DOUBLES), LongStream.of(0xffff_ffff_3f80_0000L)).toArray();
    private static final long[] THIRD_SINGLES = IntStream.of(0, 0x8000_0000, 0x3f80_0000, 0xbf80_0000, 0xff80_0000, 0x7f80_0001, 1,
            0x8080_0000, 0xff7f_ffff)
            .mapToLong(ArithmeticTest::boxed).toArray();
    private static final long[] THIRD_DOUBLES = {0, Long.MIN_VALUE, 0x3ff0_0000_0000_0000L, 0xbff0_0000_0000_0000L, 0xfff0_0000_0000_0000L,
        0x7ff0_0000_0000_0001L, 1, 0x8010_0000_0000_0000L, 0xffef_ffff_ffff_ffffL};

    private static long boxed(int single) {
        return 0xffff_ffff_0000_0000L | single & 0xffff_ffffL;
    }

    /** Boxed, and some that are not. */
    private static long[] singles() {
        return LongStream.concat(IntStream.of(Draw.SINGLES).mapToLong(ArithmeticTest::boxed),
                LongStream.of(0x3f80_0000L, 0xffff_fffe_4000_0000L)).toArray();
    }

    @Test
    void singlePrecisionAgreesOnSpecialOperands() throws IOException, InterruptedException {
        compare(op -> takesFloats(op) && isSingle(op), SINGLES, THIRD_SINGLES);
    }

    @Test
    void doublePrecisionAgreesOnSpecialOperands() throws IOException, InterruptedException {
        compare(op -> takesFloats(op) && !isSingle(op), DOUBLES, THIRD_DOUBLES);
    }

    @Test
    void bothPrecisionsAgreeOnRandomOperands() throws IOException, InterruptedException {
        Draw draw = new Draw(1);
        long[] operands = LongStream.generate(draw::floating).limit(60).toArray();
        long[] thirds = LongStream.generate(draw::floating).limit(8).toArray();
        compare(op -> takesFloats(op) && isSingle(op), operands, thirds);
        compare(op -> takesFloats(op) && !isSingle(op), operands, thirds);
    }

    @Test
    void conversionsOfIntegersAgree() throws IOException, InterruptedException {
        Draw draw = new Draw(2);
        compare(op -> !takesFloats(op), LongStream.generate(draw::integer).limit(2000).toArray(), new long[0]);
    }

    @Test
    void integersAgreeOnSpecialOperands() throws IOException, InterruptedException {
        List<Op> ops = Stream.concat(EnumSet.range(ADD, AND).stream(),
                Stream.concat(EnumSet.range(ADDW, SRAW).stream(), EnumSet.range(MUL, REMUW).stream())).toList();
        compare(ops, LongStream.of(Draw.LONGS).flatMap(value -> LongStream.of(value, -value, value + 1)).distinct().toArray(), new long[0]);
    }

    private static boolean takesFloats(Op op) {
        return op.fields().contains(Field.FRS1);
    }

    private static boolean isSingle(Op op) {
        return op.name().endsWith("_S") || op.name().endsWith("X_W");
    }

    private static void compare(Predicate<Op> which, long[] operands, long[] thirds) throws IOException, InterruptedException {
        compare(ALL.stream().filter(which).toList(), operands, thirds);
    }

    private static void compare(List<Op> ops, long[] operands, long[] thirds) throws IOException, InterruptedException {
        assertTrue(ops.size() > 5, "" + ops);
        for (int flags : new int[] {0, INEXACT}) {
            OperandTables tables = new OperandTables(ops, flags, operands, thirds);
            byte[] expected = Reference.qemu().run(tables.image()).ram();
            for (Engine engine : Engines.all()) {
                assertEquals(List.of(), tables.differences(expected, engine.run(tables.image()).ram(), 20),
                        engine + " on " + tables.results() + " results");
            }
        }
    }
}
