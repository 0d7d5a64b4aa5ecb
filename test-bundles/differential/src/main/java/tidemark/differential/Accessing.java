package tidemark.differential;

import static tidemark.testkit.Op.*;

import java.util.EnumSet;
import java.util.List;
import tidemark.testkit.Field;
import tidemark.testkit.Op;

/** Items that load, store and fetch. */
final class Accessing {
    private static final Op[] PLAIN = {LB, LH, LW, LD, LBU, LHU, LWU, SB, SH, SW, SD, FLW, FLD, FSW, FSD};
    private static final Op[] COMPRESSED = {C_LW, C_LD, C_SW, C_SD, C_FLD, C_FSD};
    private static final Op[] COMPRESSED_SP = {C_LWSP, C_LDSP, C_SWSP, C_SDSP, C_FLDSP, C_FSDSP};
    private static final Op[] AMO = EnumSet.range(AMOSWAP_W, AMOMAXU_D).stream().filter(op -> op.name().startsWith("AMO"))
            .toArray(Op[]::new);
    private static final int C_JR_RA = 0x8082;

    private Accessing() {}

    static void scratch(Draw draw, Place out, List<Item> children) {
        Listing code = out.code();
        int base = draw.oneIn(3) ? 2 : draw.oneIn(2) ? draw.between(8, 15) : draw.xBut(0);
        code.near(base, out.scratchMiddle() + (draw.oneIn(3) ? draw.between(-16, 16) : 8L * draw.between(-64, 64)));
        for (int i = draw.between(2, 8); i > 0; i--) {
            Op op = base == 2 && draw.oneIn(2) ? draw.of(COMPRESSED_SP) : base >= 8 && base < 16 && draw.oneIn(2) ? draw.of(COMPRESSED)
                    : draw.of(PLAIN);
            int[] operands = draw.operands(op, base);
            for (int k = 0; k < operands.length; k++) {
                Field field = op.fields().get(k);
                if (field == Field.BASE || field == Field.C_BASE) {
                    operands[k] = base;
                } else if (draw.oneIn(2) && (field == Field.IMM_I || field == Field.IMM_S)) {
                    operands[k] = draw.between(-4, 4) * 8;
                } else if (field == Field.C_RD_LOW && operands[k] == base) {
                    operands[k] = base ^ 1;
                }
            }
            code.op(op, operands);
            if (draw.oneIn(4)) {
                Computing.integers(draw, code, 1, base);
            }
        }
    }

    static void atomics(Draw draw, Place out, List<Item> children) {
        Listing code = out.code();
        int base = draw.xBut(0);
        long middle = out.scratchMiddle() + 8L * draw.between(-32, 32);
        boolean aligned = !draw.oneIn(3);
        code.near(base, middle + (aligned ? 0 : 4));
        if (draw.oneIn(2)) {
            int value = draw.xBut(0, base);
            code.li(value, draw.integer()).op(draw.of(new Op[] {SW, SD}), value, 0, base);
        }
        for (int i = draw.between(1, 3); i > 0; i--) {
            if (draw.oneIn(3)) {
                reservation(draw, code, base, aligned);
            } else {
                Op op = draw.of(AMO);
                code.op(op, draw.xBut(base), draw.below(32), base, draw.below(4));
            }
        }
        if (draw.oneIn(4)) {
            code.op(ADDI, base, base, draw.between(1, 7));
            code.op(draw.of(AMO), draw.xBut(base), draw.below(32), base, draw.below(4));
            code.op(draw.oneIn(2) ? LR_W : LR_D, draw.xBut(base), base);
        }
    }

    /**
     * The SC is aligned, to what may be written. Elsewhere one that fails traps here, as a store does; in QEMU 7.2, which compares
     * addresses first, it does not.
     */
    private static void reservation(Draw draw, Listing code, int base, boolean aligned) {
        boolean wide = draw.oneIn(2);
        int order = draw.below(4);
        if (!draw.oneIn(5)) {
            code.op(wide ? LR_D : LR_W, draw.xBut(base), base, order);
        }
        if (draw.oneIn(3)) {
            Computing.integers(draw, code, 1, base);
        }
        if (draw.oneIn(4)) {
            code.half(0); // a trap takes the reservation away
        }
        if (draw.oneIn(4)) {
            code.op(wide ? SD : SW, draw.below(32), 8 * draw.below(2), base);
        }
        code.op(wide && aligned ? SC_D : SC_W, draw.xBut(base), draw.below(32), base, order);
    }

    static void paged(Draw draw, Place out, List<Item> children) {
        for (int i = draw.between(1, 4); i > 0; i--) {
            if (draw.oneIn(4)) {
                fetch(draw, out);
            } else {
                access(draw, out, Paging.dataAddress(draw, out.region()));
            }
        }
    }

    private static void fetch(Draw draw, Place out) {
        int base = draw.xBut(0, 1);
        out.code().li(base, Paging.stubAddress(draw, out.region())).op(JALR, 1, 0, base);
    }

    /** A load, store or atomic to a virtual address, which may or may not be allowed; does not write the registers {@code kept}. */
    static void access(Draw draw, Place out, Paging.Target target, int... kept) {
        Listing code = out.code();
        int base = draw.xBut(Draw.with(kept, 0));
        boolean atomic = target.aligned() && !target.device() && draw.oneIn(5);
        code.li(base, target.address() & -8L);
        if (atomic) {
            code.op(draw.of(AMO), draw.xBut(Draw.with(kept, base)), draw.below(32), base, draw.below(4));
        } else {
            Op op = draw.of(PLAIN);
            int[] operands = draw.operands(op, Draw.with(kept, base));
            operands[1] = (int) (target.address() & 7);
            operands[2] = base;
            code.op(op, operands);
        }
    }

    /** Overwrites an instruction ahead, with fence.i between. */
    static void selfModifying(Draw draw, Place out, List<Item> children) {
        Listing code = out.code();
        int address = draw.xBut(0);
        int value = draw.xBut(0, address);
        Op op = draw.of(new Op[] {ADDI, XORI, SLTIU, ORI});
        String patched = code.fresh();
        code.la(address, patched).li(value, op.encode(draw.xBut(address, value), draw.below(32), draw.between(-2048, 2047)));
        code.op(SH, value, 0, address).op(SRLI, value, value, 16).op(SH, value, 2, address).op(FENCE_I);
        Computing.integers(draw, code, draw.below(3), address, value);
        code.label(patched).op(ADDI, draw.xBut(address, value), draw.below(32), 1);
    }

    /** A page of {@code c.jr ra}; an instruction at its end reaches into the next page, where it ends if that is such a page too. */
    static byte[] stubPage() {
        byte[] page = new byte[4096];
        for (int i = 2; i < 4094; i += 2) {
            page[i] = (byte) C_JR_RA;
            page[i + 1] = (byte) (C_JR_RA >> 8);
        }
        page[4094] = 0x13;
        return page;
    }
}
