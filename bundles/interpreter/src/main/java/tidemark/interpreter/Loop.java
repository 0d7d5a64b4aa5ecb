package tidemark.interpreter;

import static tidemark.interpreter.FloatingValues.boxed;
import static tidemark.interpreter.FloatingValues.dual;
import static tidemark.interpreter.FloatingValues.finite;
import static tidemark.interpreter.FloatingValues.normal;
import static tidemark.interpreter.FloatingValues.single;

import java.lang.invoke.VarHandle;
import tidemark.api.cpu.Hart;
import tidemark.api.memory.HostMemory;
import tidemark.riscv.Arithmetic;
import tidemark.riscv.FloatingPoint;
import tidemark.riscv.Insn;
import tidemark.riscv.Op;

/**
 * The interpreter's inner loop: a switch over decoded instructions, with soft-TLB hits and common floating point in line. {@link #run}
 * stays below 8,000 bytes of bytecode, above which HotSpot does not compile a method. What is rare is done by the {@link Interpreter};
 * before it is called, {@code hart.pc} and {@code left} are brought up to date, so that every fault is precise.
 */
final class Loop {
    private static final int LAST = CodePage.SLOTS - 1;
    private static final long PAGE_MASK = -4096;
    private static final long BOX = 0xFFFFFFFF_00000000L;
    /** The link register, through which functions return. */
    private static final int RA = 1;

    private final Interpreter engine;
    private final Hart hart;
    private final long[] x;
    private final long[] f;

    Loop(Interpreter engine) {
        this.engine = engine;
        hart = engine.hart;
        x = hart.x;
        f = hart.f;
    }

    /**
     * Executes from {@code hart.pc} until the span is over, attention is asked for at a control transfer, or an instruction was executed
     * that may have changed the regime, or a head is reached that was reached {@code patience} times before (0: no heads are looked for; negative: the
     * target of every jump is one).
     * {@code hart.pc} is then that of the next instruction.
     */
    void run(Regime regime, int patience) {
        final long[] x = this.x;
        final long[] f = this.f;
        final long[] reads = regime.reads.entries;
        final long[] writes = regime.writes.entries;
        final boolean cards = engine.path.everyStore();
        int unit = FloatingUnit.of(hart);
        CodePage page = engine.page();
        long[] code = page.code;
        int left = engine.left;
        long base = hart.pc & PAGE_MASK;
        int i = (int) hart.pc >>> 1 & LAST;
        long w = code[i];
        while (true) {
            long target;
            straight: while (true) {
                int op = (int) w & 255;
                int rd = (int) w >>> 8 & 31;
                int a = (int) w >>> 13 & 31;
                int b = (int) w >>> 18 & 31;
                long imm = w >> 32;
                switch (op) {
                    case Op.UNDECODED -> {
                        w = page.decode(i);
                        continue;
                    }
                    case Op.PAGE_END -> {
                        // no instruction: only the way into the next page, a jump that costs nothing
                        left++;
                        target = base + (i << 1);
                        break straight;
                    }
                    case Op.CROSSING -> {
                        sync(base, i, left);
                        w = engine.crossing(page.halfword(i));
                        continue;
                    }
                    case Op.NOP -> { }
                    case Op.LI -> x[rd] = imm;
                    case Op.AUIPC -> x[rd] = base + (i << 1) + imm;
                    case Op.ADDI -> x[rd] = x[a] + imm;
                    case Op.SLTI -> x[rd] = x[a] < imm ? 1 : 0;
                    case Op.SLTIU -> x[rd] = Long.compareUnsigned(x[a], imm) < 0 ? 1 : 0;
                    case Op.XORI -> x[rd] = x[a] ^ imm;
                    case Op.ORI -> x[rd] = x[a] | imm;
                    case Op.ANDI -> x[rd] = x[a] & imm;
                    case Op.SLLI -> x[rd] = x[a] << imm;
                    case Op.SRLI -> x[rd] = x[a] >>> imm;
                    case Op.SRAI -> x[rd] = x[a] >> imm;
                    case Op.ADDIW -> x[rd] = (int) (x[a] + imm);
                    case Op.SLLIW -> x[rd] = (int) x[a] << (int) imm;
                    case Op.SRLIW -> x[rd] = (int) x[a] >>> (int) imm;
                    case Op.SRAIW -> x[rd] = (int) x[a] >> (int) imm;
                    case Op.ADD -> x[rd] = x[a] + x[b];
                    case Op.SUB -> x[rd] = x[a] - x[b];
                    case Op.SLL -> x[rd] = x[a] << x[b];
                    case Op.SLT -> x[rd] = x[a] < x[b] ? 1 : 0;
                    case Op.SLTU -> x[rd] = Long.compareUnsigned(x[a], x[b]) < 0 ? 1 : 0;
                    case Op.XOR -> x[rd] = x[a] ^ x[b];
                    case Op.SRL -> x[rd] = x[a] >>> x[b];
                    case Op.SRA -> x[rd] = x[a] >> x[b];
                    case Op.OR -> x[rd] = x[a] | x[b];
                    case Op.AND -> x[rd] = x[a] & x[b];
                    case Op.ADDW -> x[rd] = (int) (x[a] + x[b]);
                    case Op.SUBW -> x[rd] = (int) (x[a] - x[b]);
                    case Op.SLLW -> x[rd] = (int) x[a] << (int) x[b];
                    case Op.SRLW -> x[rd] = (int) x[a] >>> (int) x[b];
                    case Op.SRAW -> x[rd] = (int) x[a] >> (int) x[b];
                    case Op.MUL -> x[rd] = x[a] * x[b];
                    case Op.MULH -> x[rd] = Math.multiplyHigh(x[a], x[b]);
                    case Op.MULHSU -> x[rd] = Arithmetic.mulhsu(x[a], x[b]);
                    case Op.MULHU -> x[rd] = Math.unsignedMultiplyHigh(x[a], x[b]);
                    case Op.DIV -> x[rd] = Arithmetic.div(x[a], x[b]);
                    case Op.DIVU -> x[rd] = Arithmetic.divu(x[a], x[b]);
                    case Op.REM -> x[rd] = Arithmetic.rem(x[a], x[b]);
                    case Op.REMU -> x[rd] = Arithmetic.remu(x[a], x[b]);
                    case Op.MULW -> x[rd] = (int) x[a] * (int) x[b];
                    case Op.DIVW -> x[rd] = Arithmetic.divw(x[a], x[b]);
                    case Op.DIVUW -> x[rd] = Arithmetic.divuw(x[a], x[b]);
                    case Op.REMW -> x[rd] = Arithmetic.remw(x[a], x[b]);
                    case Op.REMUW -> x[rd] = Arithmetic.remuw(x[a], x[b]);
                    case Op.LB -> {
                        long at = x[a] + imm;
                        int k = Tlb.tag(at);
                        if (reads[k] == (at & PAGE_MASK)) {
                            x[rd] = HostMemory.getByte(at + reads[k + 1]);
                        } else {
                            x[rd] = (byte) load(at, 1, base, i, left);
                            left = engine.left;
                        }
                    }
                    case Op.LH -> {
                        long at = x[a] + imm;
                        int k = Tlb.tag(at);
                        if (reads[k] == (at + 1 & PAGE_MASK)) {
                            x[rd] = HostMemory.getShort(at + reads[k + 1]);
                        } else {
                            x[rd] = (short) load(at, 2, base, i, left);
                            left = engine.left;
                        }
                    }
                    case Op.LW -> {
                        long at = x[a] + imm;
                        int k = Tlb.tag(at);
                        if (reads[k] == (at + 3 & PAGE_MASK)) {
                            x[rd] = HostMemory.getInt(at + reads[k + 1]);
                        } else {
                            x[rd] = (int) load(at, 4, base, i, left);
                            left = engine.left;
                        }
                    }
                    case Op.LD -> {
                        long at = x[a] + imm;
                        int k = Tlb.tag(at);
                        if (reads[k] == (at + 7 & PAGE_MASK)) {
                            x[rd] = HostMemory.getLong(at + reads[k + 1]);
                        } else {
                            x[rd] = load(at, 8, base, i, left);
                            left = engine.left;
                        }
                    }
                    case Op.LBU -> {
                        long at = x[a] + imm;
                        int k = Tlb.tag(at);
                        if (reads[k] == (at & PAGE_MASK)) {
                            x[rd] = HostMemory.getByte(at + reads[k + 1]) & 0xFF;
                        } else {
                            x[rd] = load(at, 1, base, i, left);
                            left = engine.left;
                        }
                    }
                    case Op.LHU -> {
                        long at = x[a] + imm;
                        int k = Tlb.tag(at);
                        if (reads[k] == (at + 1 & PAGE_MASK)) {
                            x[rd] = HostMemory.getShort(at + reads[k + 1]) & 0xFFFF;
                        } else {
                            x[rd] = load(at, 2, base, i, left);
                            left = engine.left;
                        }
                    }
                    case Op.LWU -> {
                        long at = x[a] + imm;
                        int k = Tlb.tag(at);
                        if (reads[k] == (at + 3 & PAGE_MASK)) {
                            x[rd] = HostMemory.getInt(at + reads[k + 1]) & 0xFFFFFFFFL;
                        } else {
                            x[rd] = load(at, 4, base, i, left);
                            left = engine.left;
                        }
                    }
                    case Op.LOAD_X0 -> {
                        load(x[a] + imm, 1 << b, base, i, left);
                        left = engine.left;
                    }
                    case Op.SB -> {
                        long at = x[a] + imm;
                        int k = Tlb.tag(at);
                        if (writes[k] == (at & PAGE_MASK)) {
                            long host = at + writes[k + 1];
                            HostMemory.putByte(host, (byte) x[b]);
                            if (cards) {
                                engine.path.mark(host, 1);
                            }
                        } else {
                            store(at, 1, x[b], base, i, left);
                            left = engine.left;
                        }
                    }
                    case Op.SH -> {
                        long at = x[a] + imm;
                        int k = Tlb.tag(at);
                        if (writes[k] == (at + 1 & PAGE_MASK)) {
                            long host = at + writes[k + 1];
                            HostMemory.putShort(host, (short) x[b]);
                            if (cards) {
                                engine.path.mark(host, 2);
                            }
                        } else {
                            store(at, 2, x[b], base, i, left);
                            left = engine.left;
                        }
                    }
                    case Op.SW -> {
                        long at = x[a] + imm;
                        int k = Tlb.tag(at);
                        if (writes[k] == (at + 3 & PAGE_MASK)) {
                            long host = at + writes[k + 1];
                            HostMemory.putInt(host, (int) x[b]);
                            if (cards) {
                                engine.path.mark(host, 4);
                            }
                        } else {
                            store(at, 4, x[b], base, i, left);
                            left = engine.left;
                        }
                    }
                    case Op.SD -> {
                        long at = x[a] + imm;
                        int k = Tlb.tag(at);
                        if (writes[k] == (at + 7 & PAGE_MASK)) {
                            long host = at + writes[k + 1];
                            HostMemory.putLong(host, x[b]);
                            if (cards) {
                                engine.path.mark(host, 8);
                            }
                        } else {
                            store(at, 8, x[b], base, i, left);
                            left = engine.left;
                        }
                    }
                    case Op.BEQ -> {
                        if (x[a] == x[b]) {
                            target = base + (i << 1) + imm;
                            break straight;
                        }
                    }
                    case Op.BNE -> {
                        if (x[a] != x[b]) {
                            target = base + (i << 1) + imm;
                            break straight;
                        }
                    }
                    case Op.BLT -> {
                        if (x[a] < x[b]) {
                            target = base + (i << 1) + imm;
                            break straight;
                        }
                    }
                    case Op.BGE -> {
                        if (x[a] >= x[b]) {
                            target = base + (i << 1) + imm;
                            break straight;
                        }
                    }
                    case Op.BLTU -> {
                        if (Long.compareUnsigned(x[a], x[b]) < 0) {
                            target = base + (i << 1) + imm;
                            break straight;
                        }
                    }
                    case Op.BGEU -> {
                        if (Long.compareUnsigned(x[a], x[b]) >= 0) {
                            target = base + (i << 1) + imm;
                            break straight;
                        }
                    }
                    case Op.J -> {
                        target = base + (i << 1) + imm;
                        break straight;
                    }
                    case Op.JAL -> {
                        x[rd] = base + (i + Insn.halfwords(w) << 1);
                        target = base + (i << 1) + imm;
                        break straight;
                    }
                    case Op.JR -> {
                        target = x[a] + imm & -2;
                        break straight;
                    }
                    case Op.JALR -> {
                        target = x[a] + imm & -2;
                        x[rd] = base + (i + Insn.halfwords(w) << 1);
                        break straight;
                    }
                    case Op.FLD -> {
                        long at = x[a] + imm;
                        int k = Tlb.tag(at);
                        if (unit != FloatingUnit.CARE && reads[k] == (at + 7 & PAGE_MASK)) {
                            f[rd] = HostMemory.getLong(at + reads[k + 1]);
                        } else {
                            unit = floatingAccess(w, page, base, i, left);
                            left = engine.left;
                        }
                    }
                    case Op.FLW -> {
                        long at = x[a] + imm;
                        int k = Tlb.tag(at);
                        if (unit != FloatingUnit.CARE && reads[k] == (at + 3 & PAGE_MASK)) {
                            f[rd] = HostMemory.getInt(at + reads[k + 1]) | BOX;
                        } else {
                            unit = floatingAccess(w, page, base, i, left);
                            left = engine.left;
                        }
                    }
                    case Op.FSD -> {
                        long at = x[a] + imm;
                        int k = Tlb.tag(at);
                        if (unit != FloatingUnit.CARE && writes[k] == (at + 7 & PAGE_MASK)) {
                            long host = at + writes[k + 1];
                            HostMemory.putLong(host, f[b]);
                            if (cards) {
                                engine.path.mark(host, 8);
                            }
                        } else {
                            unit = floatingAccess(w, page, base, i, left);
                            left = engine.left;
                        }
                    }
                    case Op.FSW -> {
                        long at = x[a] + imm;
                        int k = Tlb.tag(at);
                        if (unit != FloatingUnit.CARE && writes[k] == (at + 3 & PAGE_MASK)) {
                            long host = at + writes[k + 1];
                            HostMemory.putInt(host, (int) f[b]);
                            if (cards) {
                                engine.path.mark(host, 4);
                            }
                        } else {
                            unit = floatingAccess(w, page, base, i, left);
                            left = engine.left;
                        }
                    }
                    case Op.FADD_D -> {
                        double r = dual(f[a]) + dual(f[b]);
                        if (unit == FloatingUnit.NEAREST && finite(r)) {
                            f[rd] = Double.doubleToRawLongBits(r);
                        } else {
                            unit = floating(w, base, i, left);
                        }
                    }
                    case Op.FSUB_D -> {
                        double r = dual(f[a]) - dual(f[b]);
                        if (unit == FloatingUnit.NEAREST && finite(r)) {
                            f[rd] = Double.doubleToRawLongBits(r);
                        } else {
                            unit = floating(w, base, i, left);
                        }
                    }
                    case Op.FMUL_D -> {
                        double r = dual(f[a]) * dual(f[b]);
                        if (unit == FloatingUnit.NEAREST && normal(r)) {
                            f[rd] = Double.doubleToRawLongBits(r);
                        } else {
                            unit = floating(w, base, i, left);
                        }
                    }
                    case Op.FDIV_D -> {
                        double r = dual(f[a]) / dual(f[b]);
                        if (unit == FloatingUnit.NEAREST && normal(r)) {
                            f[rd] = Double.doubleToRawLongBits(r);
                        } else {
                            unit = floating(w, base, i, left);
                        }
                    }
                    case Op.FSQRT_D -> {
                        double r = Math.sqrt(dual(f[a]));
                        if (unit == FloatingUnit.NEAREST && normal(r)) {
                            f[rd] = Double.doubleToRawLongBits(r);
                        } else {
                            unit = floating(w, base, i, left);
                        }
                    }
                    case Op.FMADD_D -> {
                        double r = Math.fma(dual(f[a]), dual(f[b]), dual(f[Insn.rs3(w)]));
                        if (unit == FloatingUnit.NEAREST && normal(r)) {
                            f[rd] = Double.doubleToRawLongBits(r);
                        } else {
                            unit = floating(w, base, i, left);
                        }
                    }
                    case Op.FMSUB_D -> {
                        double r = Math.fma(dual(f[a]), dual(f[b]), -dual(f[Insn.rs3(w)]));
                        if (unit == FloatingUnit.NEAREST && normal(r)) {
                            f[rd] = Double.doubleToRawLongBits(r);
                        } else {
                            unit = floating(w, base, i, left);
                        }
                    }
                    case Op.FNMSUB_D -> {
                        double r = Math.fma(-dual(f[a]), dual(f[b]), dual(f[Insn.rs3(w)]));
                        if (unit == FloatingUnit.NEAREST && normal(r)) {
                            f[rd] = Double.doubleToRawLongBits(r);
                        } else {
                            unit = floating(w, base, i, left);
                        }
                    }
                    case Op.FNMADD_D -> {
                        double r = Math.fma(-dual(f[a]), dual(f[b]), -dual(f[Insn.rs3(w)]));
                        if (unit == FloatingUnit.NEAREST && normal(r)) {
                            f[rd] = Double.doubleToRawLongBits(r);
                        } else {
                            unit = floating(w, base, i, left);
                        }
                    }
                    case Op.FADD_S -> {
                        float r = single(f[a]) + single(f[b]);
                        if (unit == FloatingUnit.NEAREST && finite(r) && boxed(f[a] & f[b])) {
                            f[rd] = Float.floatToRawIntBits(r) | BOX;
                        } else {
                            unit = floating(w, base, i, left);
                        }
                    }
                    case Op.FSUB_S -> {
                        float r = single(f[a]) - single(f[b]);
                        if (unit == FloatingUnit.NEAREST && finite(r) && boxed(f[a] & f[b])) {
                            f[rd] = Float.floatToRawIntBits(r) | BOX;
                        } else {
                            unit = floating(w, base, i, left);
                        }
                    }
                    case Op.FMUL_S -> {
                        float r = single(f[a]) * single(f[b]);
                        if (unit == FloatingUnit.NEAREST && normal(r) && boxed(f[a] & f[b])) {
                            f[rd] = Float.floatToRawIntBits(r) | BOX;
                        } else {
                            unit = floating(w, base, i, left);
                        }
                    }
                    case Op.FDIV_S -> {
                        float r = single(f[a]) / single(f[b]);
                        if (unit == FloatingUnit.NEAREST && normal(r) && boxed(f[a] & f[b])) {
                            f[rd] = Float.floatToRawIntBits(r) | BOX;
                        } else {
                            unit = floating(w, base, i, left);
                        }
                    }
                    case Op.FMADD_S -> {
                        float r = Math.fma(single(f[a]), single(f[b]), single(f[Insn.rs3(w)]));
                        if (unit == FloatingUnit.NEAREST && normal(r) && boxed(f[a] & f[b] & f[Insn.rs3(w)])) {
                            f[rd] = Float.floatToRawIntBits(r) | BOX;
                        } else {
                            unit = floating(w, base, i, left);
                        }
                    }
                    case Op.FSGNJ_D -> {
                        if (unit != FloatingUnit.CARE) {
                            f[rd] = f[a] & ~Long.MIN_VALUE | f[b] & Long.MIN_VALUE;
                        } else {
                            unit = floating(w, base, i, left);
                        }
                    }
                    case Op.FSGNJN_D -> {
                        if (unit != FloatingUnit.CARE) {
                            f[rd] = f[a] & ~Long.MIN_VALUE | ~f[b] & Long.MIN_VALUE;
                        } else {
                            unit = floating(w, base, i, left);
                        }
                    }
                    case Op.FSGNJX_D -> {
                        if (unit != FloatingUnit.CARE) {
                            f[rd] = f[a] ^ f[b] & Long.MIN_VALUE;
                        } else {
                            unit = floating(w, base, i, left);
                        }
                    }
                    case Op.FMV_D_X -> {
                        if (unit != FloatingUnit.CARE) {
                            f[rd] = x[a];
                        } else {
                            unit = floating(w, base, i, left);
                        }
                    }
                    case Op.FEQ_D -> {
                        double l = dual(f[a]);
                        double r = dual(f[b]);
                        if (unit != FloatingUnit.CARE && !Double.isNaN(l) && !Double.isNaN(r)) {
                            x[rd] = l == r ? 1 : 0;
                        } else {
                            unit = floating(w, base, i, left);
                        }
                    }
                    case Op.FLT_D -> {
                        double l = dual(f[a]);
                        double r = dual(f[b]);
                        if (unit != FloatingUnit.CARE && !Double.isNaN(l) && !Double.isNaN(r)) {
                            x[rd] = l < r ? 1 : 0;
                        } else {
                            unit = floating(w, base, i, left);
                        }
                    }
                    case Op.FLE_D -> {
                        double l = dual(f[a]);
                        double r = dual(f[b]);
                        if (unit != FloatingUnit.CARE && !Double.isNaN(l) && !Double.isNaN(r)) {
                            x[rd] = l <= r ? 1 : 0;
                        } else {
                            unit = floating(w, base, i, left);
                        }
                    }
                    case Op.FMV_X_D -> {
                        if (unit != FloatingUnit.CARE) {
                            x[rd] = f[a];
                        } else {
                            unit = floating(w, base, i, left);
                        }
                    }
                    case Op.FCVT_D_W -> {
                        if (unit == FloatingUnit.NEAREST) {
                            f[rd] = Double.doubleToRawLongBits((int) x[a]);
                        } else {
                            unit = floating(w, base, i, left);
                        }
                    }
                    case Op.FP -> unit = floating(w, base, i, left);
                    case Op.FENCE -> VarHandle.fullFence();
                    case Op.LR, Op.SC, Op.AMO -> {
                        sync(base, i, left);
                        engine.atomic(w);
                    }
                    default -> {
                        sync(base, i, left);
                        engine.system(w);
                        return;
                    }
                }
                i += Insn.halfwords(w);
                if (--left == 0) {
                    sync(base, i, 0);
                    return;
                }
                w = code[i];
            }
            boolean head = patience < 0 || patience != 0 && (((int) w & 255) >= Op.J || target <= base + (i << 1)) && isHead(w, i, page, target, patience);
            left--;
            if (left == 0 || hart.attention()) {
                hart.pc = target;
                engine.left = left;
                return;
            }
            if ((target & PAGE_MASK) != base) {
                hart.pc = target;
                engine.left = left;
                page = engine.page();
                left = engine.left;
                code = page.code;
                base = target & PAGE_MASK;
            }
            i = (int) target >>> 1 & LAST;
            if (head && page.profile(Math.abs(patience)).visit(i)) {
                sync(base, i, left);
                return;
            }
            w = code[i];
        }
    }

    /** Whether what is reached by this jump, which is one backward, a call or an indirect one, may be a head; notes where it leads. */
    private static boolean isHead(long w, int i, CodePage page, long target, int patience) {
        int op = Insn.op(w);
        if (op == Op.JALR || op == Op.JR && Insn.rs1(w) != RA) {
            page.profile(patience).jump(i, target);
        }
        return op != Op.J || Insn.imm(w) <= 0;
    }

    private void sync(long base, int i, int left) {
        hart.pc = base + (i << 1);
        engine.left = left;
    }

    private long load(long address, int size, long base, int i, int left) {
        sync(base, i, left);
        return engine.path.load(address, size);
    }

    private void store(long address, int size, long value, long base, int i, int left) {
        sync(base, i, left);
        engine.path.store(address, size, value);
    }

    /** @return the new {@link FloatingUnit} */
    private int floating(long w, long base, int i, int left) {
        sync(base, i, left);
        engine.floating(w);
        return FloatingUnit.of(hart);
    }

    /** @return the new {@link FloatingUnit} */
    private int floatingAccess(long w, CodePage page, long base, int i, int left) {
        sync(base, i, left);
        engine.floatingAccess(w, FloatingPoint.isOff(hart) ? bits(w, page, i) : 0);
        return FloatingUnit.of(hart);
    }

    /** The instruction's own bits. */
    private long bits(long w, CodePage page, int i) {
        if (Insn.halfwords(w) == 1) {
            return page.halfword(i);
        }
        int high = i == LAST ? engine.codes.page(hart.pc + 2).halfword(0) : page.halfword(i + 1);
        return page.halfword(i) | (long) high << 16;
    }
}
