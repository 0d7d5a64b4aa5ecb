package tidemark.cpu.nativecode.x86;

import static tidemark.cpu.nativecode.x86.Register.RAX;
import static tidemark.cpu.nativecode.x86.Register.RCX;
import static tidemark.cpu.nativecode.x86.Register.RDX;

import tidemark.riscv.Op;

/** RV64IM without accesses and jumps. */
final class IntegerTemplates {
    private final Body body;
    private final Encoder e;
    private final RegisterCache x;

    IntegerTemplates(Body body) {
        this.body = body;
        e = body.e;
        x = body.x;
    }

    void constant(int rd, long value) {
        e.constant(x.define(rd), value);
    }

    // ---- With an immediate

    void immediate(int op, int rd, int a, int imm) {
        int from = x.use(a);
        int to = x.define(rd);
        switch (op) {
            case Op.ADDI -> addConstant(to, from, imm);
            case Op.XORI -> arithmetic(Encoder.XOR, true, to, from, imm);
            case Op.ORI -> arithmetic(Encoder.OR, true, to, from, imm);
            case Op.ANDI -> arithmetic(Encoder.AND, true, to, from, imm);
            case Op.SLLI -> shift(Encoder.SHL, true, to, from, imm);
            case Op.SRLI -> shift(Encoder.SHR, true, to, from, imm);
            case Op.SRAI -> shift(Encoder.SAR, true, to, from, imm);
            case Op.ADDIW -> {
                if (imm == 0) {
                    e.signExtend32(to, from);
                } else {
                    e.lea(false, to, from, imm);
                    e.signExtend32(to, to);
                }
            }
            case Op.SLLIW -> word(Encoder.SHL, to, from, imm);
            case Op.SRLIW -> word(Encoder.SHR, to, from, imm);
            case Op.SRAIW -> word(Encoder.SAR, to, from, imm);
            default -> {
                e.arithmeticConstant(Encoder.CMP, true, from, imm);
                setIf(op == Op.SLTI ? Condition.LESS : Condition.BELOW, to);
            }
        }
    }

    private void addConstant(int to, int from, int imm) {
        if (imm == 0) {
            move(to, from);
        } else if (to == from) {
            e.arithmeticConstant(Encoder.ADD, true, to, imm);
        } else {
            e.lea(true, to, from, imm);
        }
    }

    private void move(int to, int from) {
        if (to != from) {
            e.mov(true, to, from);
        }
    }

    private void arithmetic(int operation, boolean w, int to, int from, int imm) {
        move(to, from);
        e.arithmeticConstant(operation, w, to, imm);
    }

    private void shift(int operation, boolean w, int to, int from, int count) {
        move(to, from);
        e.shift(operation, w, to, count);
    }

    private void word(int operation, int to, int from, int count) {
        shift(operation, false, to, from, count & 31);
        e.signExtend32(to, to);
    }

    private void setIf(int condition, int to) {
        e.setIf(condition, RAX);
        e.zeroExtend8(to, RAX);
    }

    // ---- With two registers

    void binary(int op, int rd, int a, int b) {
        if (op == Op.ADD && (a == 0 || b == 0)) {
            int from = x.use(a == 0 ? b : a);
            move(x.define(rd), from);
            return;
        }
        int left = x.use(a);
        int right = x.use(b);
        int to = x.define(rd);
        switch (op) {
            case Op.ADD -> commutative(Encoder.ADD, true, to, left, right);
            case Op.SUB -> subtract(true, to, left, right);
            case Op.XOR -> commutative(Encoder.XOR, true, to, left, right);
            case Op.OR -> commutative(Encoder.OR, true, to, left, right);
            case Op.AND -> commutative(Encoder.AND, true, to, left, right);
            case Op.ADDW -> {
                commutative(Encoder.ADD, false, to, left, right);
                e.signExtend32(to, to);
            }
            case Op.SUBW -> {
                subtract(false, to, left, right);
                e.signExtend32(to, to);
            }
            case Op.SLT, Op.SLTU -> {
                e.arithmetic(Encoder.CMP, true, left, right);
                setIf(op == Op.SLT ? Condition.LESS : Condition.BELOW, to);
            }
            case Op.SLL -> shiftBy(Encoder.SHL, true, to, left, right);
            case Op.SRL -> shiftBy(Encoder.SHR, true, to, left, right);
            case Op.SRA -> shiftBy(Encoder.SAR, true, to, left, right);
            case Op.SLLW -> shiftBy(Encoder.SHL, false, to, left, right);
            case Op.SRLW -> shiftBy(Encoder.SHR, false, to, left, right);
            case Op.SRAW -> shiftBy(Encoder.SAR, false, to, left, right);
            default -> multiplyOrDivide(op, to, left, right);
        }
    }

    private void commutative(int operation, boolean w, int to, int left, int right) {
        if (to == right) {
            e.arithmetic(operation, w, to, left);
        } else {
            move(to, left);
            e.arithmetic(operation, w, to, right);
        }
    }

    private void subtract(boolean w, int to, int left, int right) {
        if (to == right) {
            e.mov(true, RAX, left);
            e.arithmetic(Encoder.SUB, w, RAX, right);
            e.mov(true, to, RAX);
        } else {
            move(to, left);
            e.arithmetic(Encoder.SUB, w, to, right);
        }
    }

    private void shiftBy(int operation, boolean w, int to, int left, int right) {
        e.mov(false, RCX, right);
        move(to, left);
        e.shiftByCl(operation, w, to);
        if (!w) {
            e.signExtend32(to, to);
        }
    }

    private void multiplyOrDivide(int op, int to, int left, int right) {
        switch (op) {
            case Op.MUL -> multiply(true, to, left, right);
            case Op.MULW -> {
                multiply(false, to, left, right);
                e.signExtend32(to, to);
            }
            case Op.MULH -> upper(Encoder.IMUL, to, left, right);
            case Op.MULHU -> upper(Encoder.MUL, to, left, right);
            case Op.MULHSU -> {
                e.mov(true, RCX, left);
                e.shift(Encoder.SAR, true, RCX, 63);
                e.arithmetic(Encoder.AND, true, RCX, right);
                upper(Encoder.MUL, RDX, left, right);
                e.arithmetic(Encoder.SUB, true, RDX, RCX);
                e.mov(true, to, RDX);
            }
            default -> new Division(op).write(to, left, right);
        }
    }

    private void multiply(boolean w, int to, int left, int right) {
        if (to == right) {
            e.multiply(w, to, left);
        } else {
            move(to, left);
            e.multiply(w, to, right);
        }
    }

    private void upper(int operation, int to, int left, int right) {
        e.mov(true, RAX, left);
        e.unary(operation, true, right);
        move(to, RDX);
    }

    /** DIV, REM and the like: x86 has no results where RISC-V has special ones (volume I, 7.2). */
    private final class Division {
        private final boolean w;
        private final boolean signed;
        private final boolean remainder;

        Division(int op) {
            w = op <= Op.REMU;
            signed = op == Op.DIV || op == Op.REM || op == Op.DIVW || op == Op.REMW;
            remainder = op == Op.REM || op == Op.REMU || op == Op.REMW || op == Op.REMUW;
        }

        void write(int to, int left, int right) {
            e.mov(true, RCX, right);
            e.mov(true, RAX, left);
            e.test(w, RCX, RCX);
            int byZero = e.jumpIf(Condition.EQUAL, 0);
            int byMinusOne = 0;
            if (signed) {
                e.arithmeticConstant(Encoder.CMP, w, RCX, -1);
                byMinusOne = e.jumpIf(Condition.EQUAL, 0);
                e.signToRdx(w);
                e.unary(Encoder.IDIV, w, RCX);
            } else {
                e.constant32(RDX, 0);
                e.unary(Encoder.DIV, w, RCX);
            }
            int end = e.length();
            if (w) {
                move(to, remainder ? RDX : RAX);
            } else {
                e.signExtend32(to, remainder ? RDX : RAX);
            }
            special(byZero, byMinusOne, end);
        }

        private void special(int byZero, int byMinusOne, int end) {
            body.cold(() -> {
                e.land(byZero);
                e.mov(true, RDX, RAX);
                e.constant(RAX, -1);
                e.jump(end - e.length() - 5);
                if (signed) {
                    e.land(byMinusOne);
                    e.unary(Encoder.NEG, w, RAX);
                    e.constant(RDX, 0);
                    e.jump(end - e.length() - 5);
                }
            });
        }
    }
}
