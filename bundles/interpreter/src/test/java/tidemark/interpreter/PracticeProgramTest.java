package tidemark.interpreter;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import tidemark.api.cpu.EngineContext;
import tidemark.riscv.Insn;
import tidemark.riscv.Op;

class PracticeProgramTest {
    private static final int STEPS = 300_000;

    @Test
    void itRunsForEverWithoutATrap() {
        EngineContext context = PracticeProgram.context();
        Interpreter engine = new Interpreter(context);
        engine.run(STEPS);
        assertEquals(STEPS, context.hart().instret);
        assertEquals(0, context.hart().mcause, () -> "a trap, of the instruction at 0x" + Long.toHexString(context.hart().mepc));
    }

    @Test
    void itHasEveryOperationThatTheLoopDoesItself() throws Exception {
        EngineContext context = PracticeProgram.context();
        Interpreter engine = new Interpreter(context);
        Set<Integer> executed = new TreeSet<>();
        for (int i = 0; i < STEPS; i++) {
            CodePage page = engine.codes.page(context.hart().pc);
            executed.add(Insn.op(page.instruction(CodePage.slot(context.hart().pc))));
            engine.run(1);
        }
        Set<String> missing = new TreeSet<>();
        for (Field field : Op.class.getFields()) {
            if (Modifier.isStatic(field.getModifiers()) && field.getInt(null) >= Op.LI && field.getInt(null) < Op.FP && !field.getName().equals("RARE") && !executed.contains(field.getInt(null))) {
                missing.add(field.getName());
            }
        }
        assertEquals(Set.of("LOAD_X0"), missing);
    }
}
