package tidemark.cpu.auto;

import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tidemark.api.cpu.CpuPart;
import tidemark.api.cpu.ExecutionEngine;
import tidemark.api.cpu.Exit;

class AutoPartTest {
    private static Map.Entry<Map<String, Object>, CpuPart> part(String name, CpuPart part) {
        return Map.entry(Map.of(CpuPart.NAME, name), part);
    }

    private static ExecutionEngine engine() {
        return new ExecutionEngine() {
            @Override
            public Exit run(long instructions) {
                return Exit.BUDGET;
            }

            @Override
            public void flushWrites() {}

            @Override
            public void flushAll() {}

            @Override
            public void close() {}
        };
    }

    private static CpuPart refusing(String why) {
        return context -> {
            throw new IllegalStateException(why);
        };
    }

    @Test
    void machineCodeIsPreferredToTheTranslatorAndThatToTheInterpreter() {
        ExecutionEngine fast = engine();
        ExecutionEngine quick = engine();
        ExecutionEngine plain = engine();
        assertSame(fast, new AutoPart(List.of(part("interpreter", context -> plain), part("native", context -> fast), part("translator", context -> quick))).create(null));
        assertSame(quick, new AutoPart(List.of(part("interpreter", context -> plain), part("translator", context -> quick))).create(null));
        assertSame(plain, new AutoPart(List.of(part("another", context -> fast), part("interpreter", context -> plain))).create(null));
    }

    @Test
    void anEngineThatDoesNotWorkOnThisHostIsPassedOver() {
        ExecutionEngine quick = engine();
        assertSame(quick, new AutoPart(List.of(part("native", refusing("no x86-64")), part("translator", context -> quick))).create(null));
    }

    @Test
    void whereNoEngineWorksTheErrorSaysWhyAndTheWayOut() {
        String message = assertThrows(IllegalStateException.class, () -> new AutoPart(List.of(part("native", refusing("no x86-64")))).create(null)).getMessage();
        assertTrue(message.contains("native: no x86-64") && message.contains("cpu=interpreter"), message);
    }
}
