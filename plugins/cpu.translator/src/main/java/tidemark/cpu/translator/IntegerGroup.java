package tidemark.cpu.translator;

import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import tidemark.riscv.Arithmetic;
import tidemark.riscv.Op;

/** Writes the instructions of RV64I and M that compute. */
final class IntegerGroup {
    private final Body body;
    private final CodeBuilder code;

    IntegerGroup(Body body) {
        this.body = body;
        code = body.code;
    }

    void write(Instruction i) {
        if (value(i)) {
            body.setX(i.rd());
        }
    }

    /** Pushes the result. @return false if there is none */
    private boolean value(Instruction i) {
        switch (i.op()) {
            case Op.NOP -> {
                return false;
            }
            case Op.LI -> code.loadConstant((long) i.imm());
            case Op.AUIPC -> code.loadConstant(i.pc() + i.imm());
            case Op.ADDI -> immediate(i).ladd();
            case Op.XORI -> immediate(i).lxor();
            case Op.ORI -> immediate(i).lor();
            case Op.ANDI -> immediate(i).land();
            case Op.SLTI -> {
                immediate(i).lcmp();
                truth(true);
            }
            case Op.SLTIU -> {
                immediate(i);
                compareUnsigned();
                truth(true);
            }
            case Op.SLLI -> shift(i).lshl();
            case Op.SRLI -> shift(i).lushr();
            case Op.SRAI -> shift(i).lshr();
            case Op.ADDIW -> wordImmediate(i).iadd().i2l();
            case Op.SLLIW -> wordImmediate(i).ishl().i2l();
            case Op.SRLIW -> wordImmediate(i).iushr().i2l();
            case Op.SRAIW -> wordImmediate(i).ishr().i2l();
            default -> register(i);
        }
        return true;
    }

    private void register(Instruction i) {
        switch (i.op()) {
            case Op.ADD -> operands(i).ladd();
            case Op.SUB -> operands(i).lsub();
            case Op.XOR -> operands(i).lxor();
            case Op.OR -> operands(i).lor();
            case Op.AND -> operands(i).land();
            case Op.SLL -> operands(i).l2i().lshl();
            case Op.SRL -> operands(i).l2i().lushr();
            case Op.SRA -> operands(i).l2i().lshr();
            case Op.SLT -> {
                operands(i).lcmp();
                truth(true);
            }
            case Op.SLTU -> {
                operands(i);
                compareUnsigned();
                truth(true);
            }
            case Op.ADDW -> words(i).iadd().i2l();
            case Op.SUBW -> words(i).isub().i2l();
            case Op.SLLW -> words(i).ishl().i2l();
            case Op.SRLW -> words(i).iushr().i2l();
            case Op.SRAW -> words(i).ishr().i2l();
            case Op.MUL -> operands(i).lmul();
            case Op.MULW -> words(i).imul().i2l();
            case Op.MULH -> call(i, Math.class, "multiplyHigh");
            case Op.MULHU -> call(i, Math.class, "unsignedMultiplyHigh");
            case Op.MULHSU -> call(i, Arithmetic.class, "mulhsu");
            case Op.DIV -> call(i, Arithmetic.class, "div");
            case Op.DIVU -> call(i, Arithmetic.class, "divu");
            case Op.REM -> call(i, Arithmetic.class, "rem");
            case Op.REMU -> call(i, Arithmetic.class, "remu");
            case Op.DIVW -> call(i, Arithmetic.class, "divw");
            case Op.DIVUW -> call(i, Arithmetic.class, "divuw");
            case Op.REMW -> call(i, Arithmetic.class, "remw");
            case Op.REMUW -> call(i, Arithmetic.class, "remuw");
            default -> throw new IllegalArgumentException("No integer operation: " + i.op());
        }
    }

    private CodeBuilder operands(Instruction i) {
        body.x(i.rs1());
        body.x(i.rs2());
        return code;
    }

    private CodeBuilder words(Instruction i) {
        body.x(i.rs1());
        code.l2i();
        body.x(i.rs2());
        return code.l2i();
    }

    private CodeBuilder immediate(Instruction i) {
        body.x(i.rs1());
        return code.loadConstant((long) i.imm());
    }

    private CodeBuilder wordImmediate(Instruction i) {
        body.x(i.rs1());
        return code.l2i().loadConstant(i.imm());
    }

    private CodeBuilder shift(Instruction i) {
        body.x(i.rs1());
        return code.loadConstant(i.imm());
    }

    private void compareUnsigned() {
        body.call(Long.class, "compareUnsigned", CD_int, CD_long, CD_long);
    }

    private void call(Instruction i, Class<?> owner, String name) {
        operands(i);
        body.call(owner, name, CD_long, CD_long, CD_long);
    }

    /** Pops a comparison's result: pushes 1 if it was "less", else 0. */
    private void truth(boolean less) {
        Label yes = code.newLabel();
        Label end = code.newLabel();
        code.iflt(yes).loadConstant(less ? 0L : 1L).goto_(end);
        code.labelBinding(yes).loadConstant(less ? 1L : 0L).labelBinding(end);
    }
}
