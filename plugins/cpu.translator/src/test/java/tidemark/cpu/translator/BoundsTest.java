package tidemark.cpu.translator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tidemark.testkit.Reg.A0;
import static tidemark.testkit.Reg.A1;
import static tidemark.testkit.TestEngineContext.RAM_BASE;

import java.lang.management.ClassLoadingMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tidemark.testkit.Assembler;
import tidemark.testkit.Op;
import tidemark.testkit.TestEngineContext;

/** What a long session must not make grow. */
@Timeout(120)
class BoundsTest {
    private static final int CHANGES = 1500;

    /** A guest that writes its code anew again and again, as a just-in-time compiler does. */
    @Test
    void codeThatTheGuestHasReplacedIsUnloaded() {
        Assembler a = new Assembler(RAM_BASE);
        a.label("again").la(A0, "code").op(Op.LW, A1, 0, A0).li(5, 1 << 20).op(Op.ADD, A1, A1, 5).op(Op.SW, A1, 0, A0).op(Op.FENCE_I)
                .op(Op.JALR, 1, 0, A0).op(Op.ADDI, 6, 6, 1).j("again");
        a.org(RAM_BASE + 4096).label("code").op(Op.ADDI, 7, 7, 0).op(Op.ADDI, 8, 8, 1).op(Op.JALR, 0, 0, 1);
        ClassLoadingMXBean classes = ManagementFactory.getClassLoadingMXBean();
        try (TestEngineContext context = new TestEngineContext(1 << 20).load(a.bytes());
                Translator engine = new Translator(context, new Settings(true, 1, 240, 1 << 20), new Workshop())) {
            long made = classes.getTotalLoadedClassCount();
            long kept = classes.getLoadedClassCount();
            while (context.hart().x[6] < CHANGES) {
                engine.run(1000);
            }
            made = classes.getTotalLoadedClassCount() - made;
            assertEquals(context.hart().x[6], context.hart().x[8], 1);
            assertTrue(made >= CHANGES, "each change is translated, but there were " + made);
            System.gc();
            kept = classes.getLoadedClassCount() - kept;
            assertTrue(kept < made / 5, kept + " of " + made + " translations were kept");
        }
    }

    @Test
    void aStoreThatIsFullKeepsWhatWasUsedLast() {
        Assembler a = new Assembler(RAM_BASE);
        for (int i = 0; i < 800; i++) {
            a.label("r" + i).op(Op.ADDI, A0, A0, 1).op(Op.LB, A1, 0, 0).j("r" + (i + 1));
        }
        a.label("r800").j("r0");
        try (TestEngineContext context = new TestEngineContext(1 << 20).load(a.bytes());
                Translator engine = new Translator(context, new Settings(true, 1, 3, 40_000), new Workshop())) {
            context.hart().mtvec = RAM_BASE + 0x8000;
            for (int i = 0; i < 800; i++) {
                context.hart().pc = a.address("r" + i);
                engine.run(1);
                assertTrue(engine.codeBytes() <= 40_000, engine.codeBytes() + " bytes are kept");
            }
            assertTrue(engine.codeBytes() > 10_000, "only " + engine.codeBytes() + " bytes are kept");
        }
    }
}
