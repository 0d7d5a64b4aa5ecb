package tidemark.cpu.translator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tidemark.testkit.Reg.A0;
import static tidemark.testkit.TestEngineContext.RAM_BASE;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tidemark.testkit.Assembler;
import tidemark.testkit.Op;
import tidemark.testkit.TestEngineContext;

@Timeout(60)
class OrdersTest {
    @Test
    void aLoopIsTranslatedOnceHoweverOftenItIsReachedMeanwhile() {
        byte[] loop = new Assembler(RAM_BASE).label("loop").op(Op.ADDI, A0, A0, 1).j("loop").bytes();
        try (TestEngineContext context = new TestEngineContext(1 << 20).load(loop); Workshop workshop = new Workshop();
                Translator engine = new Translator(context, new Settings(false, 10, 240, 1 << 20), workshop)) {
            engine.run(10_000_000);
            long deadline = System.nanoTime() + 30_000_000_000L;
            while (engine.codeBytes() == 0 && System.nanoTime() < deadline) {
                engine.run(100_000);
            }
            assertTrue(engine.codeBytes() > 0, "it is translated at last");
            assertEquals(0, workshop.waiting(), "and not ordered again");
        }
    }
}
