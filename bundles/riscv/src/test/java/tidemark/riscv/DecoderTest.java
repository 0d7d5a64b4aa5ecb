package tidemark.riscv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tidemark.testkit.Op.*;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tidemark.testkit.Field;

class DecoderTest {
    private static final Map<String, Integer> CODES = codes();
    private static final Set<String> RENAMED = Set.of("LUI", "CSRRW", "CSRRS", "CSRRC", "CSRRWI", "CSRRSI", "CSRRCI");

    private static Map<String, Integer> codes() {
        Map<String, Integer> codes = new HashMap<>();
        for (var field : Op.class.getFields()) {
            try {
                codes.put(field.getName(), field.getInt(null));
            } catch (IllegalAccessException e) {
                throw new AssertionError(e);
            }
        }
        return codes;
    }

    /** What a 32-bit instruction becomes if none of its operands makes it special. */
    private static int expected(tidemark.testkit.Op op) {
        String name = op.name();
        if (RENAMED.contains(name)) {
            return name.equals("LUI") ? Op.LI : Op.CSR;
        }
        if (name.startsWith("LR_")) {
            return Op.LR;
        }
        if (name.startsWith("SC_")) {
            return Op.SC;
        }
        return name.startsWith("AMO") ? Op.AMO : CODES.getOrDefault(name, Op.FP);
    }

    @ParameterizedTest
    @EnumSource(tidemark.testkit.Op.class)
    void everyInstructionIsDecodedWithItsOperands(tidemark.testkit.Op op) {
        if (op.length() == 2) {
            return; // see compressedInstructionsAreDecodedAsWhatTheyStandFor
        }
        Random random = new Random(op.ordinal());
        for (int round = 0; round < 200; round++) {
            int[] operands = new int[op.fields().size()];
            for (int i = 0; i < operands.length; i++) {
                Field field = op.fields().get(i);
                boolean nonzero = field == Field.RD || field == Field.RS1;
                operands[i] = switch (field) {
                    case RM -> random.nextBoolean() ? 0 : 7;
                    default -> field.min() / field.step() + (nonzero ? 1 : 0)
                            + random.nextInt((field.max() - field.min()) / field.step() + (nonzero ? 0 : 1));
                };
                operands[i] *= field.step();
            }
            check(op, operands, Decoder.decode(op.encode(operands)));
        }
    }

    private static void check(tidemark.testkit.Op op, int[] operands, long w) {
        String text = op.text(operands);
        assertEquals(expected(op), Insn.op(w), text);
        assertEquals(2, Insn.halfwords(w), text);
        boolean raw = Insn.op(w) >= Op.RARE;
        if (raw) {
            assertEquals(op.encode(operands), Insn.imm(w), text);
        }
        for (int i = 0; i < operands.length; i++) {
            Field field = op.fields().get(i);
            int value = operands[i];
            switch (field) {
                case RD, FRD -> assertEquals(value, Insn.rd(w), text);
                case RS1, FRS1, BASE -> assertEquals(value, Insn.rs1(w), text);
                case RS2, FRS2 -> assertEquals(value, Insn.rs2(w), text);
                case FRS3 -> assertEquals(value, Insn.rs3(w), text);
                case IMM_U -> assertEquals(value << 12, Insn.imm(w), text);
                case IMM_I, IMM_S, IMM_B, IMM_J -> assertEquals(value, Insn.imm(w), text);
                case SHAMT5, SHAMT6 -> assertEquals(value, Insn.imm(w) & 63, text);
                default -> assertTrue(raw, text);
            }
        }
    }

    private static void same(int full, int compressed) {
        long w = Decoder.decode(compressed & 0xFFFF);
        assertEquals(1, Insn.halfwords(w));
        long wide = Decoder.decode(full);
        assertEquals(Insn.op(wide), Insn.op(w), Integer.toHexString(compressed));
        assertEquals(wide & ~(1L << 23), w, Integer.toHexString(compressed));
    }

    @Test
    void compressedInstructionsAreDecodedAsWhatTheyStandFor() {
        for (int a = 8; a < 16; a++) {
            for (int b = 8; b < 16; b++) {
                same(SUB.encode(a, a, b), C_SUB.encode(a, b));
                same(XOR.encode(a, a, b), C_XOR.encode(a, b));
                same(OR.encode(a, a, b), C_OR.encode(a, b));
                same(AND.encode(a, a, b), C_AND.encode(a, b));
                same(SUBW.encode(a, a, b), C_SUBW.encode(a, b));
                same(ADDW.encode(a, a, b), C_ADDW.encode(a, b));
                for (int offset = 0; offset < 256; offset += 8) {
                    same(LD.encode(a, offset, b), C_LD.encode(a, offset, b));
                    same(SD.encode(a, offset, b), C_SD.encode(a, offset, b));
                    same(FLD.encode(a, offset, b), C_FLD.encode(a, offset, b));
                    same(FSD.encode(a, offset, b), C_FSD.encode(a, offset, b));
                    same(LW.encode(a, offset / 2, b), C_LW.encode(a, offset / 2, b));
                    same(SW.encode(a, offset / 2, b), C_SW.encode(a, offset / 2, b));
                }
            }
            for (int imm = -32; imm < 32; imm++) {
                same(ANDI.encode(a, a, imm), C_ANDI.encode(a, imm));
                same(SRLI.encode(a, a, imm & 63), C_SRLI.encode(a, imm & 63));
                same(SRAI.encode(a, a, imm & 63), C_SRAI.encode(a, imm & 63));
            }
            for (int imm = 4; imm < 1024; imm += 4) {
                same(ADDI.encode(a, 2, imm), C_ADDI4SPN.encode(a, imm));
            }
            for (int offset = -256; offset < 256; offset += 2) {
                same(BEQ.encode(a, 0, offset), C_BEQZ.encode(a, offset));
                same(BNE.encode(a, 0, offset), C_BNEZ.encode(a, offset));
            }
        }
        for (int offset = -2048; offset < 2048; offset += 2) {
            same(JAL.encode(0, offset), C_J.encode(offset));
        }
        for (int imm = -512; imm < 512; imm += 16) {
            if (imm != 0) {
                same(ADDI.encode(2, 2, imm), C_ADDI16SP.encode(imm));
            }
        }
        for (int rd = 1; rd < 32; rd++) {
            for (int imm = -32; imm < 32; imm++) {
                same(ADDI.encode(rd, rd, imm), C_ADDI.encode(rd, imm));
                same(ADDIW.encode(rd, rd, imm), C_ADDIW.encode(rd, imm));
                same(ADDI.encode(rd, 0, imm), C_LI.encode(rd, imm));
                same(SLLI.encode(rd, rd, imm & 63), C_SLLI.encode(rd, imm & 63));
                if (imm != 0 && rd != 2) {
                    same(LUI.encode(rd, imm & 0xFFFFF), C_LUI.encode(rd, imm));
                }
            }
            for (int offset = 0; offset < 512; offset += 8) {
                same(LD.encode(rd, offset, 2), C_LDSP.encode(rd, offset));
                same(SD.encode(rd, offset, 2), C_SDSP.encode(rd, offset));
                same(FLD.encode(rd, offset, 2), C_FLDSP.encode(rd, offset));
                same(FSD.encode(rd, offset, 2), C_FSDSP.encode(rd, offset));
                same(LW.encode(rd, offset / 2, 2), C_LWSP.encode(rd, offset / 2));
                same(SW.encode(rd, offset / 2, 2), C_SWSP.encode(rd, offset / 2));
            }
            same(JALR.encode(0, 0, rd), C_JR.encode(rd));
            same(JALR.encode(1, 0, rd), C_JALR.encode(rd));
            for (int rs2 = 1; rs2 < 32; rs2++) {
                same(ADD.encode(rd, 0, rs2), C_MV.encode(rd, rs2));
                same(ADD.encode(rd, rd, rs2), C_ADD.encode(rd, rs2));
            }
        }
        assertEquals(Op.NOP, Insn.op(Decoder.decode(C_NOP.encode())));
        assertEquals(Op.EBREAK, Insn.op(Decoder.decode(C_EBREAK.encode())));
    }

    /** c.addi4spn 0, funct3 100 of quadrant 0, c.addiw x0, c.lui and c.addi16sp 0, reserved arithmetic, c.lwsp x0, c.ldsp x0, c.jr x0. */
    @ParameterizedTest
    @ValueSource(ints = {0x0000, 0x0004, 0x8000, 0x2001, 0x6081, 0x6101, 0x9C41, 0x9C61, 0x4002, 0x6002, 0x8002})
    void reservedCompressedInstructionsAreIllegalAndKeepTheirBits(int half) {
        long w = Decoder.decode(0xABCD0000 | half);
        assertEquals(Op.ILLEGAL, Insn.op(w));
        assertEquals(half, Insn.imm(w));
        assertEquals(1, Insn.halfwords(w));
    }

    /**
     * Shift amounts and funct7 that RV64 does not have, branches and loads of no width, AMO without a function, half precision, reserved
     * rounding.
     */
    @ParameterizedTest
    @ValueSource(ints = {
        0x0400901B, 0x08051513, 0x00002063, 0x00007003, 0x00004023, 0x0200002F, 0x1010202F, 0x2C00202F, 0x04000053, 0x00005053,
        0x00006053, 0x02005043, 0x5A100053, 0x40000053, 0x42100053, 0x22003053, 0x2A002053, 0xA2003053, 0xC2400053, 0xE2002053,
        0xF2001053, 0x00004073, 0x00200073, 0x120000F3, 0x0000200F, 0xFFFFFFFF, 0x0000000B, 0x40001033, 0x0000203B
    })
    void reservedInstructionsAreIllegalAndKeepTheirBits(int bits) {
        long w = Decoder.decode(bits);
        assertEquals(Op.ILLEGAL, Insn.op(w));
        assertEquals(bits, Insn.imm(w));
    }

    @Test
    void nothingWritesRegisterZero() {
        assertEquals(Op.NOP, Insn.op(Decoder.decode(ADD.encode(0, 1, 2))));
        assertEquals(Op.NOP, Insn.op(Decoder.decode(DIV.encode(0, 1, 2))));
        assertEquals(Op.NOP, Insn.op(Decoder.decode(LUI.encode(0, 5))));
        assertEquals(Op.J, Insn.op(Decoder.decode(JAL.encode(0, 8))));
        assertEquals(Op.JR, Insn.op(Decoder.decode(JALR.encode(0, 0, 1))));
        assertEquals(Op.FP, Insn.op(Decoder.decode(FLT_D.encode(0, 1, 2))));
        long load = Decoder.decode(LWU.encode(0, -4, 7));
        assertEquals(Op.LOAD_X0, Insn.op(load));
        assertEquals(2, Insn.rs2(load));
        assertEquals(-4, Insn.imm(load));
    }

    @Test
    void roundingModesOtherThanNearestGoTheLongWay() {
        for (int rm = 1; rm < 5; rm++) {
            assertEquals(Op.FP, Insn.op(Decoder.decode(FADD_D.encode(1, 2, 3, rm))));
            assertEquals(Op.FP, Insn.op(Decoder.decode(FMADD_D.encode(1, 2, 3, 4, rm))));
        }
    }
}
