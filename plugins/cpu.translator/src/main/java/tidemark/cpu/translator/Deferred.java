package tidemark.cpu.translator;

import java.lang.classfile.Label;
import java.util.LinkedHashMap;
import java.util.Map;
import tidemark.riscv.Op;

/**
 * Results whose check is put off. What is not finite makes sums and products of it not finite, so it is enough to look at the last of them; if that is not,
 * the registers become again what they were before the first, and that one is the miss. Until then nothing is stored and no x register written, so it can be
 * done anew.
 */
final class Deferred {
    private final Body body;
    /** Where the f registers that were written have their former values. */
    private final Map<Integer, Integer> saved = new LinkedHashMap<>();
    /** The f registers whose value was not checked, a bit for each. */
    private int unchecked;
    /** Where to go if the first of the results is a miss; null if none is put off. */
    private Label first;

    Deferred(Body body) {
        this.body = body;
    }

    /** Whether the check of an operation's result can be put off. */
    static boolean defers(Instruction i) {
        return switch (i.op()) {
            case Op.FADD_D, Op.FSUB_D, Op.FMUL_D, Op.FMADD_D, Op.FMSUB_D, Op.FNMSUB_D, Op.FNMADD_D -> true;
            default -> false;
        };
    }

    /** Before an instruction is written. */
    void before(Instruction i) {
        if (first == null) {
            return;
        }
        if (!goesOn(i)) {
            check();
        } else {
            save(i.rd());
        }
    }

    private boolean goesOn(Instruction i) {
        boolean load = i.op() == Op.FLD || i.op() == Op.FLW;
        int read = load ? 0 : FloatingGroup.use(i).readsF();
        return (load || defers(i)) && (unchecked & 1 << i.rd() & ~read) == 0;
    }

    /** Pops the result of an operation that defers, into its register. */
    void put(Instruction i) {
        if (first == null) {
            body.code.dstore(Locals.RESULT);
            first = body.miss();
            save(i.rd());
            body.code.dload(Locals.RESULT);
        }
        body.setF(i.rd());
        unchecked = unchecked & ~FloatingGroup.use(i).readsF() | 1 << i.rd();
    }

    private void save(int register) {
        if (!saved.containsKey(register)) {
            int former = body.locals.former(register);
            body.f(register);
            body.code.dstore(former);
            saved.put(register, former);
        }
    }

    /** Looks at what was put off. */
    void check() {
        if (first != null) {
            Label undo = undo();
            for (int rest = unchecked; rest != 0; rest &= rest - 1) {
                body.f(Integer.numberOfTrailingZeros(rest));
                body.missUnlessFinite(undo);
            }
            first = null;
            unchecked = 0;
            saved.clear();
        }
    }

    boolean isOpen() {
        return first != null;
    }

    /** Where to go for a miss at the first of the results, from a place where what is saved now is saved. */
    Label undo() {
        Label undo = body.code.newLabel();
        Label miss = first;
        Map<Integer, Integer> former = new LinkedHashMap<>(saved);
        body.cold(() -> {
            body.code.labelBinding(undo);
            former.forEach((register, slot) -> {
                body.code.dload(slot);
                body.setF(register);
            });
            body.code.goto_(miss);
        });
        return undo;
    }
}
