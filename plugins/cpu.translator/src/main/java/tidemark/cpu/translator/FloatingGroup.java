package tidemark.cpu.translator;

import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import tidemark.interpreter.FloatingUnit;
import tidemark.riscv.Op;

/**
 * Writes the F and D extensions except loads and stores, for a unit that is {@link FloatingUnit#NEAREST} or, if it only moves and compares,
 * {@link FloatingUnit#DIRTY}. Where an operation would raise another flag than inexact, or yield NaN, it is a miss.
 */
final class FloatingGroup {
    private static final long BOX = 0xFFFFFFFF_00000000L;
    private static final long SIGN = Long.MIN_VALUE;
    private static final int DYNAMIC = 7;
    private static final int NEAREST_EVEN = 0;
    private static final int TOWARDS_ZERO = 1;

    /** Which registers an instruction reads and writes, a bit for each. */
    record Use(int readsX, int writesX, int readsF, int writesF) {}

    private final Body body;
    private final CodeBuilder code;

    FloatingGroup(Body body) {
        this.body = body;
        code = body.code;
    }

    // What an instruction that the decoder left as it is means

    private static int funct5(Instruction i) {
        return i.imm() >>> 27;
    }

    private static boolean isDual(Instruction i) {
        return (i.imm() >>> 25 & 1) == 1;
    }

    private static int rounding(Instruction i) {
        return i.imm() >>> 12 & 7;
    }

    private static boolean isFused(Instruction i) {
        return (i.imm() & 0x7F) != 0x53;
    }

    private static boolean roundsToNearest(Instruction i) {
        return rounding(i) == NEAREST_EVEN || rounding(i) == DYNAMIC;
    }

    /** Of the instructions {@link Op#FP}, those that are translated. */
    static boolean translates(Instruction i) {
        if (isFused(i)) {
            return false;
        }
        return switch (funct5(i)) {
            case 5 -> isDual(i);
            case 8 -> isDual(i) || roundsToNearest(i);
            case 24 -> isDual(i) && i.rd() != 0 && i.rs2() != 3 && (roundsToNearest(i) || rounding(i) == TOWARDS_ZERO);
            case 26 -> isDual(i) && (i.rs2() == 1 || i.rs2() == 2 && roundsToNearest(i));
            case 28 -> rounding(i) == 0 && !isDual(i) && i.rd() != 0;
            case 30 -> true;
            default -> false;
        };
    }

    static Use use(Instruction i) {
        int rd = 1 << i.rd();
        int rs1 = 1 << i.rs1();
        int rs2 = 1 << i.rs2();
        return switch (i.op()) {
            case Op.FSQRT_D -> new Use(0, 0, rs1, rd);
            case Op.FMADD_D, Op.FMSUB_D, Op.FNMSUB_D, Op.FNMADD_D, Op.FMADD_S -> new Use(0, 0, rs1 | rs2 | 1 << i.rs3(), rd);
            case Op.FEQ_D, Op.FLT_D, Op.FLE_D -> new Use(0, rd, rs1 | rs2, 0);
            case Op.FMV_X_D -> new Use(0, rd, rs1, 0);
            case Op.FMV_D_X, Op.FCVT_D_W -> new Use(rs1, 0, 0, rd);
            case Op.FP -> switch (funct5(i)) {
                case 5 -> new Use(0, 0, rs1 | rs2, rd);
                case 8 -> new Use(0, 0, rs1, rd);
                case 24, 28 -> new Use(0, rd, rs1, 0);
                default -> new Use(rs1, 0, 0, rd);
            };
            default -> new Use(0, 0, rs1 | rs2, rd);
        };
    }

    /** What state the unit must be in for an instruction; {@link FloatingUnit#CARE} for one without floating point. */
    static int unit(Instruction i) {
        return switch (i.op()) {
            case Op.FLW, Op.FLD, Op.FSW, Op.FSD, Op.FSGNJ_D, Op.FSGNJN_D, Op.FSGNJX_D, Op.FEQ_D, Op.FLT_D, Op.FLE_D, Op.FMV_X_D, Op.FMV_D_X ->
                FloatingUnit.DIRTY;
            default -> i.op() >= Op.FADD_D && i.op() <= Op.FP ? FloatingUnit.NEAREST : FloatingUnit.CARE;
        };
    }

    void write(Instruction i) {
        switch (i.op()) {
            case Op.FADD_D -> {
                pair(i).dadd();
                body.deferred.put(i);
            }
            case Op.FSUB_D -> {
                pair(i).dsub();
                body.deferred.put(i);
            }
            case Op.FMUL_D -> {
                pair(i).dmul();
                product(i);
            }
            case Op.FDIV_D -> {
                pair(i).ddiv();
                quotient(i);
            }
            case Op.FSQRT_D -> {
                body.f(i.rs1());
                body.call(Math.class, "sqrt", CD_double, CD_double);
                quotient(i);
            }
            case Op.FMADD_D -> fused(i, false, false);
            case Op.FMSUB_D -> fused(i, false, true);
            case Op.FNMSUB_D -> fused(i, true, false);
            case Op.FNMADD_D -> fused(i, true, true);
            case Op.FADD_S, Op.FSUB_S, Op.FMUL_S, Op.FDIV_S, Op.FMADD_S -> single(i);
            case Op.FSGNJ_D, Op.FSGNJN_D, Op.FSGNJX_D -> sign(i);
            case Op.FEQ_D, Op.FLT_D, Op.FLE_D -> compare(i);
            case Op.FMV_X_D -> {
                body.f(i.rs1());
                body.toBits();
                body.setX(i.rd());
            }
            case Op.FMV_D_X -> {
                body.x(i.rs1());
                body.toDouble();
                body.setF(i.rd());
            }
            case Op.FCVT_D_W -> {
                body.x(i.rs1());
                code.l2i().i2d();
                body.setF(i.rd());
            }
            default -> undecoded(i);
        }
    }

    private CodeBuilder pair(Instruction i) {
        body.f(i.rs1());
        body.f(i.rs2());
        return code;
    }

    private void fused(Instruction i, boolean negateProduct, boolean negateAddend) {
        body.f(i.rs1());
        if (negateProduct) {
            code.dneg();
        }
        body.f(i.rs2());
        body.f(i.rs3());
        if (negateAddend) {
            code.dneg();
        }
        body.call(Math.class, "fma", CD_double, CD_double, CD_double, CD_double);
        product(i);
    }

    // Results. Sums are exact where they are tiny, so they must only be finite

    /** Pops a product, or a sum with one; a miss unless it is exact or greater than the smallest normal number; whether it is finite is looked at later. */
    private void product(Instruction i) {
        code.dstore(Locals.RESULT);
        missIfSmall(() -> zeroFactor(i));
        code.dload(Locals.RESULT);
        body.deferred.put(i);
    }

    /** Pops a quotient or root; a miss unless it is exact, or greater than the smallest normal number and finite. */
    private void quotient(Instruction i) {
        code.dstore(Locals.RESULT);
        missIfSmall(() -> zero(i.rs1()));
        code.dload(Locals.RESULT);
        body.missUnlessFinite(body.miss());
        code.dload(Locals.RESULT);
        body.setF(i.rd());
    }

    /** @param exact pushes 0 if the result, should it be finite, is exact for a reason of its own */
    private void missIfSmall(Runnable exact) {
        Label good = code.newLabel();
        Label small = code.newLabel();
        Label miss = body.miss();
        code.dload(Locals.RESULT);
        body.call(Math.class, "abs", CD_double, CD_double);
        code.loadConstant(Double.MIN_NORMAL).dcmpg().ifle(small);
        code.labelBinding(good);
        body.cold(() -> {
            code.labelBinding(small);
            exact.run();
            code.ifeq(good).goto_(miss);
        });
    }

    private void zero(int register) {
        body.f(register);
        code.dconst_0().dcmpl();
    }

    /** Pushes 0 if one of the factors is zero: then the product is exact, and a sum with it, too. */
    private void zeroFactor(Instruction i) {
        Label end = code.newLabel();
        Label other = code.newLabel();
        zero(i.rs1());
        code.ifne(other).iconst_0().goto_(end);
        code.labelBinding(other);
        zero(i.rs2());
        code.labelBinding(end);
    }

    // Single precision

    private void single(Instruction i) {
        missUnlessBoxed(i.rs1());
        missUnlessBoxed(i.rs2());
        if (i.op() == Op.FMADD_S) {
            missUnlessBoxed(i.rs3());
        }
        pushSingle(i.rs1());
        pushSingle(i.rs2());
        switch (i.op()) {
            case Op.FADD_S -> code.fadd();
            case Op.FSUB_S -> code.fsub();
            case Op.FMUL_S -> code.fmul();
            case Op.FDIV_S -> code.fdiv();
            default -> {
                pushSingle(i.rs3());
                body.call(Math.class, "fma", CD_float, CD_float, CD_float, CD_float);
            }
        }
        setSingle(i, i.op() != Op.FADD_S && i.op() != Op.FSUB_S);
    }

    private void missUnlessBoxed(int register) {
        body.f(register);
        body.toBits();
        code.loadConstant(32).lshr().loadConstant(-1L).lcmp().ifne(body.miss());
    }

    /** Pushes a register's single, which is boxed. */
    private void pushSingle(int register) {
        body.f(register);
        body.toBits();
        code.l2i();
        body.call(Float.class, "intBitsToFloat", CD_float, CD_int);
    }

    /** Pops a single; a miss unless it is finite and, if that matters, greater than the smallest normal number. */
    private void setSingle(Instruction i, boolean normal) {
        code.f2d().dstore(Locals.RESULT).dload(Locals.RESULT);
        body.call(Math.class, "abs", CD_double, CD_double);
        code.dstore(Locals.MAGNITUDE).dload(Locals.MAGNITUDE).loadConstant((double) Float.MAX_VALUE).dcmpg().ifgt(body.miss());
        if (normal) {
            code.dload(Locals.MAGNITUDE).loadConstant((double) Float.MIN_NORMAL).dcmpg().ifle(body.miss());
        }
        code.dload(Locals.RESULT).d2f();
        body.call(Float.class, "floatToRawIntBits", CD_int, CD_float);
        box(i);
    }

    /** Pops 32 bits into a register. */
    private void box(Instruction i) {
        code.i2l().loadConstant(BOX).lor();
        body.toDouble();
        body.setF(i.rd());
    }

    // Moves and comparisons

    private void sign(Instruction i) {
        body.f(i.rs1());
        if (i.rs1() != i.rs2()) {
            body.toBits();
            mix(i);
            body.toDouble();
        } else if (i.op() == Op.FSGNJN_D) {
            code.dneg();
        } else if (i.op() == Op.FSGNJX_D) {
            body.call(Math.class, "abs", CD_double, CD_double);
        }
        body.setF(i.rd());
    }

    private void mix(Instruction i) {
        if (i.op() != Op.FSGNJX_D) {
            code.loadConstant(~SIGN).land();
        }
        body.f(i.rs2());
        body.toBits();
        if (i.op() == Op.FSGNJN_D) {
            code.loadConstant(-1L).lxor();
        }
        code.loadConstant(SIGN).land();
        if (i.op() == Op.FSGNJX_D) {
            code.lxor();
        } else {
            code.lor();
        }
    }

    private void compare(Instruction i) {
        missIfNaN(i.rs1());
        if (i.rs1() != i.rs2()) {
            missIfNaN(i.rs2());
        }
        Label yes = code.newLabel();
        Label end = code.newLabel();
        pair(i).dcmpg();
        switch (i.op()) {
            case Op.FEQ_D -> code.ifeq(yes);
            case Op.FLT_D -> code.iflt(yes);
            default -> code.ifle(yes);
        }
        code.lconst_0().goto_(end).labelBinding(yes).lconst_1().labelBinding(end);
        body.setX(i.rd());
    }

    private void missIfNaN(int register) {
        body.f(register);
        body.f(register);
        code.dcmpl().ifne(body.miss());
    }

    // Those that the decoder left as they are

    private void undecoded(Instruction i) {
        switch (funct5(i)) {
            case 5 -> extreme(i);
            case 8 -> resize(i);
            case 24 -> toInteger(i);
            case 26 -> fromInteger(i);
            case 28 -> {
                body.f(i.rs1());
                body.toBits();
                code.l2i().i2l();
                body.setX(i.rd());
            }
            default -> {
                body.x(i.rs1());
                code.l2i();
                box(i);
            }
        }
    }

    private void extreme(Instruction i) {
        missIfNaN(i.rs1());
        missIfNaN(i.rs2());
        pair(i);
        body.call(Math.class, rounding(i) == 0 ? "min" : "max", CD_double, CD_double, CD_double);
        body.setF(i.rd());
    }

    private void resize(Instruction i) {
        if (isDual(i)) {
            missUnlessBoxed(i.rs1());
            pushSingle(i.rs1());
            code.f2d().dstore(Locals.RESULT).dload(Locals.RESULT).dload(Locals.RESULT).dcmpl().ifne(body.miss());
            code.dload(Locals.RESULT);
            body.setF(i.rd());
        } else {
            body.f(i.rs1());
            code.d2f();
            setSingle(i, true);
        }
    }

    /** FCVT.W.D, FCVT.WU.D and FCVT.L.D; a miss where the result would not be the operand but for rounding. */
    private void toInteger(Instruction i) {
        missIfNaN(i.rs1());
        body.f(i.rs1());
        if (rounding(i) != TOWARDS_ZERO) {
            body.call(Math.class, "rint", CD_double, CD_double);
        }
        code.d2l().lstore(Locals.ADDRESS);
        switch (i.rs2()) {
            case 0 -> code.lload(Locals.ADDRESS).lload(Locals.ADDRESS).l2i().i2l().lcmp().ifne(body.miss());
            case 1 -> code.lload(Locals.ADDRESS).loadConstant(32).lushr().lconst_0().lcmp().ifne(body.miss());
            default -> {
                code.lload(Locals.ADDRESS).loadConstant(Long.MAX_VALUE).lcmp().ifeq(body.miss());
                code.lload(Locals.ADDRESS).loadConstant(Long.MIN_VALUE).lcmp().ifeq(body.miss());
            }
        }
        code.lload(Locals.ADDRESS);
        if (i.rs2() == 1) {
            code.l2i().i2l();
        }
        body.setX(i.rd());
    }

    private void fromInteger(Instruction i) {
        body.x(i.rs1());
        if (i.rs2() == 1) {
            code.loadConstant(0xFFFFFFFFL).land();
        }
        code.l2d();
        body.setF(i.rd());
    }
}
