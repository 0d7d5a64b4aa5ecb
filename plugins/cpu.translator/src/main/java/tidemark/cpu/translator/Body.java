package tidemark.cpu.translator;

import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;

/** A translated method while it is written: registers, ways out, and what is written behind the rest because it is seldom executed. */
final class Body {
    static final ClassDesc FRAME = Frame.class.describeConstable().orElseThrow();
    static final ClassDesc LONGS = CD_long.arrayType();
    private static final int REGISTERS = 32;

    final CodeBuilder code;
    final Locals locals;
    final Deferred deferred = new Deferred(this);
    private final Label leave;
    private final Label miss;
    private final ArrayDeque<Runnable> cold = new ArrayDeque<>();
    private final Map<Long, Label> exits = new LinkedHashMap<>();
    private long pc;
    private int ahead;
    private Label missHere;

    Body(CodeBuilder code, Locals locals) {
        this.code = code;
        this.locals = locals;
        leave = code.newLabel();
        miss = code.newLabel();
    }

    /** Writes the beginning: everything from the frame into local variables. */
    void enter(int cardShift) {
        field("left", CD_int).istore(Locals.LEFT);
        code.lconst_0().lstore(Locals.PC).lconst_0().lstore(Locals.ADDRESS).lconst_0().lstore(Locals.LAST);
        code.lconst_0().lstore(Locals.HOST).lconst_0().lstore(Locals.ENTRY).iconst_0().istore(Locals.EXIT);
        code.lconst_0().lstore(Locals.TAG).dconst_0().dstore(Locals.RESULT).dconst_0().dstore(Locals.MAGNITUDE);
        entries("reads", Locals.READS);
        entries("writes", Locals.WRITES);
        if (cardShift >= 0) {
            field("cards", CD_long).lstore(Locals.CARDS);
            field("ram", CD_long).lstore(Locals.RAM);
        }
        for (int r = 0; r < REGISTERS; r++) {
            if (locals.isUsedX(r)) {
                field("x", LONGS).loadConstant(r).laload().lstore(locals.x(r));
            }
            if (locals.isUsedF(r)) {
                field("f", LONGS).loadConstant(r).laload();
                toDouble();
                code.dstore(locals.f(r));
            }
            noPage(locals.page(r, false));
            noPage(locals.page(r, true));
        }
    }

    /** Asks for their length, so that HotSpot knows from here on that there are some. */
    private void entries(String name, int local) {
        field(name, LONGS).astore(local).aload(local).arraylength().pop();
    }

    private void noPage(int slot) {
        if (slot != 0) {
            code.loadConstant(tidemark.interpreter.Tlb.EMPTY).lstore(slot).lconst_0().lstore(slot + 2);
        }
    }

    private CodeBuilder field(String name, ClassDesc type) {
        return code.aload(Locals.FRAME).getfield(FRAME, name, type);
    }

    /** Writes what was put off, and the end: everything that was changed back into the frame. */
    void leave() {
        while (!cold.isEmpty()) {
            cold.poll().run();
        }
        code.labelBinding(miss).iload(Locals.LEFT).iload(Locals.UNDONE).iadd().istore(Locals.LEFT).loadConstant(Code.MISS).istore(Locals.EXIT).goto_(leave);
        exits.forEach((at, label) -> {
            code.labelBinding(label).loadConstant(at.longValue()).lstore(Locals.PC).goto_(leave);
        });
        code.labelBinding(leave);
        for (int r = 0; r < REGISTERS; r++) {
            if (locals.isWrittenX(r)) {
                field("x", LONGS).loadConstant(r).lload(locals.x(r)).lastore();
            }
            if (locals.isWrittenF(r)) {
                field("f", LONGS).loadConstant(r).dload(locals.f(r));
                toBits();
                code.lastore();
            }
        }
        code.aload(Locals.FRAME).iload(Locals.LEFT).putfield(FRAME, "left", CD_int);
        code.aload(Locals.FRAME).lload(Locals.PC).putfield(FRAME, "pc", CD_long);
        code.iload(Locals.EXIT).ireturn();
    }

    /** Has something written behind the rest. */
    void cold(Runnable writing) {
        cold.add(writing);
    }

    /**
     * From here on this instruction is written.
     *
     * @param after how many of its block come from it on
     */
    void at(Instruction instruction, int after) {
        deferred.before(instruction);
        pc = instruction.pc();
        ahead = after;
        missHere = null;
    }

    /** Where to go if this instruction cannot be done here; nothing of it must have been done. While checks are put off, all since the first is done anew. */
    Label miss() {
        if (missHere == null && deferred.isOpen()) {
            missHere = deferred.undo();
        } else if (missHere == null) {
            Label label = code.newLabel();
            long at = pc;
            int undone = ahead;
            cold(() -> code.labelBinding(label).loadConstant(undone).istore(Locals.UNDONE).loadConstant(at).lstore(Locals.PC).goto_(miss));
            missHere = label;
        }
        return missHere;
    }

    /** Where to go to leave the region for an address. */
    Label exit(long to) {
        return exits.computeIfAbsent(to, at -> code.newLabel());
    }

    /** Where to go to leave the region for {@link Locals#PC}, which no indirect jump at {@code from} had led to before. */
    Label astray(long from) {
        Label label = code.newLabel();
        cold(() -> {
            code.labelBinding(label).aload(Locals.FRAME).loadConstant(from).putfield(FRAME, "from", CD_long);
            code.loadConstant(Code.ASTRAY).istore(Locals.EXIT).goto_(leave);
        });
        return label;
    }

    /** Where to go to leave the region for {@link Locals#PC}. */
    Label exit() {
        return leave;
    }

    /** Leaves for an instruction that is never translated. */
    void rare(long at) {
        code.loadConstant(at).lstore(Locals.PC).loadConstant(Code.RARE).istore(Locals.EXIT).goto_(leave);
    }

    /** Pushes an x register. */
    void x(int register) {
        if (register == 0) {
            code.lconst_0();
        } else {
            code.lload(locals.x(register));
        }
    }

    /** Pops an x register, not x0. */
    void setX(int register) {
        code.lstore(locals.x(register));
    }

    /** Pushes an f register. */
    void f(int register) {
        code.dload(locals.f(register));
    }

    /** Pops an f register. */
    void setF(int register) {
        code.dstore(locals.f(register));
    }

    /** Pops a double; goes to a miss unless it is finite. */
    void missUnlessFinite(Label miss) {
        call(Math.class, "abs", CD_double, CD_double);
        code.loadConstant(Double.MAX_VALUE).dcmpg().ifgt(miss);
    }

    void toDouble() {
        call(Double.class, "longBitsToDouble", CD_double, CD_long);
    }

    void toBits() {
        call(Double.class, "doubleToRawLongBits", CD_long, CD_double);
    }

    void call(Class<?> owner, String name, ClassDesc result, ClassDesc... parameters) {
        code.invokestatic(owner.describeConstable().orElseThrow(), name, MethodTypeDesc.of(result, parameters));
    }
}
