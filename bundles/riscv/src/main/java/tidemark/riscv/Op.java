package tidemark.riscv;

/**
 * Operation codes of decoded instructions, dense from 0. An instruction whose only effect would be to write x0 is decoded as {@link
 * #NOP}, a load to x0 as {@link #LOAD_X0}, jumps that do not link as {@link #J} and {@link #JR}: so rd is never 0 in an operation that
 * writes x[rd].
 *
 * <p>Operations from {@link #RARE} on carry the instruction's own bits in place of an immediate and are executed out of line.
 */
public final class Op {
    /** No instruction was decoded here yet: an array of zeros is a page to be decoded. */
    public static final int UNDECODED = 0;
    /** The end of a page: execution goes on in the next one. */
    public static final int PAGE_END = 1;
    /** The first half of a 32-bit instruction at the end of a page. */
    public static final int CROSSING = 2;
    public static final int NOP = 3;

    /** x[rd] = imm. */
    public static final int LI = 4;
    public static final int AUIPC = 5;
    public static final int ADDI = 6;
    public static final int SLTI = 7;
    public static final int SLTIU = 8;
    public static final int XORI = 9;
    public static final int ORI = 10;
    public static final int ANDI = 11;
    public static final int SLLI = 12;
    public static final int SRLI = 13;
    public static final int SRAI = 14;
    public static final int ADDIW = 15;
    public static final int SLLIW = 16;
    public static final int SRLIW = 17;
    public static final int SRAIW = 18;

    public static final int ADD = 19;
    public static final int SUB = 20;
    public static final int SLL = 21;
    public static final int SLT = 22;
    public static final int SLTU = 23;
    public static final int XOR = 24;
    public static final int SRL = 25;
    public static final int SRA = 26;
    public static final int OR = 27;
    public static final int AND = 28;
    public static final int ADDW = 29;
    public static final int SUBW = 30;
    public static final int SLLW = 31;
    public static final int SRLW = 32;
    public static final int SRAW = 33;

    public static final int MUL = 34;
    public static final int MULH = 35;
    public static final int MULHSU = 36;
    public static final int MULHU = 37;
    public static final int DIV = 38;
    public static final int DIVU = 39;
    public static final int REM = 40;
    public static final int REMU = 41;
    public static final int MULW = 42;
    public static final int DIVW = 43;
    public static final int DIVUW = 44;
    public static final int REMW = 45;
    public static final int REMUW = 46;

    public static final int LB = 47;
    public static final int LH = 48;
    public static final int LW = 49;
    public static final int LD = 50;
    public static final int LBU = 51;
    public static final int LHU = 52;
    public static final int LWU = 53;
    /** A load to x0: accesses memory only. The rs2 field is log2 of the size. */
    public static final int LOAD_X0 = 54;
    public static final int SB = 55;
    public static final int SH = 56;
    public static final int SW = 57;
    public static final int SD = 58;

    public static final int BEQ = 59;
    public static final int BNE = 60;
    public static final int BLT = 61;
    public static final int BGE = 62;
    public static final int BLTU = 63;
    public static final int BGEU = 64;
    public static final int J = 65;
    public static final int JAL = 66;
    public static final int JR = 67;
    public static final int JALR = 68;

    public static final int FLW = 69;
    public static final int FLD = 70;
    public static final int FSW = 71;
    public static final int FSD = 72;

    /** From here on {@link Insn#imm} is the instruction itself. */
    public static final int RARE = 73;

    // Floating point with rounding to nearest even, by the instruction or dynamically: worth a fast path
    public static final int FADD_D = 73;
    public static final int FSUB_D = 74;
    public static final int FMUL_D = 75;
    public static final int FDIV_D = 76;
    public static final int FSQRT_D = 77;
    public static final int FMADD_D = 78;
    public static final int FMSUB_D = 79;
    public static final int FNMSUB_D = 80;
    public static final int FNMADD_D = 81;
    public static final int FADD_S = 82;
    public static final int FSUB_S = 83;
    public static final int FMUL_S = 84;
    public static final int FDIV_S = 85;
    public static final int FMADD_S = 86;
    // Floating point that does not round
    public static final int FSGNJ_D = 87;
    public static final int FSGNJN_D = 88;
    public static final int FSGNJX_D = 89;
    public static final int FEQ_D = 90;
    public static final int FLT_D = 91;
    public static final int FLE_D = 92;
    public static final int FMV_X_D = 93;
    public static final int FMV_D_X = 94;
    public static final int FCVT_D_W = 95;
    /** Any floating-point operation, those above included; see {@link FloatingPoint#execute}. */
    public static final int FP = 96;

    public static final int FENCE = 97;
    public static final int LR = 98;
    public static final int SC = 99;
    public static final int AMO = 100;
    public static final int CSR = 101;
    public static final int FENCE_I = 102;
    public static final int SFENCE_VMA = 103;
    public static final int ECALL = 104;
    public static final int EBREAK = 105;
    public static final int MRET = 106;
    public static final int SRET = 107;
    public static final int WFI = 108;
    public static final int ILLEGAL = 109;

    private Op() {}
}
