package tidemark.testkit;

import java.util.List;
import java.util.Locale;

/** The instructions of RV64GC and the privileged ones: fixed bits and operands, operands in the order of assembly language. */
public enum Op {
    // RV64I
    LUI(0x37, Field.RD, Field.IMM_U),
    AUIPC(0x17, Field.RD, Field.IMM_U),
    JAL(0x6f, Field.RD, Field.IMM_J),
    JALR(0x67, Field.RD, Field.IMM_I, Field.BASE),
    BEQ(0x63, Field.RS1, Field.RS2, Field.IMM_B),
    BNE(0x1063, Field.RS1, Field.RS2, Field.IMM_B),
    BLT(0x4063, Field.RS1, Field.RS2, Field.IMM_B),
    BGE(0x5063, Field.RS1, Field.RS2, Field.IMM_B),
    BLTU(0x6063, Field.RS1, Field.RS2, Field.IMM_B),
    BGEU(0x7063, Field.RS1, Field.RS2, Field.IMM_B),
    LB(0x3, Field.RD, Field.IMM_I, Field.BASE),
    LH(0x1003, Field.RD, Field.IMM_I, Field.BASE),
    LW(0x2003, Field.RD, Field.IMM_I, Field.BASE),
    LD(0x3003, Field.RD, Field.IMM_I, Field.BASE),
    LBU(0x4003, Field.RD, Field.IMM_I, Field.BASE),
    LHU(0x5003, Field.RD, Field.IMM_I, Field.BASE),
    LWU(0x6003, Field.RD, Field.IMM_I, Field.BASE),
    SB(0x23, Field.RS2, Field.IMM_S, Field.BASE),
    SH(0x1023, Field.RS2, Field.IMM_S, Field.BASE),
    SW(0x2023, Field.RS2, Field.IMM_S, Field.BASE),
    SD(0x3023, Field.RS2, Field.IMM_S, Field.BASE),
    ADDI(0x13, Field.RD, Field.RS1, Field.IMM_I),
    SLTI(0x2013, Field.RD, Field.RS1, Field.IMM_I),
    SLTIU(0x3013, Field.RD, Field.RS1, Field.IMM_I),
    XORI(0x4013, Field.RD, Field.RS1, Field.IMM_I),
    ORI(0x6013, Field.RD, Field.RS1, Field.IMM_I),
    ANDI(0x7013, Field.RD, Field.RS1, Field.IMM_I),
    SLLI(0x1013, Field.RD, Field.RS1, Field.SHAMT6),
    SRLI(0x5013, Field.RD, Field.RS1, Field.SHAMT6),
    SRAI(0x40005013, Field.RD, Field.RS1, Field.SHAMT6),
    ADD(0x33, Field.RD, Field.RS1, Field.RS2),
    SUB(0x40000033, Field.RD, Field.RS1, Field.RS2),
    SLL(0x1033, Field.RD, Field.RS1, Field.RS2),
    SLT(0x2033, Field.RD, Field.RS1, Field.RS2),
    SLTU(0x3033, Field.RD, Field.RS1, Field.RS2),
    XOR(0x4033, Field.RD, Field.RS1, Field.RS2),
    SRL(0x5033, Field.RD, Field.RS1, Field.RS2),
    SRA(0x40005033, Field.RD, Field.RS1, Field.RS2),
    OR(0x6033, Field.RD, Field.RS1, Field.RS2),
    AND(0x7033, Field.RD, Field.RS1, Field.RS2),
    ADDIW(0x1b, Field.RD, Field.RS1, Field.IMM_I),
    SLLIW(0x101b, Field.RD, Field.RS1, Field.SHAMT5),
    SRLIW(0x501b, Field.RD, Field.RS1, Field.SHAMT5),
    SRAIW(0x4000501b, Field.RD, Field.RS1, Field.SHAMT5),
    ADDW(0x3b, Field.RD, Field.RS1, Field.RS2),
    SUBW(0x4000003b, Field.RD, Field.RS1, Field.RS2),
    SLLW(0x103b, Field.RD, Field.RS1, Field.RS2),
    SRLW(0x503b, Field.RD, Field.RS1, Field.RS2),
    SRAW(0x4000503b, Field.RD, Field.RS1, Field.RS2),
    FENCE(0xf, Field.FENCE_SETS),
    ECALL(0x73),
    EBREAK(0x100073),

    // Zifencei, Zicsr
    FENCE_I(0x100f),
    CSRRW(0x1073, Field.RD, Field.CSR, Field.RS1),
    CSRRS(0x2073, Field.RD, Field.CSR, Field.RS1),
    CSRRC(0x3073, Field.RD, Field.CSR, Field.RS1),
    CSRRWI(0x5073, Field.RD, Field.CSR, Field.ZIMM),
    CSRRSI(0x6073, Field.RD, Field.CSR, Field.ZIMM),
    CSRRCI(0x7073, Field.RD, Field.CSR, Field.ZIMM),

    // Privileged
    SRET(0x10200073),
    MRET(0x30200073),
    WFI(0x10500073),
    SFENCE_VMA(0x12000073, Field.RS1, Field.RS2),

    // RV64M
    MUL(0x2000033, Field.RD, Field.RS1, Field.RS2),
    MULH(0x2001033, Field.RD, Field.RS1, Field.RS2),
    MULHSU(0x2002033, Field.RD, Field.RS1, Field.RS2),
    MULHU(0x2003033, Field.RD, Field.RS1, Field.RS2),
    DIV(0x2004033, Field.RD, Field.RS1, Field.RS2),
    DIVU(0x2005033, Field.RD, Field.RS1, Field.RS2),
    REM(0x2006033, Field.RD, Field.RS1, Field.RS2),
    REMU(0x2007033, Field.RD, Field.RS1, Field.RS2),
    MULW(0x200003b, Field.RD, Field.RS1, Field.RS2),
    DIVW(0x200403b, Field.RD, Field.RS1, Field.RS2),
    DIVUW(0x200503b, Field.RD, Field.RS1, Field.RS2),
    REMW(0x200603b, Field.RD, Field.RS1, Field.RS2),
    REMUW(0x200703b, Field.RD, Field.RS1, Field.RS2),

    // RV64A
    LR_W(0x1000202f, Field.RD, Field.BASE, Field.AQRL),
    SC_W(0x1800202f, Field.RD, Field.RS2, Field.BASE, Field.AQRL),
    AMOSWAP_W(0x800202f, Field.RD, Field.RS2, Field.BASE, Field.AQRL),
    AMOADD_W(0x202f, Field.RD, Field.RS2, Field.BASE, Field.AQRL),
    AMOXOR_W(0x2000202f, Field.RD, Field.RS2, Field.BASE, Field.AQRL),
    AMOAND_W(0x6000202f, Field.RD, Field.RS2, Field.BASE, Field.AQRL),
    AMOOR_W(0x4000202f, Field.RD, Field.RS2, Field.BASE, Field.AQRL),
    AMOMIN_W(0x8000202f, Field.RD, Field.RS2, Field.BASE, Field.AQRL),
    AMOMAX_W(0xa000202f, Field.RD, Field.RS2, Field.BASE, Field.AQRL),
    AMOMINU_W(0xc000202f, Field.RD, Field.RS2, Field.BASE, Field.AQRL),
    AMOMAXU_W(0xe000202f, Field.RD, Field.RS2, Field.BASE, Field.AQRL),
    LR_D(0x1000302f, Field.RD, Field.BASE, Field.AQRL),
    SC_D(0x1800302f, Field.RD, Field.RS2, Field.BASE, Field.AQRL),
    AMOSWAP_D(0x800302f, Field.RD, Field.RS2, Field.BASE, Field.AQRL),
    AMOADD_D(0x302f, Field.RD, Field.RS2, Field.BASE, Field.AQRL),
    AMOXOR_D(0x2000302f, Field.RD, Field.RS2, Field.BASE, Field.AQRL),
    AMOAND_D(0x6000302f, Field.RD, Field.RS2, Field.BASE, Field.AQRL),
    AMOOR_D(0x4000302f, Field.RD, Field.RS2, Field.BASE, Field.AQRL),
    AMOMIN_D(0x8000302f, Field.RD, Field.RS2, Field.BASE, Field.AQRL),
    AMOMAX_D(0xa000302f, Field.RD, Field.RS2, Field.BASE, Field.AQRL),
    AMOMINU_D(0xc000302f, Field.RD, Field.RS2, Field.BASE, Field.AQRL),
    AMOMAXU_D(0xe000302f, Field.RD, Field.RS2, Field.BASE, Field.AQRL),

    // RV64F
    FLW(0x2007, Field.FRD, Field.IMM_I, Field.BASE),
    FSW(0x2027, Field.FRS2, Field.IMM_S, Field.BASE),
    FMADD_S(0x43, Field.FRD, Field.FRS1, Field.FRS2, Field.FRS3, Field.RM),
    FMSUB_S(0x47, Field.FRD, Field.FRS1, Field.FRS2, Field.FRS3, Field.RM),
    FNMSUB_S(0x4b, Field.FRD, Field.FRS1, Field.FRS2, Field.FRS3, Field.RM),
    FNMADD_S(0x4f, Field.FRD, Field.FRS1, Field.FRS2, Field.FRS3, Field.RM),
    FADD_S(0x53, Field.FRD, Field.FRS1, Field.FRS2, Field.RM),
    FSUB_S(0x8000053, Field.FRD, Field.FRS1, Field.FRS2, Field.RM),
    FMUL_S(0x10000053, Field.FRD, Field.FRS1, Field.FRS2, Field.RM),
    FDIV_S(0x18000053, Field.FRD, Field.FRS1, Field.FRS2, Field.RM),
    FSQRT_S(0x58000053, Field.FRD, Field.FRS1, Field.RM),
    FSGNJ_S(0x20000053, Field.FRD, Field.FRS1, Field.FRS2),
    FSGNJN_S(0x20001053, Field.FRD, Field.FRS1, Field.FRS2),
    FSGNJX_S(0x20002053, Field.FRD, Field.FRS1, Field.FRS2),
    FMIN_S(0x28000053, Field.FRD, Field.FRS1, Field.FRS2),
    FMAX_S(0x28001053, Field.FRD, Field.FRS1, Field.FRS2),
    FLE_S(0xa0000053, Field.RD, Field.FRS1, Field.FRS2),
    FLT_S(0xa0001053, Field.RD, Field.FRS1, Field.FRS2),
    FEQ_S(0xa0002053, Field.RD, Field.FRS1, Field.FRS2),
    FCLASS_S(0xe0001053, Field.RD, Field.FRS1),
    FCVT_W_S(0xc0000053, Field.RD, Field.FRS1, Field.RM),
    FCVT_WU_S(0xc0100053, Field.RD, Field.FRS1, Field.RM),
    FCVT_L_S(0xc0200053, Field.RD, Field.FRS1, Field.RM),
    FCVT_LU_S(0xc0300053, Field.RD, Field.FRS1, Field.RM),
    FCVT_S_W(0xd0000053, Field.FRD, Field.RS1, Field.RM),
    FCVT_S_WU(0xd0100053, Field.FRD, Field.RS1, Field.RM),
    FCVT_S_L(0xd0200053, Field.FRD, Field.RS1, Field.RM),
    FCVT_S_LU(0xd0300053, Field.FRD, Field.RS1, Field.RM),
    FMV_X_W(0xe0000053, Field.RD, Field.FRS1),
    FMV_W_X(0xf0000053, Field.FRD, Field.RS1),

    // RV64D
    FLD(0x3007, Field.FRD, Field.IMM_I, Field.BASE),
    FSD(0x3027, Field.FRS2, Field.IMM_S, Field.BASE),
    FMADD_D(0x2000043, Field.FRD, Field.FRS1, Field.FRS2, Field.FRS3, Field.RM),
    FMSUB_D(0x2000047, Field.FRD, Field.FRS1, Field.FRS2, Field.FRS3, Field.RM),
    FNMSUB_D(0x200004b, Field.FRD, Field.FRS1, Field.FRS2, Field.FRS3, Field.RM),
    FNMADD_D(0x200004f, Field.FRD, Field.FRS1, Field.FRS2, Field.FRS3, Field.RM),
    FADD_D(0x2000053, Field.FRD, Field.FRS1, Field.FRS2, Field.RM),
    FSUB_D(0xa000053, Field.FRD, Field.FRS1, Field.FRS2, Field.RM),
    FMUL_D(0x12000053, Field.FRD, Field.FRS1, Field.FRS2, Field.RM),
    FDIV_D(0x1a000053, Field.FRD, Field.FRS1, Field.FRS2, Field.RM),
    FSQRT_D(0x5a000053, Field.FRD, Field.FRS1, Field.RM),
    FSGNJ_D(0x22000053, Field.FRD, Field.FRS1, Field.FRS2),
    FSGNJN_D(0x22001053, Field.FRD, Field.FRS1, Field.FRS2),
    FSGNJX_D(0x22002053, Field.FRD, Field.FRS1, Field.FRS2),
    FMIN_D(0x2a000053, Field.FRD, Field.FRS1, Field.FRS2),
    FMAX_D(0x2a001053, Field.FRD, Field.FRS1, Field.FRS2),
    FLE_D(0xa2000053, Field.RD, Field.FRS1, Field.FRS2),
    FLT_D(0xa2001053, Field.RD, Field.FRS1, Field.FRS2),
    FEQ_D(0xa2002053, Field.RD, Field.FRS1, Field.FRS2),
    FCLASS_D(0xe2001053, Field.RD, Field.FRS1),
    FCVT_W_D(0xc2000053, Field.RD, Field.FRS1, Field.RM),
    FCVT_WU_D(0xc2100053, Field.RD, Field.FRS1, Field.RM),
    FCVT_L_D(0xc2200053, Field.RD, Field.FRS1, Field.RM),
    FCVT_LU_D(0xc2300053, Field.RD, Field.FRS1, Field.RM),
    FCVT_D_W(0xd2000053, Field.FRD, Field.RS1, Field.RM),
    FCVT_D_WU(0xd2100053, Field.FRD, Field.RS1, Field.RM),
    FCVT_D_L(0xd2200053, Field.FRD, Field.RS1, Field.RM),
    FCVT_D_LU(0xd2300053, Field.FRD, Field.RS1, Field.RM),
    FMV_X_D(0xe2000053, Field.RD, Field.FRS1),
    FMV_D_X(0xf2000053, Field.FRD, Field.RS1),
    FCVT_S_D(0x40100053, Field.FRD, Field.FRS1, Field.RM),
    FCVT_D_S(0x42000053, Field.FRD, Field.FRS1, Field.RM),

    // RV64C
    C_ADDI4SPN(0x0, Field.C_RD_LOW, Field.C_IMM_4SPN),
    C_FLD(0x2000, Field.C_FRD_LOW, Field.C_IMM_D, Field.C_BASE),
    C_LW(0x4000, Field.C_RD_LOW, Field.C_IMM_W, Field.C_BASE),
    C_LD(0x6000, Field.C_RD_LOW, Field.C_IMM_D, Field.C_BASE),
    C_FSD(0xa000, Field.C_FRD_LOW, Field.C_IMM_D, Field.C_BASE),
    C_SW(0xc000, Field.C_RD_LOW, Field.C_IMM_W, Field.C_BASE),
    C_SD(0xe000, Field.C_RD_LOW, Field.C_IMM_D, Field.C_BASE),
    C_NOP(0x1),
    C_ADDI(0x1, Field.C_RD, Field.C_IMM),
    C_ADDIW(0x2001, Field.C_RD, Field.C_IMM),
    C_LI(0x4001, Field.C_RD, Field.C_IMM),
    C_ADDI16SP(0x6101, Field.C_IMM_16SP),
    C_LUI(0x6001, Field.C_RD, Field.C_IMM),
    C_SRLI(0x8001, Field.C_RS1_LOW, Field.C_SHAMT),
    C_SRAI(0x8401, Field.C_RS1_LOW, Field.C_SHAMT),
    C_ANDI(0x8801, Field.C_RS1_LOW, Field.C_IMM),
    C_SUB(0x8c01, Field.C_RS1_LOW, Field.C_RD_LOW),
    C_XOR(0x8c21, Field.C_RS1_LOW, Field.C_RD_LOW),
    C_OR(0x8c41, Field.C_RS1_LOW, Field.C_RD_LOW),
    C_AND(0x8c61, Field.C_RS1_LOW, Field.C_RD_LOW),
    C_SUBW(0x9c01, Field.C_RS1_LOW, Field.C_RD_LOW),
    C_ADDW(0x9c21, Field.C_RS1_LOW, Field.C_RD_LOW),
    C_J(0xa001, Field.C_IMM_J),
    C_BEQZ(0xc001, Field.C_RS1_LOW, Field.C_IMM_B),
    C_BNEZ(0xe001, Field.C_RS1_LOW, Field.C_IMM_B),
    C_SLLI(0x2, Field.C_RD, Field.C_SHAMT),
    C_FLDSP(0x2002, Field.C_FRD, Field.C_IMM_LDSP),
    C_LWSP(0x4002, Field.C_RD, Field.C_IMM_LWSP),
    C_LDSP(0x6002, Field.C_RD, Field.C_IMM_LDSP),
    C_JR(0x8002, Field.C_RD),
    C_MV(0x8002, Field.C_RD, Field.C_RS2),
    C_EBREAK(0x9002),
    C_JALR(0x9002, Field.C_RD),
    C_ADD(0x9002, Field.C_RD, Field.C_RS2),
    C_FSDSP(0xa002, Field.C_FRS2, Field.C_IMM_SDSP),
    C_SWSP(0xc002, Field.C_RS2, Field.C_IMM_SWSP),
    C_SDSP(0xe002, Field.C_RS2, Field.C_IMM_SDSP);

    private static final String[] X = ("zero ra sp gp tp t0 t1 t2 s0 s1 a0 a1 a2 a3 a4 a5 a6 a7"
            + " s2 s3 s4 s5 s6 s7 s8 s9 s10 s11 t3 t4 t5 t6").split(" ");
    private static final String[] F = ("ft0 ft1 ft2 ft3 ft4 ft5 ft6 ft7 fs0 fs1 fa0 fa1 fa2 fa3 fa4 fa5 fa6 fa7"
            + " fs2 fs3 fs4 fs5 fs6 fs7 fs8 fs9 fs10 fs11 ft8 ft9 ft10 ft11").split(" ");
    private static final String[] ROUNDING = {"rne", "rtz", "rdn", "rup", "rmm", "rm5", "rm6", "dyn"};
    private static final String[] ORDERING = {"", ".rl", ".aq", ".aqrl"};

    private final int bits;
    private final List<Field> fields;

    Op(int bits, Field... fields) {
        this.bits = bits;
        this.fields = List.of(fields);
    }

    public List<Field> fields() {
        return fields;
    }

    /** In bytes, 2 or 4. */
    public int length() {
        return (bits & 3) == 3 ? 4 : 2;
    }

    /**
     * The instruction.
     *
     * @param operands one for each of {@link #fields}; a rounding mode, memory ordering or fence set at the end may be left out
     */
    public int encode(int... operands) {
        checkCount(operands);
        int instruction = bits;
        for (int i = 0; i < fields.size(); i++) {
            try {
                instruction |= fields.get(i).place(operand(i, operands));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(this + ": " + e.getMessage(), e);
            }
        }
        return instruction;
    }

    /**
     * As the GNU assembler reads it (but for rounding modes that it has no way to write); offsets relative to {@code .}, the instruction's
     * own address.
     */
    public String text(int... operands) {
        checkCount(operands);
        StringBuilder text = new StringBuilder(name().toLowerCase(Locale.ROOT).replace('_', '.'));
        String separator = " ";
        if (this == C_ADDI16SP) {
            text.append(" sp");
            separator = ", ";
        }
        for (int i = 0; i < fields.size(); i++) {
            Field field = fields.get(i);
            String operand = text(field, operand(i, operands));
            if (isExactConversion() && operand.equals("rne")) {
                continue; // what the GNU assembler encodes, and refuses to read
            }
            if (field.kind() == Field.Kind.ORDERING) {
                text.insert(text.indexOf(" "), operand);
            } else if (field.kind().base() && i > 0 && fields.get(i - 1).kind() != Field.Kind.X) {
                text.append(operand);
            } else {
                text.append(separator).append(operand);
            }
            separator = this == C_ADDI4SPN ? ", sp, " : ", ";
        }
        return switch (this) {
            case C_LWSP, C_LDSP, C_FLDSP, C_SWSP, C_SDSP, C_FSDSP -> text.append("(sp)").toString();
            default -> text.toString();
        };
    }

    private String text(Field field, int operand) {
        return switch (field.kind()) {
            case X, X_POPULAR -> X[operand];
            case F, F_POPULAR -> F[operand];
            case BASE, BASE_POPULAR -> "(" + X[operand] + ")";
            case SIGNED -> Integer.toString(this == C_LUI ? operand & 0xfffff : operand);
            case UNSIGNED -> Integer.toString(operand);
            case TARGET -> ".%+d".formatted(operand);
            case CSR -> "0x%x".formatted(operand);
            case ROUNDING -> ROUNDING[operand];
            case ORDERING -> ORDERING[operand];
            case SETS -> set(operand >> 4) + ", " + set(operand & 15);
        };
    }

    private boolean isExactConversion() {
        return this == FCVT_D_W || this == FCVT_D_WU || this == FCVT_D_S;
    }

    private static String set(int set) {
        return ((set & 8) != 0 ? "i" : "") + ((set & 4) != 0 ? "o" : "") + ((set & 2) != 0 ? "r" : "") + ((set & 1) != 0 ? "w" : "");
    }

    private int operand(int i, int[] operands) {
        return i < operands.length ? operands[i] : fields.get(i).absent();
    }

    private void checkCount(int[] operands) {
        boolean mayLack = operands.length == fields.size() - 1 && fields.getLast().absent() >= 0;
        if (operands.length != fields.size() && !mayLack) {
            throw new IllegalArgumentException(this + " takes " + fields + ", not " + operands.length + " operands");
        }
    }
}
