package tidemark.cpu.translator;

import tidemark.riscv.Insn;
import tidemark.riscv.Op;

/** @param word as {@link Insn} has it */
record Instruction(long pc, long word) {
    int op() {
        return Insn.op(word);
    }

    int rd() {
        return Insn.rd(word);
    }

    int rs1() {
        return Insn.rs1(word);
    }

    int rs2() {
        return Insn.rs2(word);
    }

    int rs3() {
        return Insn.rs3(word);
    }

    int imm() {
        return Insn.imm(word);
    }

    /** The address of the instruction behind it. */
    long next() {
        return pc + 2 * Insn.halfwords(word);
    }

    /** Where a direct jump or a taken branch leads. */
    long target() {
        return pc + imm();
    }

    boolean isReturn() {
        return op() == Op.JR && rs1() == 1 && imm() == 0;
    }

    boolean isBranch() {
        return op() >= Op.BEQ && op() <= Op.BGEU;
    }

    boolean isJump() {
        return op() >= Op.BEQ && op() <= Op.JALR;
    }

    boolean isLoad() {
        return op() >= Op.LB && op() <= Op.LWU || op() == Op.FLW || op() == Op.FLD;
    }

    boolean isStore() {
        return op() >= Op.SB && op() <= Op.SD || op() == Op.FSW || op() == Op.FSD;
    }

    /** Of a load or store, in bytes. */
    int size() {
        return switch (op()) {
            case Op.LB, Op.LBU, Op.SB -> 1;
            case Op.LH, Op.LHU, Op.SH -> 2;
            case Op.LW, Op.LWU, Op.SW, Op.FLW, Op.FSW -> 4;
            default -> 8;
        };
    }
}
