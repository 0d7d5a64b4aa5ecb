package tidemark.differential;

import static tidemark.testkit.Op.*;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import tidemark.testkit.Csr;
import tidemark.testkit.Op;

/** Items that only change registers. */
final class Computing {
    private static final Op[] INTEGER = union(EnumSet.of(LUI, AUIPC, C_SLLI, C_MV, C_ADD, C_ADDI4SPN, FENCE), EnumSet.range(ADDI, SRAW),
            EnumSet.range(MUL, REMUW), EnumSet.range(C_NOP, C_ADDW));
    private static final Op[] FLOATING = union(EnumSet.range(FMADD_S, FMV_W_X), EnumSet.range(FMADD_D, FCVT_D_S), EnumSet.noneOf(Op.class));

    private Computing() {}

    @SafeVarargs
    private static Op[] union(EnumSet<Op> first, EnumSet<Op>... others) {
        EnumSet<Op> all = EnumSet.copyOf(first);
        for (EnumSet<Op> other : others) {
            all.addAll(other);
        }
        return all.toArray(Op[]::new);
    }

    static void integers(Draw draw, Place out, List<Item> children) {
        for (int i = draw.between(0, 2); i > 0; i--) {
            out.code().li(draw.x(), draw.integer());
        }
        integers(draw, out.code(), draw.between(3, 12));
    }

    /** Integer instructions that do not write {@code kept}. */
    static void integers(Draw draw, Listing code, int count, int... kept) {
        for (int i = 0; i < count; i++) {
            integer(draw, code, kept);
        }
    }

    private static void integer(Draw draw, Listing code, int... kept) {
        Op op = draw.of(INTEGER);
        boolean keepsSp = Arrays.stream(kept).anyMatch(r -> r == 2);
        if (op == C_ADDI16SP && keepsSp) {
            op = C_NOP;
        }
        code.op(op, draw.operands(op, kept));
    }

    static void floats(Draw draw, Place out, List<Item> children) {
        int[] fresh = new int[draw.between(1, 3)];
        for (int i = 0; i < fresh.length; i++) {
            fresh[i] = draw.f();
            int x = draw.xBut(0);
            out.code().li(x, draw.floating()).op(FMV_D_X, fresh[i], x);
        }
        floats(draw, out.code(), draw.between(2, 6), fresh);
    }

    private static void floats(Draw draw, Listing code, int count, int... sources) {
        for (int i = 0; i < count; i++) {
            Op op = draw.of(FLOATING);
            int[] operands = draw.operands(op);
            for (int k = 1; k < operands.length && sources.length > 0; k++) {
                if (op.fields().get(k).name().startsWith("FRS") && draw.oneIn(2)) {
                    operands[k] = draw.of(sources);
                }
            }
            code.op(op, operands);
        }
    }

    static void roundingModes(Draw draw, Place out, List<Item> children) {
        Listing code = out.code();
        switch (draw.below(5)) {
            case 0 -> code.op(CSRRWI, draw.x(), Csr.FRM, draw.below(8));
            case 1 -> code.op(CSRRWI, draw.x(), Csr.FFLAGS, draw.below(32));
            case 2 -> {
                int x = draw.xBut(0);
                code.li(x, draw.below(256)).op(CSRRW, draw.x(), Csr.FCSR, x);
            }
            case 3 -> code.op(CSRRCI, draw.x(), draw.of(Csr.FRM, Csr.FFLAGS, Csr.FCSR), draw.below(32));
            default -> code.op(CSRRSI, draw.x(), draw.of(Csr.FRM, Csr.FFLAGS, Csr.FCSR), draw.below(32));
        }
        floats(draw, code, draw.between(1, 3));
        if (draw.oneIn(2)) {
            code.op(CSRRWI, 0, Csr.FRM, draw.below(5));
        }
    }

    static void floatsSwitchedOff(Draw draw, Place out, List<Item> children) {
        int status = draw.of(Csr.MSTATUS, Csr.SSTATUS);
        int x = draw.xBut(0);
        out.code().li(x, Monitor.FS).op(CSRRC, 0, status, x);
        floats(draw, out.code(), draw.between(1, 2));
        out.code().csrr(draw.x(), draw.of(Csr.FCSR, Csr.FRM, Csr.FFLAGS, status));
        out.code().li(x, Monitor.FS).op(CSRRS, 0, status, x);
    }
}
