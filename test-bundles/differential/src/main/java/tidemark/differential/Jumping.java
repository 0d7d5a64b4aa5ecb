package tidemark.differential;

import static tidemark.testkit.Op.*;

import java.util.List;
import tidemark.testkit.Op;

/** Items with branches, loops and calls, all of which end. */
final class Jumping {
    private static final Op[] BRANCHES = {BEQ, BNE, BLT, BGE, BLTU, BGEU};

    private Jumping() {}

    static void control(Draw draw, Place out, List<Item> children) {
        Listing code = out.code();
        switch (draw.below(7)) {
            case 0, 1 -> branch(draw, code);
            case 2 -> loop(draw, code);
            case 3 -> call(draw, code);
            case 4 -> indirect(draw, code);
            case 5 -> jump(draw, code);
            default -> compressedBranch(draw, code);
        }
    }

    private static void branch(Draw draw, Listing code) {
        String target = code.fresh();
        int rs1 = draw.below(32);
        code.op(draw.of(BRANCHES), rs1, draw.oneIn(3) ? rs1 : draw.below(32), target);
        Computing.integers(draw, code, draw.between(0, 4));
        code.label(target);
    }

    private static void compressedBranch(Draw draw, Listing code) {
        String target = code.fresh();
        int rs1 = draw.between(8, 15);
        if (draw.oneIn(2)) {
            code.op(C_LI, rs1, draw.between(-1, 1));
        }
        code.op(draw.oneIn(2) ? C_BEQZ : C_BNEZ, rs1, target);
        Computing.integers(draw, code, draw.between(0, 4));
        code.label(target);
    }

    private static void loop(Draw draw, Listing code) {
        int counter = draw.xBut(0);
        String start = code.fresh();
        code.li(counter, draw.between(2, 12)).label(start);
        Computing.integers(draw, code, draw.between(1, 5), counter);
        code.op(ADDI, counter, counter, -1).op(draw.oneIn(2) ? BNE : BLT, 0, counter, start);
    }

    private static void call(Draw draw, Listing code) {
        String over = code.fresh();
        String function = code.fresh();
        int link = draw.of(1, 5, draw.xBut(0));
        code.op(C_J, over).label(function);
        Computing.integers(draw, code, draw.between(1, 4), link);
        if (draw.oneIn(2)) {
            code.op(C_JR, link);
        } else {
            code.op(JALR, 0, 0, link);
        }
        code.label(over).op(JAL, link, function);
    }

    private static void indirect(Draw draw, Listing code) {
        String target = code.fresh();
        int base = draw.xBut(0);
        code.la(base, target);
        switch (draw.below(3)) {
            case 0 -> code.op(C_JR, base);
            case 1 -> code.op(C_JALR, base);
            default -> code.op(JALR, draw.x(), draw.below(2), base);
        }
        Computing.integers(draw, code, draw.between(0, 3));
        code.label(target);
    }

    private static void jump(Draw draw, Listing code) {
        String target = code.fresh();
        if (draw.oneIn(2)) {
            code.op(C_J, target);
        } else {
            code.op(JAL, draw.x(), target);
        }
        Computing.integers(draw, code, draw.between(0, 3));
        code.label(target);
    }
}
