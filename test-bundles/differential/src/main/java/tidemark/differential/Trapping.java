package tidemark.differential;

import static tidemark.testkit.Op.*;
import static tidemark.testkit.Reg.RA;

import java.util.List;
import tidemark.testkit.Op;

/** Items that are meant to trap, or may. */
final class Trapping {
    private static final int[] ILLEGAL_HALVES = {
        0x0000, 0x0004, 0x8000, 0x9ffc, 0x2001, 0x2005, 0x6081, 0x4002, 0x6002, 0x8002, 0x6101, 0x9c41, 0x9c61
    };
    private static final int[] ILLEGAL_WORDS = {0x0000_0073 | 2 << 20, 0x7b20_0073, 0xffff_ffff, 0xc000_1073, 0x0000_4073, 0x0000_707b,
            0x0000_000b, 0x0000_002b};
    private static final long[] UNMAPPED = {0x1800_0000L, 0x9000_0000L, 0xa000_0000L, 1L << 40};

    private Trapping() {}

    static void trap(Draw draw, Place out, List<Item> children) {
        Listing code = out.code();
        switch (draw.below(8)) {
            case 0 -> code.half(draw.of(ILLEGAL_HALVES));
            case 1 -> code.word(draw.of(ILLEGAL_WORDS));
            case 2 -> code.op(ECALL);
            case 3 -> code.op(draw.oneIn(2) ? EBREAK : C_EBREAK);
            case 4, 5 -> accessFault(draw, code);
            case 6 -> fetchFault(draw, code);
            default -> code.op(draw.of(new Op[] {EBREAK, ECALL}));
        }
    }

    /** Aligned, because where a misaligned access faults is the machine's choice. */
    private static void accessFault(Draw draw, Listing code) {
        int base = draw.xBut(0);
        code.li(base, unmapped(draw) + 8L * draw.below(16));
        Op op = draw.of(new Op[] {LB, LH, LW, LD, LBU, LHU, LWU, SB, SH, SW, SD, FLW, FLD, FSW, FSD});
        int[] operands = draw.operands(op, base);
        operands[1] = 0;
        operands[2] = base;
        code.op(op, operands);
    }

    private static void fetchFault(Draw draw, Listing code) {
        int base = draw.xBut(0, RA);
        code.li(base, unmapped(draw) + 2L * draw.below(16));
        if (draw.oneIn(2)) {
            code.op(JALR, RA, 0, base);
        } else {
            code.op(C_JALR, base);
        }
    }

    private static long unmapped(Draw draw) {
        return UNMAPPED[draw.below(UNMAPPED.length)];
    }

    /** Instructions with some bits flipped, as far as they cannot leave the stream. */
    static void randomWords(Draw draw, Place out, List<Item> children) {
        int base = draw.xBut(0);
        out.code().near(base, out.scratchMiddle());
        for (int i = draw.between(1, 6); i > 0; i--) {
            out.code().word(word(draw, base));
        }
    }

    private static int word(Draw draw, int base) {
        while (true) {
            Op op = draw.of(Op.values());
            if (op.length() == 4) {
                int word = op.encode(draw.operands(op, base));
                for (int flips = draw.below(4); flips > 0; flips--) {
                    word ^= 1 << draw.between(2, 31);
                }
                word = draw.oneIn(20) ? (int) draw.bits() | 3 : word;
                int rd = word >>> 7 & 31;
                word = accessesMemory(word) ? word & ~(31 << 15) | base << 15 : word;
                if (rd != 4 && rd != base && isHarmless(word)) {
                    return word;
                }
            }
        }
    }

    private static boolean accessesMemory(int word) {
        return switch (word & 0x7f) {
            case 0x03, 0x07, 0x23, 0x27, 0x2f -> true;
            default -> false;
        };
    }

    private static boolean isHarmless(int word) {
        return switch (word & 0x7f) {
            case 0x63, 0x67, 0x6f -> false;
            case 0x73 -> (word & 0x7000) == 0 && word != SRET.encode() && word != MRET.encode() && word != WFI.encode();
            default -> (word & 3) == 3;
        };
    }
}
