package tidemark.riscv;

/** The C extension (volume I, chapter 16): each 16-bit instruction is another form of a 32-bit one. */
final class Compressed {
    /** All zeros is an illegal instruction by definition. */
    private static final int ILLEGAL = 0;
    private static final int SP = 2;

    private static final int OP_IMM = 0x13;
    private static final int OP_IMM_32 = 0x1B;
    private static final int OP = 0x33;
    private static final int OP_32 = 0x3B;
    private static final int LOAD = 0x03;
    private static final int LOAD_FP = 0x07;
    private static final int STORE = 0x23;
    private static final int STORE_FP = 0x27;
    private static final int EBREAK = 0x00100073;

    private Compressed() {}

    /** The 32-bit instruction that {@code c} stands for; 0 for a reserved one. */
    static int expand(int c) {
        int funct3 = c >>> 13 & 7;
        return switch (c & 3) {
            case 0 -> quadrant0(c, funct3);
            case 1 -> quadrant1(c, funct3);
            default -> quadrant2(c, funct3);
        };
    }

    private static int quadrant0(int c, int funct3) {
        int rd = 8 + (c >>> 2 & 7);
        int rs1 = 8 + (c >>> 7 & 7);
        int word = (c >>> 10 & 7) << 3 | (c >>> 6 & 1) << 2 | (c >>> 5 & 1) << 6;
        int doubleword = (c >>> 10 & 7) << 3 | (c >>> 5 & 3) << 6;
        return switch (funct3) {
            case 0 -> {
                int imm = (c >>> 11 & 3) << 4 | (c >>> 7 & 15) << 6 | (c >>> 6 & 1) << 2 | (c >>> 5 & 1) << 3;
                yield imm == 0 ? ILLEGAL : i(OP_IMM, 0, rd, SP, imm);
            }
            case 1 -> i(LOAD_FP, 3, rd, rs1, doubleword);
            case 2 -> i(LOAD, 2, rd, rs1, word);
            case 3 -> i(LOAD, 3, rd, rs1, doubleword);
            case 5 -> s(STORE_FP, 3, rs1, rd, doubleword);
            case 6 -> s(STORE, 2, rs1, rd, word);
            case 7 -> s(STORE, 3, rs1, rd, doubleword);
            default -> ILLEGAL;
        };
    }

    private static int quadrant1(int c, int funct3) {
        int rd = c >>> 7 & 31;
        int imm = (c >>> 12 & 1) * -32 | c >>> 2 & 31;
        return switch (funct3) {
            case 0 -> i(OP_IMM, 0, rd, rd, imm);
            case 1 -> rd == 0 ? ILLEGAL : i(OP_IMM_32, 0, rd, rd, imm);
            case 2 -> i(OP_IMM, 0, rd, 0, imm);
            case 3 -> rd == SP ? addi16sp(c) : imm == 0 ? ILLEGAL : imm << 12 | rd << 7 | 0x37;
            case 4 -> arithmetic(c, imm);
            case 5 -> j(jumpOffset(c));
            default -> b(funct3 - 6, 8 + (c >>> 7 & 7), branchOffset(c));
        };
    }

    private static int addi16sp(int c) {
        int imm = (c >>> 12 & 1) * -512 | (c >>> 6 & 1) << 4 | (c >>> 5 & 1) << 6 | (c >>> 3 & 3) << 7 | (c >>> 2 & 1) << 5;
        return imm == 0 ? ILLEGAL : i(OP_IMM, 0, SP, SP, imm);
    }

    private static int arithmetic(int c, int imm) {
        int rd = 8 + (c >>> 7 & 7);
        int rs2 = 8 + (c >>> 2 & 7);
        int shamt = imm & 63;
        return switch (c >>> 10 & 3) {
            case 0 -> i(OP_IMM, 5, rd, rd, shamt);
            case 1 -> i(OP_IMM, 5, rd, rd, 0x400 | shamt);
            case 2 -> i(OP_IMM, 7, rd, rd, imm);
            default -> switch ((c >>> 12 & 1) << 2 | c >>> 5 & 3) {
                case 0 -> r(OP, 0, 0x20, rd, rd, rs2);
                case 1 -> r(OP, 4, 0, rd, rd, rs2);
                case 2 -> r(OP, 6, 0, rd, rd, rs2);
                case 3 -> r(OP, 7, 0, rd, rd, rs2);
                case 4 -> r(OP_32, 0, 0x20, rd, rd, rs2);
                case 5 -> r(OP_32, 0, 0, rd, rd, rs2);
                default -> ILLEGAL;
            };
        };
    }

    private static int jumpOffset(int c) {
        return (c >>> 12 & 1) * -2048 | (c >>> 11 & 1) << 4 | (c >>> 9 & 3) << 8 | (c >>> 8 & 1) << 10 | (c >>> 7 & 1) << 6
                | (c >>> 6 & 1) << 7 | (c >>> 3 & 7) << 1 | (c >>> 2 & 1) << 5;
    }

    private static int branchOffset(int c) {
        return (c >>> 12 & 1) * -256 | (c >>> 10 & 3) << 3 | (c >>> 5 & 3) << 6 | (c >>> 3 & 3) << 1 | (c >>> 2 & 1) << 5;
    }

    private static int quadrant2(int c, int funct3) {
        int rd = c >>> 7 & 31;
        int rs2 = c >>> 2 & 31;
        int shamt = (c >>> 12 & 1) << 5 | rs2;
        int loadDouble = (c >>> 12 & 1) << 5 | (c >>> 5 & 3) << 3 | (c >>> 2 & 7) << 6;
        int storeDouble = (c >>> 10 & 7) << 3 | (c >>> 7 & 7) << 6;
        return switch (funct3) {
            case 0 -> i(OP_IMM, 1, rd, rd, shamt);
            case 1 -> i(LOAD_FP, 3, rd, SP, loadDouble);
            case 2 -> rd == 0 ? ILLEGAL : i(LOAD, 2, rd, SP, (c >>> 12 & 1) << 5 | (c >>> 4 & 7) << 2 | (c >>> 2 & 3) << 6);
            case 3 -> rd == 0 ? ILLEGAL : i(LOAD, 3, rd, SP, loadDouble);
            case 4 -> jumpMoveAdd(c, rd, rs2);
            case 5 -> s(STORE_FP, 3, SP, rs2, storeDouble);
            case 6 -> s(STORE, 2, SP, rs2, (c >>> 9 & 15) << 2 | (c >>> 7 & 3) << 6);
            default -> s(STORE, 3, SP, rs2, storeDouble);
        };
    }

    private static int jumpMoveAdd(int c, int rd, int rs2) {
        boolean link = (c >>> 12 & 1) == 1;
        if (rs2 != 0) {
            return r(OP, 0, 0, rd, link ? rd : 0, rs2);
        }
        if (rd == 0) {
            return link ? EBREAK : ILLEGAL;
        }
        return rd << 15 | (link ? 1 : 0) << 7 | 0x67;
    }

    private static int i(int opcode, int funct3, int rd, int rs1, int imm) {
        return imm << 20 | rs1 << 15 | funct3 << 12 | rd << 7 | opcode;
    }

    private static int s(int opcode, int funct3, int rs1, int rs2, int imm) {
        return (imm >> 5) << 25 | rs2 << 20 | rs1 << 15 | funct3 << 12 | (imm & 31) << 7 | opcode;
    }

    private static int r(int opcode, int funct3, int funct7, int rd, int rs1, int rs2) {
        return funct7 << 25 | rs2 << 20 | rs1 << 15 | funct3 << 12 | rd << 7 | opcode;
    }

    private static int j(int offset) {
        return (offset >> 20 & 1) << 31 | (offset >> 1 & 1023) << 21 | (offset >> 11 & 1) << 20 | offset & 0xFF000 | 0x6F;
    }

    private static int b(int funct3, int rs1, int offset) {
        return (offset >> 12 & 1) << 31 | (offset >> 5 & 63) << 25 | rs1 << 15 | funct3 << 12 | (offset >> 1 & 15) << 8
                | (offset >> 11 & 1) << 7 | 0x63;
    }
}
