package tidemark.cpu.nativecode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tidemark.testkit.Reg.A0;
import static tidemark.testkit.Reg.A1;
import static tidemark.testkit.Reg.A2;
import static tidemark.testkit.TestEngineContext.RAM_BASE;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tidemark.interpreter.Interpreter;
import tidemark.testkit.Assembler;
import tidemark.testkit.Op;
import tidemark.testkit.TestEngineContext;

@Timeout(60)
class NativeEngineTest {
    private static final int SMALL = 1 << 18;

    private static Settings settings(int patience, int codeBytes, boolean perfMap) {
        return new Settings(false, patience, 64, 4, codeBytes, perfMap);
    }

    private static byte[] loop() {
        return new Assembler(RAM_BASE).label("loop").op(Op.ADDI, A0, A0, 1).op(Op.BNE, A0, 0, "loop").bytes();
    }

    @Test
    void codeIsWrittenOnceItIsWarmAndNotBefore() {
        try (TestEngineContext context = new TestEngineContext(1 << 20).load(loop());
                NativeEngine engine = new NativeEngine(context, settings(100, SMALL, false))) {
            engine.run(2 * 100);
            assertEquals(0, engine.blocks());
            engine.run(2 * 10);
            assertEquals(1, engine.blocks());
            engine.run(1_000_000);
            assertEquals(1, engine.blocks());
            assertEquals(100 + 10 + 500_000, context.hart().x[A0]);
        }
    }

    @Test
    void whatMachineCodeRetiredIsCounted() {
        try (TestEngineContext context = new TestEngineContext(1 << 20).load(loop());
                NativeEngine engine = new NativeEngine(context, settings(100, SMALL, false))) {
            engine.run(2 * 100);
            assertEquals(0, engine.translated());
            engine.run(1_000_000);
            long interpreted = context.hart().instret - engine.translated();
            assertTrue(interpreted >= 2 * 100 && interpreted < 2 * 100 + 100, interpreted + ": a round before it is warm, and one at the end of each span");
        }
    }

    @Test
    void noPageOfCodeIsWritableAndExecutable() throws IOException {
        try (TestEngineContext context = new TestEngineContext(1 << 20).load(loop());
                NativeEngine engine = new NativeEngine(context, settings(1, SMALL, false))) {
            engine.run(1000);
            assertTrue(rights(engine.codeAddress()).orElseThrow().startsWith("r-x"));
        }
    }

    @Test
    void aClosedEngineGivesItsCodeMemoryBack() throws IOException {
        try (TestEngineContext context = new TestEngineContext(1 << 20).load(loop())) {
            long address;
            try (NativeEngine engine = new NativeEngine(context, settings(1, SMALL, false))) {
                engine.run(1000);
                address = engine.codeAddress();
                assertTrue(rights(address).isPresent());
            }
            assertEquals(Optional.empty(), rights(address));
        }
    }

    /** Of the page at an address of this process; empty if there is none. */
    private static Optional<String> rights(long address) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/maps"))) {
            String[] fields = line.split(" ");
            String[] range = fields[0].split("-");
            if (Long.compareUnsigned(address, Long.parseUnsignedLong(range[0], 16)) >= 0 && Long.compareUnsigned(address, Long.parseUnsignedLong(range[1], 16)) < 0) {
                return Optional.of(fields[1]);
            }
        }
        return Optional.empty();
    }

    /** Far more code than there is room for. */
    @Test
    void aFullCodeMemoryBeginsAnew() {
        Assembler a = new Assembler(RAM_BASE);
        a.label("again");
        for (int i = 0; i < 3000; i++) {
            a.label("r" + i).op(Op.LD, A1, 0, A2).op(Op.ADDI, A1, A1, i % 100).op(Op.SD, A1, 0, A2).j("r" + (i + 1));
        }
        a.label("r3000").op(Op.ADDI, A0, A0, 1).j("again");
        try (TestEngineContext one = new TestEngineContext(1 << 20).load(a.bytes()); TestEngineContext two = new TestEngineContext(1 << 20).load(a.bytes());
                Interpreter interpreter = new Interpreter(one); NativeEngine engine = new NativeEngine(two, settings(1, SMALL, false))) {
            one.hart().x[A2] = RAM_BASE + (1 << 19);
            two.hart().x[A2] = RAM_BASE + (1 << 19);
            interpreter.run(500_000);
            engine.run(500_000);
            assertTrue(engine.blocks() > 3000, engine.blocks() + " blocks were made, fewer than there are pieces of code");
            assertEquals(one.hart().save(), two.hart().save());
        }
    }

    /** Two pages that take the same place in the fetch TLB; machine code goes from one to the other by itself. */
    @Test
    void anInstructionForTheInterpreterIsFoundThoughTheFetchTlbHasForgottenItsPage() {
        long away = RAM_BASE + (16 << 20) + 64; // not the same place in the jump table
        byte[] here = new Assembler(RAM_BASE).op(Op.ADDI, A0, A0, 1).op(Op.LR_D, 0, A1).op(Op.JALR, 0, 0, A2).bytes();
        byte[] there = new Assembler(away).op(Op.ADDI, A0, A0, 1).op(Op.JALR, 0, 0, A1).bytes();
        try (TestEngineContext context = new TestEngineContext(17 << 20).load(here);
                NativeEngine engine = new NativeEngine(context, settings(1, SMALL, false))) {
            context.memory().put(away, there);
            context.hart().x[A1] = RAM_BASE;
            context.hart().x[A2] = away;
            engine.run(5 * 1000);
            assertEquals(2000, context.hart().x[A0]);
        }
    }

    @Test
    void perfIsToldOfBlocksWhenAsked() throws IOException {
        Path map = Path.of("/tmp/perf-" + ProcessHandle.current().pid() + ".map");
        Files.deleteIfExists(map);
        try (TestEngineContext context = new TestEngineContext(1 << 20).load(loop());
                NativeEngine engine = new NativeEngine(context, settings(1, SMALL, true))) {
            engine.run(1000);
            String line = Files.readString(map).strip();
            assertTrue(line.matches("[0-9a-f]+ [0-9a-f]+ hart0:0x80000000"), line);
        } finally {
            Files.deleteIfExists(map);
        }
    }

    @Test
    void anotherHostIsToldWhatToUseInstead() {
        Host.require("Linux", "amd64");
        String message = assertThrows(IllegalStateException.class, () -> Host.require("Linux", "aarch64")).getMessage();
        assertTrue(message.contains("aarch64") && message.contains("cpu=translator"), message);
        assertThrows(IllegalStateException.class, () -> Host.require("Mac OS X", "x86_64"));
    }

    @Test
    void anOptionThatCannotBeIsRefused() {
        System.setProperty("tidemark.native.patience", "0");
        try {
            String message = assertThrows(IllegalArgumentException.class, Settings::fromSystem).getMessage();
            assertTrue(message.contains("tidemark.native.patience") && message.contains("from 1"), message);
        } finally {
            System.clearProperty("tidemark.native.patience");
        }
        assertFalse(Settings.fromSystem().eager());
    }
}
