package tidemark.cpu.nativecode.x86;

import static tidemark.cpu.nativecode.x86.Register.RAX;
import static tidemark.cpu.nativecode.x86.Register.RCX;

import tidemark.cpu.nativecode.guest.Floating;
import tidemark.cpu.nativecode.guest.Frame;
import tidemark.interpreter.FloatingUnit;

/**
 * The F and D extensions except loads and stores, by SSE2 and FMA: the control register collects the flags as RISC-V does (both find out
 * whether a result is tiny after rounding). What differs is mended: NaNs are canonical; where x86 has no result, or another flag, the
 * interpreter has the instruction.
 */
final class FloatingTemplates {
    private static final long NAN_DUAL = 0x7FF8000000000000L;
    private static final long NAN_SINGLE = 0xFFFFFFFF_7FC00000L;
    private static final int BOX = -1;
    /** The template's own. */
    private static final int XMM0 = 0;
    private static final int XMM1 = 1;
    private static final int[] FUSED = {Encoder.VFMADD, Encoder.VFMSUB, Encoder.VFNMADD, Encoder.VFNMSUB};

    private final Body body;
    private final Encoder e;
    private final RegisterCache x;
    private final RegisterCache f;
    private final Features features;

    FloatingTemplates(Body body, Features features) {
        this.body = body;
        this.features = features;
        e = body.e;
        x = body.x;
        f = body.f;
    }

    /** @return false, and nothing is written, if there is no template */
    boolean write(Floating i) {
        if (i.fused()) {
            return features.fma() && i.nearest() && fused(i);
        }
        return switch (i.funct5()) {
            case Floating.ADD -> i.nearest() && arithmetic(i, Encoder.FADD, true);
            case Floating.SUBTRACT -> i.nearest() && arithmetic(i, Encoder.FSUB, false);
            case Floating.MULTIPLY -> i.nearest() && arithmetic(i, Encoder.FMUL, true);
            case Floating.DIVIDE -> i.nearest() && arithmetic(i, Encoder.FDIV, false);
            case Floating.ROOT -> i.nearest() && root(i);
            case Floating.SIGN -> sign(i);
            case Floating.EXTREME -> extreme(i);
            case Floating.RESIZE -> (i.dual() || i.nearest()) && resize(i);
            case Floating.COMPARE -> compare(i);
            case Floating.TO_INTEGER -> isSigned(i) && i.rd() != 0 && (i.nearest() || i.rm() == Floating.TOWARDS_ZERO) && toInteger(i);
            case Floating.FROM_INTEGER -> i.rs2() != 3 && i.nearest() && fromInteger(i);
            case Floating.MOVE_TO_X -> i.rm() == 0 && moveToX(i);
            case Floating.MOVE_FROM_X -> moveFromX(i);
            default -> false;
        };
    }

    private static boolean isSigned(Floating i) {
        return (i.rs2() & 1) == 0;
    }

    // ---- Operands and results

    /** A miss unless a register holds a NaN-boxed single, or doubles are meant. */
    private void boxed(boolean dual, int register) {
        if (!dual && !body.isBoxed(register)) {
            e.moveFromFloat(true, RAX, f.use(register));
            e.shift(Encoder.SHR, true, RAX, 32);
            e.arithmeticConstant(Encoder.CMP, false, RAX, BOX);
            body.missIf(Condition.NOT_EQUAL);
        }
    }

    /** Makes a NaN the canonical one. */
    private void canonical(boolean dual, int result) {
        e.compareFloat(dual, false, result, result);
        int isNaN = e.jumpIf(Condition.PARITY, 0);
        int end = e.length();
        body.cold(() -> {
            e.land(isNaN);
            e.constant(RAX, dual ? NAN_DUAL : NAN_SINGLE);
            e.moveToFloat(true, result, RAX);
            e.jump(end - e.length() - 5);
        });
    }

    private void move(int to, int from) {
        if (to != from) {
            e.moveFloat(to, from);
        }
    }

    // ---- Arithmetic

    private boolean arithmetic(Floating i, int operation, boolean commutative) {
        int a = f.use(i.rs1());
        int b = f.use(i.rs2());
        body.require(Frame.ARMED);
        boxed(i.dual(), i.rs1());
        boxed(i.dual(), i.rs2());
        int to = f.define(i.rd());
        if (to == b && commutative) {
            e.scalar(operation, i.dual(), to, a);
        } else if (to == b) {
            e.moveFloat(XMM0, a);
            e.scalar(operation, i.dual(), XMM0, b);
            e.moveFloat(to, XMM0);
        } else {
            move(to, a);
            e.scalar(operation, i.dual(), to, b);
        }
        canonical(i.dual(), to);
        body.setBoxed(i.rd(), !i.dual());
        return true;
    }

    private boolean root(Floating i) {
        int a = f.use(i.rs1());
        body.require(Frame.ARMED);
        boxed(i.dual(), i.rs1());
        int to = f.define(i.rd());
        move(to, a);
        e.scalar(Encoder.SQRT, i.dual(), to, to);
        canonical(i.dual(), to);
        body.setBoxed(i.rd(), !i.dual());
        return true;
    }

    /** Zero times infinity plus NaN is invalid for RISC-V alone: NaNs are the interpreter's. */
    private boolean fused(Floating i) {
        int a = f.use(i.rs1());
        int b = f.use(i.rs2());
        int c = f.use(i.rs3());
        body.require(Frame.ARMED);
        boxed(i.dual(), i.rs1());
        boxed(i.dual(), i.rs2());
        boxed(i.dual(), i.rs3());
        e.moveFloat(XMM0, c);
        e.fused(FUSED[i.kind()], i.dual(), XMM0, a, b);
        e.compareFloat(i.dual(), false, XMM0, XMM0);
        body.missIf(Condition.PARITY);
        e.moveFloat(f.define(i.rd()), XMM0);
        body.setBoxed(i.rd(), !i.dual());
        return true;
    }

    /** Of zeros, the minimum is the one with a sign, the maximum the one without: x86 has the second operand. */
    private boolean extreme(Floating i) {
        int a = f.use(i.rs1());
        int b = f.use(i.rs2());
        body.require(Frame.ARMED);
        boxed(i.dual(), i.rs1());
        boxed(i.dual(), i.rs2());
        e.compareFloat(i.dual(), false, a, b);
        body.missIf(Condition.PARITY);
        int operation = i.rm() == 0 ? Encoder.FMIN : Encoder.FMAX;
        e.moveFloat(XMM0, a);
        e.scalar(operation, i.dual(), XMM0, b);
        e.moveFloat(XMM1, b);
        e.scalar(operation, i.dual(), XMM1, a);
        if (i.rm() == 0) {
            e.orFloat(XMM0, XMM1);
        } else {
            e.andFloat(XMM0, XMM1);
        }
        e.moveFloat(f.define(i.rd()), XMM0);
        body.setBoxed(i.rd(), !i.dual());
        return true;
    }

    // ---- Moves and comparisons

    private boolean sign(Floating i) {
        int a = f.use(i.rs1());
        int b = f.use(i.rs2());
        body.require(FloatingUnit.DIRTY);
        boxed(i.dual(), i.rs1());
        boxed(i.dual(), i.rs2());
        if (i.rs1() == i.rs2() && i.rm() == 0) {
            move(f.define(i.rd()), a);
        } else {
            mix(i, a, b);
            e.moveToFloat(true, f.define(i.rd()), RAX);
        }
        body.setBoxed(i.rd(), !i.dual());
        return true;
    }

    /** RAX = a with the sign that b gives. */
    private void mix(Floating i, int a, int b) {
        int bit = i.dual() ? 63 : 31;
        e.moveFromFloat(true, RAX, a);
        e.moveFromFloat(true, RCX, b);
        if (i.rm() == 1) {
            e.unary(Encoder.NOT, true, RCX);
        }
        if (i.rm() != 2) {
            // the difference of the signs is what changes
            e.arithmetic(Encoder.XOR, true, RCX, RAX);
        }
        e.shift(Encoder.SHR, i.dual(), RCX, bit);
        e.shift(Encoder.SHL, true, RCX, bit);
        e.arithmetic(Encoder.XOR, true, RAX, RCX);
    }

    private boolean compare(Floating i) {
        int a = f.use(i.rs1());
        int b = f.use(i.rs2());
        body.require(Frame.ARMED);
        boxed(i.dual(), i.rs1());
        boxed(i.dual(), i.rs2());
        if (i.rm() == 2) {
            e.compareFloat(i.dual(), false, a, b);
            e.setIf(Condition.EQUAL, RAX);
            e.setIf(Condition.NO_PARITY, RCX);
            e.arithmetic(Encoder.AND, false, RAX, RCX);
        } else {
            e.compareFloat(i.dual(), true, b, a);
            e.setIf(i.rm() == 1 ? Condition.ABOVE : Condition.ABOVE_OR_EQUAL, RAX);
        }
        if (i.rd() != 0) {
            e.zeroExtend8(x.define(i.rd()), RAX);
        }
        return true;
    }

    private boolean moveToX(Floating i) {
        int a = f.use(i.rs1());
        body.require(FloatingUnit.DIRTY);
        if (i.rd() != 0) {
            int to = x.define(i.rd());
            e.moveFromFloat(i.dual(), to, a);
            if (!i.dual()) {
                e.signExtend32(to, to);
            }
        }
        return true;
    }

    private boolean moveFromX(Floating i) {
        int a = x.use(i.rs1());
        body.require(FloatingUnit.DIRTY);
        int to = f.define(i.rd());
        e.moveToFloat(i.dual(), to, a);
        box(i, to);
        return true;
    }

    private void box(Floating i, int to) {
        if (!i.dual()) {
            e.ones(XMM1);
            e.interleave(to, XMM1);
        }
        body.setBoxed(i.rd(), !i.dual());
    }

    // ---- Conversions

    private boolean resize(Floating i) {
        int a = f.use(i.rs1());
        body.require(Frame.ARMED);
        boxed(!i.dual(), i.rs1());
        int to = f.define(i.rd());
        e.resize(!i.dual(), to, a);
        box(i, to);
        canonical(i.dual(), to);
        return true;
    }

    /** To W and L. What x86 has for results that there are not is also one that there is: it is the interpreter's. */
    private boolean toInteger(Floating i) {
        boolean w = i.rs2() == 2;
        int a = f.use(i.rs1());
        body.require(Frame.ARMED);
        boxed(i.dual(), i.rs1());
        e.toInteger(i.dual(), i.rm() != Floating.TOWARDS_ZERO, w, RAX, a);
        e.constant(RCX, w ? Long.MIN_VALUE : Integer.MIN_VALUE & 0xFFFFFFFFL);
        e.arithmetic(Encoder.CMP, w, RAX, RCX);
        body.missIf(Condition.EQUAL);
        int to = x.define(i.rd());
        if (w) {
            e.mov(true, to, RAX);
        } else {
            e.signExtend32(to, RAX);
        }
        return true;
    }

    /** From W, WU and L. */
    private boolean fromInteger(Floating i) {
        int a = x.use(i.rs1());
        body.require(Frame.ARMED);
        int to = f.define(i.rd());
        if (i.rs2() == 1) {
            e.mov(false, RAX, a);
            e.fromInteger(i.dual(), true, to, RAX);
        } else {
            e.fromInteger(i.dual(), i.rs2() == 2, to, a);
        }
        box(i, to);
        return true;
    }
}
