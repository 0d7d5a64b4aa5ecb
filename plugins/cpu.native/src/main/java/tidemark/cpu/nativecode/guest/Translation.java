package tidemark.cpu.nativecode.guest;

import tidemark.riscv.Insn;
import tidemark.riscv.Op;

/** Writes a {@link Trace} by a {@link BackEnd}. */
public final class Translation {
    // Of an atomic
    private static final int WIDE = 1 << 12;
    private static final int RELEASES = 1 << 25;

    private final BackEnd code;

    public Translation(BackEnd code) {
        this.code = code;
    }

    /** @param at where in the code memory the block will lie; its code is the back end's afterwards */
    public void write(Trace trace, int at, int cardShift) {
        code.begin(at, trace.pc(0), trace.length(), cardShift);
        if (trace.isLoop()) {
            writeLoop(trace);
        } else {
            writeFirst(trace, trace.length());
        }
        if (trace.next() != -1) {
            code.instruction(trace.next(), trace.length(), 0);
            code.jump(trace.next());
        }
        code.end();
    }

    private void writeFirst(Trace trace, int count) {
        for (int i = 0; i < count; i++) {
            instruction(trace, i);
            write(trace.word(i), trace.pc(i));
        }
    }

    private void instruction(Trace trace, int i) {
        code.instruction(trace.pc(i), i, 2 * Insn.halfwords(trace.word(i)));
    }

    /** The first round finds registers in the hart, further ones where the round before has left them. */
    private void writeLoop(Trace trace) {
        int last = trace.length() - 1;
        long w = trace.word(last);
        writeFirst(trace, last);
        instruction(trace, last);
        code.beginLoop(Insn.op(w), Insn.rs1(w), Insn.rs2(w), trace.next());
        writeFirst(trace, last);
        instruction(trace, last);
        code.endLoop(Insn.op(w), Insn.rs1(w), Insn.rs2(w));
    }

    private void write(long w, long pc) {
        int op = Insn.op(w);
        int rd = Insn.rd(w);
        int a = Insn.rs1(w);
        int b = Insn.rs2(w);
        int imm = Insn.imm(w);
        if (op <= Op.AUIPC) {
            if (op != Op.NOP) {
                code.constant(rd, op == Op.LI ? imm : pc + imm);
            }
        } else if (op <= Op.SRAIW) {
            code.immediate(op, rd, a, imm);
        } else if (op <= Op.REMUW) {
            code.binary(op, rd, a, b);
        } else if (op <= Op.LOAD_X0) {
            code.load(op, op == Op.LOAD_X0 ? b : rd, a, imm);
        } else if (op <= Op.SD) {
            code.store(op, a, imm, b);
        } else if (Trace.isBranch(op)) {
            code.branch(op, a, b, pc + imm);
        } else if (op <= Op.JALR) {
            jump(w, pc);
        } else {
            rest(w);
        }
    }

    private void jump(long w, long pc) {
        int imm = Insn.imm(w);
        long back = pc + 2 * Insn.halfwords(w);
        switch (Insn.op(w)) {
            case Op.J -> {
                if (imm <= 0) {
                    code.jump(pc + imm);
                }
            }
            case Op.JAL -> {
                code.constant(Insn.rd(w), back);
                code.jump(pc + imm);
            }
            default -> code.jumpRegister(Insn.rs1(w), imm, Insn.op(w) == Op.JR ? 0 : Insn.rd(w), back);
        }
    }

    private void rest(long w) {
        int op = Insn.op(w);
        int imm = Insn.imm(w);
        switch (op) {
            case Op.FLW, Op.FLD -> code.loadFloat(op == Op.FLD, Insn.rd(w), Insn.rs1(w), imm);
            case Op.FSW, Op.FSD -> code.storeFloat(op == Op.FSD, Insn.rs1(w), imm, Insn.rs2(w));
            case Op.FENCE -> code.fence(imm);
            case Op.AMO -> code.atomic(imm >>> 27, (imm & WIDE) != 0, Insn.rd(w), Insn.rs1(w), Insn.rs2(w));
            case Op.LR -> code.loadReserved((imm & WIDE) != 0, (imm & RELEASES) != 0, Insn.rd(w), Insn.rs1(w));
            case Op.SC -> code.storeConditional((imm & WIDE) != 0, Insn.rd(w), Insn.rs1(w), Insn.rs2(w));
            case Op.CSR -> {
                if (!code.csr(new CsrAccess(imm))) {
                    code.step(false);
                }
            }
            default -> {
                boolean floats = op >= Op.FADD_D && op <= Op.FP;
                if (!floats || !code.floating(Floating.of(w))) {
                    code.step(!floats);
                }
            }
        }
    }
}
