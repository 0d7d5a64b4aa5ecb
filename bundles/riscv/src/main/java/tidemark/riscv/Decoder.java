package tidemark.riscv;

/** Decodes instructions, compressed ones too, to the form that {@link Insn} and {@link Op} describe. */
public final class Decoder {
    private static final int RM_DYNAMIC = 7;

    private Decoder() {}

    /** Whether the instruction that begins with this halfword has only that. */
    public static boolean isCompressed(int halfword) {
        return (halfword & 3) != 3;
    }

    /** @param bits the instruction; of a compressed one the upper half is ignored */
    public static long decode(int bits) {
        if (!isCompressed(bits)) {
            return Insn.wide(decode32(bits));
        }
        int half = bits & 0xFFFF;
        int expanded = Compressed.expand(half);
        long w = decode32(expanded);
        int op = Insn.op(w);
        return op == Op.ILLEGAL || op == Op.EBREAK ? Insn.pack(op, 0, 0, 0, half) : w;
    }

    private static long decode32(int i) {
        int rd = i >>> 7 & 31;
        int rs1 = i >>> 15 & 31;
        int rs2 = i >>> 20 & 31;
        int funct3 = i >>> 12 & 7;
        int immI = i >> 20;
        return switch (i & 0x7F) {
            case 0x37 -> writing(Op.LI, rd, 0, 0, i & 0xFFFFF000);
            case 0x17 -> writing(Op.AUIPC, rd, 0, 0, i & 0xFFFFF000);
            case 0x6F -> Insn.pack(rd == 0 ? Op.J : Op.JAL, rd, 0, 0, immJ(i));
            case 0x67 -> funct3 == 0 ? Insn.pack(rd == 0 ? Op.JR : Op.JALR, rd, rs1, 0, immI) : illegal(i);
            case 0x63 -> branch(i, funct3, rs1, rs2);
            case 0x03 -> load(i, funct3, rd, rs1, immI);
            case 0x23 -> funct3 < 4 ? Insn.pack(Op.SB + funct3, 0, rs1, rs2, immS(i)) : illegal(i);
            case 0x13 -> immediate(i, funct3, rd, rs1, immI);
            case 0x1B -> immediate32(i, funct3, rd, rs1, immI);
            case 0x33 -> register(i, funct3, rd, rs1, rs2);
            case 0x3B -> register32(i, funct3, rd, rs1, rs2);
            case 0x07 -> funct3 == 2 || funct3 == 3 ? Insn.pack(Op.FLW + funct3 - 2, rd, rs1, 0, immI) : illegal(i);
            case 0x27 -> funct3 == 2 || funct3 == 3 ? Insn.pack(Op.FSW + funct3 - 2, 0, rs1, rs2, immS(i)) : illegal(i);
            case 0x0F -> funct3 == 0 ? raw(Op.FENCE, i) : funct3 == 1 ? raw(Op.FENCE_I, i) : illegal(i);
            case 0x2F -> atomic(i, funct3, rs2);
            case 0x43, 0x47, 0x4B, 0x4F -> fused(i);
            case 0x53 -> floating(i, funct3, rs2);
            case 0x73 -> system(i, funct3, rd);
            default -> illegal(i);
        };
    }

    private static long illegal(int i) {
        return raw(Op.ILLEGAL, i);
    }

    private static long raw(int op, int i) {
        return Insn.pack(op, i >>> 7 & 31, i >>> 15 & 31, i >>> 20 & 31, i);
    }

    private static long writing(int op, int rd, int rs1, int rs2, int imm) {
        return Insn.pack(rd == 0 ? Op.NOP : op, rd, rs1, rs2, imm);
    }

    private static int immS(int i) {
        return i >> 25 << 5 | i >>> 7 & 31;
    }

    private static int immB(int i) {
        return i >> 31 << 12 | (i >>> 7 & 1) << 11 | (i >>> 25 & 63) << 5 | (i >>> 8 & 15) << 1;
    }

    private static int immJ(int i) {
        return i >> 31 << 20 | i & 0xFF000 | (i >>> 20 & 1) << 11 | (i >>> 21 & 1023) << 1;
    }

    private static long branch(int i, int funct3, int rs1, int rs2) {
        int op = switch (funct3) {
            case 0 -> Op.BEQ;
            case 1 -> Op.BNE;
            case 4 -> Op.BLT;
            case 5 -> Op.BGE;
            case 6 -> Op.BLTU;
            case 7 -> Op.BGEU;
            default -> Op.ILLEGAL;
        };
        return op == Op.ILLEGAL ? illegal(i) : Insn.pack(op, 0, rs1, rs2, immB(i));
    }

    private static long load(int i, int funct3, int rd, int rs1, int imm) {
        if (funct3 == 7) {
            return illegal(i);
        }
        return rd == 0 ? Insn.pack(Op.LOAD_X0, 0, rs1, funct3 & 3, imm) : Insn.pack(Op.LB + funct3, rd, rs1, 0, imm);
    }

    private static long immediate(int i, int funct3, int rd, int rs1, int imm) {
        int shamt = imm & 63;
        int funct6 = i >>> 26;
        return switch (funct3) {
            case 0 -> rs1 == 0 ? writing(Op.LI, rd, 0, 0, imm) : writing(Op.ADDI, rd, rs1, 0, imm);
            case 1 -> funct6 == 0 ? writing(Op.SLLI, rd, rs1, 0, shamt) : illegal(i);
            case 2 -> writing(Op.SLTI, rd, rs1, 0, imm);
            case 3 -> writing(Op.SLTIU, rd, rs1, 0, imm);
            case 4 -> writing(Op.XORI, rd, rs1, 0, imm);
            case 5 -> funct6 == 0 ? writing(Op.SRLI, rd, rs1, 0, shamt)
                    : funct6 == 0x10 ? writing(Op.SRAI, rd, rs1, 0, shamt) : illegal(i);
            case 6 -> writing(Op.ORI, rd, rs1, 0, imm);
            default -> writing(Op.ANDI, rd, rs1, 0, imm);
        };
    }

    private static long immediate32(int i, int funct3, int rd, int rs1, int imm) {
        int funct7 = i >>> 25;
        return switch (funct3) {
            case 0 -> writing(Op.ADDIW, rd, rs1, 0, imm);
            case 1 -> funct7 == 0 ? writing(Op.SLLIW, rd, rs1, 0, imm) : illegal(i);
            case 5 -> funct7 == 0 ? writing(Op.SRLIW, rd, rs1, 0, imm)
                    : funct7 == 0x20 ? writing(Op.SRAIW, rd, rs1, 0, imm & 31) : illegal(i);
            default -> illegal(i);
        };
    }

    private static long register(int i, int funct3, int rd, int rs1, int rs2) {
        return switch (i >>> 25) {
            case 0 -> writing(switch (funct3) {
                case 0 -> Op.ADD;
                case 1 -> Op.SLL;
                case 2 -> Op.SLT;
                case 3 -> Op.SLTU;
                case 4 -> Op.XOR;
                case 5 -> Op.SRL;
                case 6 -> Op.OR;
                default -> Op.AND;
            }, rd, rs1, rs2, 0);
            case 1 -> writing(Op.MUL + funct3, rd, rs1, rs2, 0);
            case 0x20 -> funct3 == 0 ? writing(Op.SUB, rd, rs1, rs2, 0)
                    : funct3 == 5 ? writing(Op.SRA, rd, rs1, rs2, 0) : illegal(i);
            default -> illegal(i);
        };
    }

    private static long register32(int i, int funct3, int rd, int rs1, int rs2) {
        int op = switch (i >>> 25 << 3 | funct3) {
            case 0 -> Op.ADDW;
            case 1 -> Op.SLLW;
            case 5 -> Op.SRLW;
            case 1 << 3 -> Op.MULW;
            case 1 << 3 | 4 -> Op.DIVW;
            case 1 << 3 | 5 -> Op.DIVUW;
            case 1 << 3 | 6 -> Op.REMW;
            case 1 << 3 | 7 -> Op.REMUW;
            case 0x20 << 3 -> Op.SUBW;
            case 0x20 << 3 | 5 -> Op.SRAW;
            default -> Op.ILLEGAL;
        };
        return op == Op.ILLEGAL ? illegal(i) : writing(op, rd, rs1, rs2, 0);
    }

    private static long atomic(int i, int funct3, int rs2) {
        if (funct3 != 2 && funct3 != 3) {
            return illegal(i);
        }
        return switch (i >>> 27) {
            case 2 -> rs2 == 0 ? raw(Op.LR, i) : illegal(i);
            case 3 -> raw(Op.SC, i);
            case 0, 1, 4, 8, 12, 16, 20, 24, 28 -> raw(Op.AMO, i);
            default -> illegal(i);
        };
    }

    private static boolean nearestOrDynamic(int i) {
        int rm = i >>> 12 & 7;
        return rm == 0 || rm == RM_DYNAMIC;
    }

    private static boolean validRounding(int i) {
        int rm = i >>> 12 & 7;
        return rm < 5 || rm == RM_DYNAMIC;
    }

    private static long fused(int i) {
        int format = i >>> 25 & 3;
        if (format > 1 || !validRounding(i)) {
            return illegal(i);
        }
        int kind = i >>> 2 & 3;
        int op = !nearestOrDynamic(i) ? Op.FP : format == 1 ? Op.FMADD_D + kind : kind == 0 ? Op.FMADD_S : Op.FP;
        return Insn.withRs3(raw(op, i), i >>> 27);
    }

    private static long floating(int i, int funct3, int rs2) {
        if ((i >>> 25 & 3) > 1) {
            return illegal(i);
        }
        boolean isDouble = (i >>> 25 & 1) == 1;
        return switch (i >>> 27) {
            case 0, 1, 2, 3 -> rounding(i, (isDouble ? Op.FADD_D : Op.FADD_S) + (i >>> 27));
            case 11 -> rs2 == 0 ? rounding(i, isDouble ? Op.FSQRT_D : Op.FP) : illegal(i);
            case 4 -> funct3 < 3 ? raw(isDouble ? Op.FSGNJ_D + funct3 : Op.FP, i) : illegal(i);
            case 5 -> funct3 < 2 ? raw(Op.FP, i) : illegal(i);
            case 8 -> rs2 == (isDouble ? 0 : 1) ? rounding(i, Op.FP) : illegal(i);
            case 20 -> funct3 < 3 ? comparison(i, isDouble, funct3) : illegal(i);
            case 24 -> rs2 < 4 ? rounding(i, Op.FP) : illegal(i);
            case 26 -> rs2 < 4 ? rounding(i, isDouble && rs2 == 0 ? Op.FCVT_D_W : Op.FP) : illegal(i);
            case 28 -> rs2 == 0 && funct3 < 2 ? raw(isDouble && funct3 == 0 && (i >>> 7 & 31) != 0 ? Op.FMV_X_D : Op.FP, i) : illegal(i);
            case 30 -> rs2 == 0 && funct3 == 0 ? raw(isDouble ? Op.FMV_D_X : Op.FP, i) : illegal(i);
            default -> illegal(i);
        };
    }

    private static long rounding(int i, int nearest) {
        return validRounding(i) ? raw(nearestOrDynamic(i) ? nearest : Op.FP, i) : illegal(i);
    }

    private static long comparison(int i, boolean isDouble, int funct3) {
        return raw(isDouble && (i >>> 7 & 31) != 0 ? Op.FEQ_D + 2 - funct3 : Op.FP, i);
    }

    private static long system(int i, int funct3, int rd) {
        if (funct3 == 4) {
            return illegal(i);
        }
        if (funct3 != 0) {
            return raw(Op.CSR, i);
        }
        return switch (i) {
            case 0x00000073 -> raw(Op.ECALL, i);
            case 0x00100073 -> raw(Op.EBREAK, i);
            case 0x10200073 -> raw(Op.SRET, i);
            case 0x30200073 -> raw(Op.MRET, i);
            case 0x10500073 -> raw(Op.WFI, i);
            default -> i >>> 25 == 9 && rd == 0 ? raw(Op.SFENCE_VMA, i) : illegal(i);
        };
    }
}
