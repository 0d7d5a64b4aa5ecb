package tidemark.interpreter;

import java.util.Random;
import tidemark.api.cpu.EngineContext;
import tidemark.api.cpu.Hart;
import tidemark.api.memory.Bus;
import tidemark.api.memory.BusFault;
import tidemark.api.memory.PhysicalMemory;
import tidemark.riscv.Status;

/**
 * An endless program of random instructions, each about as often as programs have its kind: arithmetic on x5 to x15, loads and stores in one page, short loops, calls, floating
 * point whose results are plain. It is the same each time.
 */
public final class PracticeProgram {
    private static final long BASE = 0x8000_0000L;
    private static final int CODE_PAGES = 3;
    private static final int INSTRUCTIONS = CODE_PAGES * PhysicalMemory.PAGE_SIZE / 4;
    private static final long FUNCTION = BASE + CODE_PAGES * PhysicalMemory.PAGE_SIZE;
    private static final long DATA = FUNCTION + PhysicalMemory.PAGE_SIZE;
    private static final int SIZE = (CODE_PAGES + 2) * PhysicalMemory.PAGE_SIZE;
    private static final int RA = 1;
    private static final int DATA_POINTER = 2;
    private static final int FUNCTION_POINTER = 3;
    private static final int COUNTER = 4;
    private static final int LOOP = 8;

    // Instructions by their constant bits; see volume I, chapter 34
    private static final int[] REGISTERS = {0x33, 0x33, 0x33, 0x33, 0x40000033, 0x1033, 0x2033, 0x3033, 0x4033, 0x5033, 0x40005033, 0x6033, 0x7033, 0x7033, 0x3B, 0x3B, 0x4000003B, 0x103B,
        0x503B, 0x4000503B, 0x2000033, 0x2000033, 0x2001033, 0x2002033, 0x2003033, 0x2004033, 0x2005033, 0x2006033, 0x2007033, 0x200003B, 0x200403B, 0x200503B, 0x200603B, 0x200703B};
    private static final int[] IMMEDIATES = {0x13, 0x13, 0x13, 0x13, 0x2013, 0x3013, 0x4013, 0x6013, 0x7013, 0x7013, 0x1B, 0x1B};
    private static final int[] SHIFTS = {0x1013, 0x1013, 0x5013, 0x40005013, 0x101B, 0x501B, 0x4000501B};
    private static final int[] LOADS = {0x3, 0x1003, 0x2003, 0x2003, 0x3003, 0x3003, 0x3003, 0x4003, 0x4003, 0x5003, 0x6003};
    private static final int[] STORES = {0x23, 0x1023, 0x2023, 0x3023, 0x3023};
    private static final int[] BRANCHES = {0x63, 0x63, 0x1063, 0x1063, 0x4063, 0x5063, 0x6063, 0x7063};
    private static final int[] DOUBLES = {0x2007053, 0x2007053, 0xA007053, 0x12007053, 0x12007053, 0x1A007053, 0x22000053, 0x22001053, 0x22002053, 0x2007043, 0x2007043, 0x2007047,
        0x200704B, 0x200704F};
    private static final int[] SINGLES = {0x7053, 0x8007053, 0x10007053, 0x18007053, 0x7043};
    private static final int[] COMPARISONS = {0xA2000053, 0xA2001053, 0xA2002053};
    private static final int FSQRT_D = 0x5A007053;
    private static final int FMV_X_D = 0xE2000053;
    private static final int FMV_D_X = 0xF2000053;
    private static final int FCVT_D_W = 0xD2000053;
    private static final int FLW = 0x2007;
    private static final int FLD = 0x3007;
    private static final int FSW = 0x2027;
    private static final int FSD = 0x3027;
    private static final int LUI = 0x37;
    private static final int AUIPC = 0x17;
    private static final int FENCE = 0xFF0000F;
    private static final int AMOADD_D = 0x302F;
    private static final int ADDI = 0x13;
    private static final int BNE = 0x1063;
    private static final int JAL = 0x6F;
    private static final int JALR = 0x67;

    /** The program stays in its RAM. */
    private static final Bus NO_BUS = new Bus() {
        @Override
        public long load(long physical, int size) throws BusFault {
            throw new BusFault(physical);
        }

        @Override
        public void store(long physical, int size, long value) throws BusFault {
            throw new BusFault(physical);
        }
    };

    private final Random random = new Random(1);
    private final byte[] bytes = new byte[SIZE];
    private int next;

    private PracticeProgram() {}

    /** A hart at the program's beginning. */
    public static EngineContext context() {
        return new Context(new PracticeMemory(BASE, new PracticeProgram().image()), hart());
    }

    private static Hart hart() {
        Hart hart = new Hart(0);
        hart.pc = BASE;
        hart.mstatus |= Status.FS;
        hart.fflags = 1;
        hart.x[DATA_POINTER] = DATA;
        hart.x[FUNCTION_POINTER] = FUNCTION;
        for (int r = 16; r < 32; r++) {
            hart.f[r] = r < 24 ? Double.doubleToRawLongBits(1 + r / 7.0) : 0xFFFFFFFF_00000000L | Float.floatToRawIntBits(1 + r / 7f);
        }
        return hart;
    }

    private byte[] image() {
        while (next < INSTRUCTIONS - 2 * LOOP) {
            part();
        }
        while (next < INSTRUCTIONS - 1) {
            add(ADDI);
        }
        add(JAL | jump(-4 * next));
        for (int i = 0; i < LOOP; i++) {
            integer();
        }
        add(JALR | RA << 15);
        for (int i = (int) (DATA - BASE); i < SIZE; i++) {
            bytes[i] = (byte) random.nextInt();
        }
        return bytes;
    }

    private void part() {
        switch (random.nextInt(20)) {
            case 0 -> loop();
            case 1 -> add(JAL | RA << 7 | jump((int) (FUNCTION - BASE) - 4 * next));
            case 2 -> add(JALR | RA << 7 | FUNCTION_POINTER << 15);
            case 3 -> {
                add(JAL | jump(8));
                integer();
            }
            case 4, 5, 6 -> floating();
            case 7, 8, 9 -> branch();
            default -> integer();
        }
    }

    private void branch() {
        int over = 1 + random.nextInt(3);
        add(any(BRANCHES) | source() << 15 | source() << 20 | branch(4 * (1 + over)));
        for (int i = 0; i < over; i++) {
            integer();
        }
    }

    private void loop() {
        add(ADDI | COUNTER << 7 | 4 << 20);
        for (int i = 0; i < LOOP; i++) {
            integer();
        }
        add(ADDI | COUNTER << 7 | COUNTER << 15 | -1 << 20);
        add(BNE | COUNTER << 15 | branch(-4 * (LOOP + 1)));
    }

    private void integer() {
        int rd = (5 + random.nextInt(11)) << 7;
        switch (random.nextInt(20)) {
            case 0, 1, 2, 3, 4 -> add(any(LOADS) | rd | DATA_POINTER << 15 | offset() << 20);
            case 5, 6 -> add(any(STORES) | DATA_POINTER << 15 | source() << 20 | upper(offset()));
            case 7, 8, 9, 10, 11, 12 -> add(any(REGISTERS) | rd | source() << 15 | source() << 20);
            case 13, 14 -> add(any(SHIFTS) | rd | source() << 15 | random.nextInt(32) << 20);
            case 15 -> add((random.nextBoolean() ? LUI : AUIPC) | rd | random.nextInt() << 12);
            default -> add(any(IMMEDIATES) | rd | source() << 15 | random.nextInt() << 20);
        }
    }

    /** Operands are f16 to f23 of double, f24 to f31 of single precision, which nothing writes: so results stay finite. */
    private void floating() {
        int rd = random.nextInt(8) << 7;
        int a = (16 + random.nextInt(8)) << 15;
        int b = (16 + random.nextInt(8)) << 20;
        int c = (16 + random.nextInt(8)) << 27;
        int x = (5 + random.nextInt(11)) << 7;
        switch (random.nextInt(20)) {
            case 0, 1, 2 -> add(FLD | (8 + random.nextInt(8)) << 7 | DATA_POINTER << 15 | offset() << 20);
            case 3 -> add(FLW | (8 + random.nextInt(8)) << 7 | DATA_POINTER << 15 | offset() << 20);
            case 4 -> add(FSD | DATA_POINTER << 15 | b | upper(offset()));
            case 5 -> add(FSW | DATA_POINTER << 15 | b | upper(offset()));
            case 6 -> add(any(COMPARISONS) | x | a | b);
            case 7 -> add(FSQRT_D | rd | a);
            case 8 -> add(FMV_X_D | x | a);
            case 9 -> add(FMV_D_X | rd | source() << 15);
            case 10 -> add(FCVT_D_W | rd | source() << 15);
            case 11 -> add(random.nextBoolean() ? FENCE : AMOADD_D | x | DATA_POINTER << 15 | source() << 20);
            case 12, 13 -> arithmetic(any(SINGLES), rd | a | b | c | 8 << 15 | 8 << 20 | 8 << 27);
            default -> arithmetic(any(DOUBLES), rd | a | b | c);
        }
    }

    /** The third operand's place is that of constant bits in those that have two. */
    private void arithmetic(int constant, int operands) {
        boolean three = (constant & 0x70) == 0x40;
        add(constant | (three ? operands : operands & (1 << 25) - 1));
    }

    private int any(int[] of) {
        return of[random.nextInt(of.length)];
    }

    private int source() {
        return 5 + random.nextInt(27);
    }

    private int offset() {
        return random.nextInt(255) * 8;
    }

    private static int upper(int offset) {
        return offset >> 5 << 25 | (offset & 31) << 7;
    }

    private static int branch(int distance) {
        return (distance >> 12 & 1) << 31 | (distance >> 5 & 63) << 25 | (distance >> 1 & 15) << 8 | (distance >> 11 & 1) << 7;
    }

    private static int jump(int distance) {
        return (distance >> 20 & 1) << 31 | (distance >> 1 & 1023) << 21 | (distance >> 11 & 1) << 20 | (distance >> 12 & 255) << 12;
    }

    private void add(int instruction) {
        for (int i = 0; i < 4; i++) {
            bytes[4 * next + i] = (byte) (instruction >> 8 * i);
        }
        next++;
    }

    private record Context(PhysicalMemory memory, Hart hart) implements EngineContext {
        @Override
        public Bus bus() {
            return NO_BUS;
        }

        @Override
        public long time() {
            return 0;
        }

        @Override
        public void timerChanged() {}

        @Override
        public boolean environmentCall() {
            return false;
        }
    }
}
