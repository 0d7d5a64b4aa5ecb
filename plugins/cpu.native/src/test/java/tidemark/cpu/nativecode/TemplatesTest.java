package tidemark.cpu.nativecode;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tidemark.testkit.Reg.T0;
import static tidemark.testkit.TestEngineContext.RAM_BASE;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tidemark.api.cpu.ExecutionEngine;
import tidemark.api.memory.Barrier;
import tidemark.api.memory.DirtyLog;
import tidemark.api.memory.HostMemory;
import tidemark.api.memory.PageSet;
import tidemark.interpreter.Interpreter;
import tidemark.riscv.Decoder;
import tidemark.riscv.Insn;
import tidemark.testkit.Assembler;
import tidemark.testkit.Csr;
import tidemark.testkit.Op;
import tidemark.testkit.TestEngineContext;

/** Random instructions of every kind that has a template, on operands that are often special, beside the interpreter. */
@Timeout(120)
class TemplatesTest {
    private static final int RAM = 1 << 20;
    private static final int DATA = 0x20000;
    private static final int CARDS = 0x80000;
    private static final int CODE = 0x1000;
    private static final int LENGTH = 300;
    private static final int SHORT = -1;
    private static final int PROGRAMS = 400;
    private static final int[] OPCODES = {0x13, 0x13, 0x1B, 0x33, 0x33, 0x3B, 0x3B, 0x03, 0x23, 0x07, 0x27, 0x2F, 0x53, 0x53, 0x53, 0x43, 0x47, 0x4B, 0x4F,
        0x37, 0x17, 0x0F};
    private static final long[] SPECIAL = {0, 1, -1, Long.MIN_VALUE, Long.MAX_VALUE, Integer.MIN_VALUE, Integer.MAX_VALUE, 0xFFFFFFFFL, 1L << 32,
        0x7FF8000000000000L, 0x7FF0000000000001L, 0x7FF0000000000000L, 0xFFF0000000000000L, 0x0010000000000000L, 0x000FFFFFFFFFFFFFL, 0x3FF0000000000000L,
        0x41DFFFFFFFE00000L, 0x43E0000000000000L, 0xC1E0000000200000L, 0xFFFFFFFF7FC00000L, 0xFFFFFFFF7F800001L, 0xFFFFFFFF7F800000L, 0xFFFFFFFF00800000L,
        0xFFFFFFFF007FFFFFL, 0xFFFFFFFF3F800000L, 0xFFFFFFFF4F000000L, 0xFFFFFFFF80000000L, 0x3F800000L};

    private final Random random;

    TemplatesTest() {
        random = new Random(7);
    }

    private long operand() {
        return switch (random.nextInt(4)) {
            case 0 -> random.nextLong();
            case 1 -> Double.doubleToRawLongBits(random.nextGaussian() * Math.pow(10, random.nextInt(30) - 10));
            case 2 -> Float.floatToRawIntBits((float) (random.nextGaussian() * Math.pow(10, random.nextInt(30) - 10))) | 0xFFFFFFFF_00000000L;
            default -> SPECIAL[random.nextInt(SPECIAL.length)];
        };
    }

    /** x8 to x15 point to data, mostly, and are not written; x5 is the trap handler's. */
    private int instruction() {
        while (true) {
            int opcode = OPCODES[random.nextInt(OPCODES.length)];
            int bits = random.nextInt() & ~0x7F | opcode;
            boolean accesses = opcode == 0x03 || opcode == 0x23 || opcode == 0x07 || opcode == 0x27 || opcode == 0x2F;
            if (accesses && random.nextInt(16) != 0) {
                bits = bits & ~(31 << 15) | 8 + random.nextInt(8) << 15;
            }
            if (opcode == 0x33 || opcode == 0x3B) {
                bits = bits & 0x01FFFFFF | random.nextInt(2) << 25 | (random.nextInt(4) == 0 ? 0x40000000 & ~(bits << 5 & 0x40000000) : 0);
            }
            if (opcode >= 0x43 && opcode <= 0x53 && random.nextInt(4) != 0) {
                bits |= 7 << 12; // the dynamic rounding mode
            }
            int rd = bits >>> 7 & 31;
            boolean writesX = opcode != 0x23 && opcode != 0x27;
            long w = Decoder.decode(bits);
            if (Insn.op(w) != tidemark.riscv.Op.ILLEGAL && !(writesX && rd != 0 && (rd == T0 || rd >= 8 && rd < 16))) {
                return bits;
            }
        }
    }

    /** @param length of the loop; -1 for any that makes it a block of its own */
    private byte[] program(int length) {
        Assembler a = new Assembler(RAM_BASE);
        a.label("handler").csrw(Csr.MSCRATCH, T0).op(Op.CSRRS, T0, Csr.MEPC, 0).op(Op.ADDI, T0, T0, 4).csrw(Csr.MEPC, T0).op(Op.CSRRS, T0, Csr.MSCRATCH, 0)
                .op(Op.MRET);
        a.org(RAM_BASE + CODE).label("again");
        for (int i = 0; i < (length == SHORT ? random.nextInt(30) : length); i++) {
            a.word(instruction());
        }
        if (random.nextBoolean()) {
            a.j("again");
        } else {
            a.op(Op.BNE, 8, 0, "again").op(Op.JALR, 0, 0, 0);
        }
        return a.bytes();
    }

    private void prepare(TestEngineContext context, byte[] program, long[] x, long[] f, boolean cards) {
        context.load(program);
        System.arraycopy(x, 0, context.hart().x, 0, x.length);
        System.arraycopy(f, 0, context.hart().f, 0, f.length);
        context.hart().mtvec = RAM_BASE;
        context.hart().pc = RAM_BASE + CODE;
        context.hart().mstatus |= 3L << 13;
        if (cards) {
            context.memory().dirtyLog(new Cards(context.memory().hostAddress() + CARDS));
        }
    }

    private void compare(boolean cards, int frm) {
        compare(LENGTH, cards, frm);
    }

    private void compare(int length, boolean cards, int frm) {
        long[] x = random.longs(32).map(any -> operand()).toArray();
        long[] f = random.longs(32).map(any -> operand()).toArray();
        x[0] = 0;
        for (int i = 8; i < 16; i++) {
            x[i] = RAM_BASE + DATA + random.nextInt(0x8000);
            if (i % 2 == 0) {
                x[i] &= -8;
            }
        }
        byte[] program = program(length);
        try (TestEngineContext one = new TestEngineContext(RAM); TestEngineContext two = new TestEngineContext(RAM);
                ExecutionEngine interpreter = new Interpreter(one); NativeEngine machine = new NativeEngine(two, new Settings(true, 1, 1 + random.nextInt(80), 4, 1 << 20, false))) {
            prepare(one, program, x, f, cards);
            prepare(two, program, x, f, cards);
            one.hart().frm = frm;
            two.hart().frm = frm;
            for (int turn = 0; turn < 12; turn++) {
                int budget = 1 + random.nextInt(turn % 2 == 0 ? 40 : 1500);
                interpreter.run(budget);
                machine.run(budget);
                assertEquals(one.hart().save(), two.hart().save());
            }
            assertArrayEquals(content(one), content(two));
            assertTrue(machine.blocks() > 0);
        }
    }

    private static byte[] content(TestEngineContext context) {
        byte[] bytes = new byte[RAM];
        HostMemory.copy(context.memory().hostAddress(), bytes, 0, RAM);
        return bytes;
    }

    @Test
    void everyTemplateDoesWhatTheInterpreterDoes() {
        for (int i = 0; i < PROGRAMS; i++) {
            compare(false, 0);
        }
    }

    /** In which registers go round without becoming the hart's. */
    @Test
    void everyShortLoopDoesWhatTheInterpreterDoes() {
        for (int i = 0; i < PROGRAMS; i++) {
            compare(SHORT, i % 8 == 0, 0);
        }
    }

    @Test
    void everyStoreMarksTheSameCards() {
        for (int i = 0; i < PROGRAMS / 4; i++) {
            compare(true, 0);
        }
    }

    @Test
    void otherRoundingModesAreTheInterpreters() {
        for (int i = 0; i < PROGRAMS / 4; i++) {
            compare(false, 1 + i % 4);
        }
    }

    private record Cards(long cardTable) implements DirtyLog {
        @Override
        public Barrier barrier() {
            return Barrier.EVERY_STORE;
        }

        @Override
        public int cardShift() {
            return 4;
        }

        @Override
        public void mark(long page) {}

        @Override
        public void flip() {}

        @Override
        public void collect(PageSet into) {}

        @Override
        public void close() {}
    }
}
