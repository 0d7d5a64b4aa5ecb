package tidemark.cpu.translator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static tidemark.testkit.Reg.A0;
import static tidemark.testkit.Reg.ZERO;
import static tidemark.testkit.TestEngineContext.RAM_BASE;

import java.util.Set;
import org.junit.jupiter.api.Test;
import tidemark.interpreter.CodeCache;
import tidemark.interpreter.Interpreter;
import tidemark.testkit.Assembler;
import tidemark.testkit.Op;
import tidemark.testkit.TestEngineContext;

class DiscoveryTest {
    private static final int MOST = 10;

    private static final class Engine extends Interpreter {
        Engine(TestEngineContext context) {
            super(context);
        }

        CodeCache codes() {
            return codes;
        }
    }

    /** A loop of 16 instructions, larger than a region may be. */
    private static byte[] loop() {
        Assembler loop = new Assembler(RAM_BASE).label("loop");
        for (int i = 0; i < 15; i++) {
            loop.op(Op.ADDI, A0, A0, i);
        }
        return loop.op(Op.BNE, A0, ZERO, "loop").op(Op.ADDI, A0, ZERO, 1).j("loop").bytes();
    }

    private static int size(CodeCache codes, long pc, Set<Long> behind) {
        return Discovery.from(pc, codes, 1, MOST, behind).flow().instructions();
    }

    @Test
    void aRegionEndsWhereTheOneBeginsThatItContinues() {
        try (TestEngineContext context = new TestEngineContext(1 << 16).load(loop()); Engine engine = new Engine(context)) {
            engine.run(20);
            long rest = RAM_BASE + 4 * MOST;
            assertEquals(MOST, size(engine.codes(), RAM_BASE, Set.of()));
            assertEquals(8, size(engine.codes(), rest, Set.of(RAM_BASE)), "the loop's rest and what is behind it, but not its beginning once more");
            assertEquals(MOST, size(engine.codes(), rest, Set.of()), "it would go round");
        }
    }
}
