package tidemark.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AssemblerTest {
    /** The resource is what the GNU assembler 2.40 made of the text of {@link #samples}. */
    @Test
    void everyInstructionIsEncodedAsByTheGnuAssembler() throws IOException {
        List<String> expected;
        try (InputStream resource = AssemblerTest.class.getResourceAsStream("encodings.txt")) {
            expected = new String(resource.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
        assertEquals(String.join("\n", expected), String.join("\n", samples()));
    }

    static List<String> samples() {
        Random random = new Random(1);
        List<String> lines = new ArrayList<>();
        for (Op op : Op.values()) {
            for (int i = 0; i < 3; i++) {
                int[] operands = op.fields().stream().mapToInt(f -> sample(op, f, random)).toArray();
                lines.add("%08x %s".formatted(op.encode(operands), op.text(operands)));
            }
        }
        return lines;
    }

    /** Operands that every instruction with this field accepts: no x0, sp or 0 where the compressed ones mean something else then. */
    private static int sample(Op op, Field field, Random random) {
        return switch (field.kind()) {
            case X, BASE -> 3 + random.nextInt(29);
            case ROUNDING -> op.name().startsWith("FCVT_D") && !op.name().startsWith("FCVT_D_L") ? 0
                    : List.of(0, 1, 2, 3, 4, 7).get(random.nextInt(6));
            case SETS -> (1 + random.nextInt(15)) << 4 | 1 + random.nextInt(15);
            case CSR -> 0x300 + random.nextInt(6);
            default -> {
                int value = (field.min() + random.nextInt(field.max() - field.min() + 1)) & -field.step();
                yield value == 0 ? field.step() : value;
            }
        };
    }

    @Test
    void labelsWorkForwardsAndBackwards() {
        byte[] code = new Assembler(0x1000).label("start").op(Op.BEQ, 5, 6, "end").op(Op.C_J, "start").label("end").j("start").bytes();
        ByteBuffer words = ByteBuffer.wrap(code).order(ByteOrder.LITTLE_ENDIAN);
        assertEquals(Op.BEQ.encode(5, 6, 6), words.getInt());
        assertEquals((short) Op.C_J.encode(-4), words.getShort());
        assertEquals(Op.JAL.encode(0, -6), words.getInt());
    }

    @Test
    void addressesOfLabelsAreRelativeToPc() {
        byte[] code = new Assembler(0x1000).la(10, "data").org(0x1ffc).label("data").bytes();
        ByteBuffer words = ByteBuffer.wrap(code).order(ByteOrder.LITTLE_ENDIAN);
        assertEquals(Op.AUIPC.encode(10, 1), words.getInt());
        assertEquals(Op.ADDI.encode(10, 10, -4), words.getInt());
    }

    @Test
    void operandsOutOfRangeAreRefusedByName() {
        assertEquals("ADDI: IMM_I is 2048, allowed are -2048 to 2047 in steps of 1",
                assertThrows(IllegalArgumentException.class, () -> Op.ADDI.encode(1, 1, 2048)).getMessage());
        assertThrows(IllegalArgumentException.class, () -> Op.BEQ.encode(1, 1, 3));
        assertThrows(IllegalArgumentException.class, () -> Op.C_LW.encode(7, 0, 8));
        assertThrows(IllegalArgumentException.class, () -> Op.ADD.encode(1, 1));
    }

    @Test
    void anyConstantCanBeLoaded() {
        Random random = new Random(2);
        for (long value : new long[] {0, 1, -1, 2047, 2048, -2048, -2049, 0x7fffffffL, 0x7ffff800L, 0x80000000L, -0x80000000L, 0xffffffffL,
                Long.MIN_VALUE,
            Long.MAX_VALUE, 0x8000000000000800L}) {
            assertEquals(value, run(new Assembler(0).li(5, value).bytes()));
        }
        for (int i = 0; i < 10_000; i++) {
            long value = random.nextLong() >> random.nextInt(64) << random.nextInt(32);
            assertEquals(value, run(new Assembler(0).li(5, value).bytes()), () -> Long.toHexString(value));
        }
    }

    /** What x5 holds after lui, addi, addiw and slli, the instructions that {@code li} uses. */
    private static long run(byte[] code) {
        ByteBuffer words = ByteBuffer.wrap(code).order(ByteOrder.LITTLE_ENDIAN);
        long x5 = 0;
        while (words.hasRemaining()) {
            int word = words.getInt();
            int imm = word >> 20;
            long source = (word >>> 15 & 31) == 0 ? 0 : x5;
            x5 = switch (word & 0x707f) {
                case 0x0013 -> source + imm;
                case 0x001b -> (int) source + imm;
                case 0x1013 -> source << (imm & 63);
                default -> {
                    assertEquals(0x37, word & 0x7f);
                    yield word & 0xfffff000;
                }
            };
        }
        return x5;
    }
}
