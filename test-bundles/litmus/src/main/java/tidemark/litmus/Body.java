package tidemark.litmus;

import static tidemark.testkit.Reg.A2;
import static tidemark.testkit.Reg.A4;
import static tidemark.testkit.Reg.S0;
import static tidemark.testkit.Reg.T0;
import static tidemark.testkit.Reg.T1;
import static tidemark.testkit.Reg.T2;
import static tidemark.testkit.Reg.ZERO;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import tidemark.testkit.Assembler;
import tidemark.testkit.Op;

/**
 * What one hart does in a litmus test. Values are 1 and 2; what is loaded goes to result 0 or 1. Made by its methods, a step each, in program order.
 */
final class Body {
    // Sets of FENCE
    static final int R = 2;
    static final int W = 1;
    static final int RW = 3;
    // Ordering of atomics
    static final int RL = 1;
    static final int AQ = 2;
    static final int AQRL = 3;
    /** Instructions between the steps of a body whose order was changed: time for other harts to look. */
    private static final int PAUSE = 400;

    private final List<Consumer<Assembler>> steps = new ArrayList<>();

    /** Where the harness has the instance's variables; constants 1 and 2; where results are left; and what a step may use. */
    static final class Registers {
        static final int VARIABLES = S0;
        static final int ONE = A2;
        static final int RESULT = A4;

        private Registers() {}

        static int constant(int value) {
            return ONE + value - 1;
        }

        static int result(int index) {
            return RESULT + index;
        }
    }

    private Body step(Consumer<Assembler> step) {
        steps.add(step);
        return this;
    }

    private Body access(Op op, int register, Variable variable) {
        return step(asm -> asm.op(op, register, variable.offset(), Registers.VARIABLES));
    }

    Body store(Variable variable, int value) {
        return access(Op.SW, Registers.constant(value), variable);
    }

    Body load(int result, Variable variable) {
        return access(Op.LW, Registers.result(result), variable);
    }

    /** Of another width: the low bits of the value are looked at. */
    Body load(Op op, int result, Variable variable) {
        return access(op, Registers.result(result), variable);
    }

    /** Loads through another base register, which happens to lead to the same place. */
    Body loadByAlias(int result, Variable variable) {
        return step(asm -> asm.op(Op.ADDI, T2, Registers.VARIABLES, variable.offset()).op(Op.LW, Registers.result(result), 0, T2));
    }

    Body fence(int predecessors, int successors) {
        return step(asm -> asm.op(Op.FENCE, predecessors << 4 | successors));
    }

    Body fenceTso() {
        return step(asm -> asm.word(0x8330000F));
    }

    /** An AMO whose former value is not looked at. */
    Body amo(Op op, Variable variable, int value, int ordering) {
        return atomic(op, T1, Registers.constant(value), variable, ordering);
    }

    /** Loads by an AMO that changes nothing. */
    Body amoLoad(int result, Variable variable, int ordering) {
        return atomic(Op.AMOOR_W, Registers.result(result), ZERO, variable, ordering);
    }

    private Body atomic(Op op, int rd, int rs2, Variable variable, int ordering) {
        return step(asm -> asm.op(Op.ADDI, T2, Registers.VARIABLES, variable.offset()).op(op, rd, rs2, T2, ordering));
    }

    Body loadReserved(int result, Variable variable, int ordering) {
        return step(asm -> asm.op(Op.ADDI, T2, Registers.VARIABLES, variable.offset()).op(Op.LR_W, Registers.result(result), T2, ordering));
    }

    /** Stores by LR and SC, again until it succeeds. */
    Body storeConditional(Variable variable, int value, int ordering) {
        return step(asm -> {
            String again = "again" + asm.here();
            asm.op(Op.ADDI, T2, Registers.VARIABLES, variable.offset()).label(again).op(Op.LR_W, T1, T2, ordering & AQ)
                    .op(Op.SC_W, T1, Registers.constant(value), T2, ordering & RL).op(Op.BNE, T1, ZERO, again);
        });
    }

    /** Stores a value that depends on a result. */
    Body storeAfterData(Variable variable, int value, int result) {
        return step(asm -> asm.op(Op.XOR, T0, Registers.result(result), Registers.result(result)).op(Op.ADDI, T0, T0, value)
                .op(Op.SW, T0, variable.offset(), Registers.VARIABLES));
    }

    /** Stores behind a branch that depends on a result. */
    Body storeAfterControl(Variable variable, int value, int result) {
        return step(asm -> {
            String behind = "behind" + asm.here();
            asm.op(Op.BNE, Registers.result(result), ZERO, behind).label(behind).op(Op.SW, Registers.constant(value), variable.offset(), Registers.VARIABLES);
        });
    }

    /** Loads from an address that depends on a result. */
    Body loadAfterAddress(int result, Variable variable, int earlier) {
        return step(asm -> asm.op(Op.XOR, T0, Registers.result(earlier), Registers.result(earlier)).op(Op.ADD, T0, T0, Registers.VARIABLES)
                .op(Op.LW, Registers.result(result), variable.offset(), T0));
    }

    /** A load or store of another width: the value is 1 or 2 in every byte. */
    Body wide(Op op, int valueOrResult, Variable variable) {
        return step(asm -> {
            if (op == Op.SD) {
                asm.li(T0, 0x0101_0101_0101_0101L * valueOrResult).op(op, T0, variable.offset(), Registers.VARIABLES);
            } else {
                spread(asm, op, Registers.result(valueOrResult), variable);
            }
        });
    }

    /** The highest byte if all bytes are the same, else 3. */
    private static void spread(Assembler asm, Op op, int result, Variable variable) {
        String same = "same" + asm.here();
        asm.op(op, result, variable.offset(), Registers.VARIABLES).op(Op.SRLI, T0, result, 56).li(T1, 0x0101_0101_0101_0101L).op(Op.MUL, T1, T1, T0)
                .op(Op.XOR, T1, T1, result).mv(result, T0).op(Op.BEQ, T1, ZERO, same).li(result, 3).label(same);
    }

    void emit(Assembler asm) {
        steps.forEach(step -> step.accept(asm));
    }

    /** The same steps in the opposite order, with time between them: what an engine that reorders them would do. */
    Body reversed() {
        Body reversed = new Body();
        List<Consumer<Assembler>> order = new ArrayList<>(steps);
        Collections.reverse(order);
        for (Consumer<Assembler> step : order) {
            reversed.step(step).step(Body::pause);
        }
        return reversed;
    }

    private static void pause(Assembler asm) {
        String loop = "pause" + asm.here();
        asm.li(T0, PAUSE).label(loop).op(Op.ADDI, T0, T0, -1).op(Op.BNE, T0, ZERO, loop);
    }
}
