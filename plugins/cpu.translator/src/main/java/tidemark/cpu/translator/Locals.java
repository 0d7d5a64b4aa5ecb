package tidemark.cpu.translator;

import tidemark.riscv.Op;

/**
 * The local variables of a translated region: x registers as long, f registers as double; for each base register the page that it was last
 * used for, and that page's distance to host memory. Registers get a slot when they are first asked for.
 */
final class Locals {
    static final int FRAME = 1;
    static final int LEFT = 2;
    static final int PC = 3;
    static final int EXIT = 5;
    /** Address of the access under way, and of the last byte of a group; where in the TLB its entry is; its host address. */
    static final int ADDRESS = 6;
    static final int LAST = 8;
    static final int ENTRY = 10;
    static final int HOST = 12;
    /** Result of floating point, and its magnitude. */
    static final int RESULT = 14;
    static final int MAGNITUDE = 16;
    /** The entries of TLBs. */
    static final int READS = 18;
    static final int WRITES = 19;
    static final int CARDS = 20;
    static final int RAM = 22;
    /** Tag of the access's TLB entry. */
    static final int TAG = 24;
    /** How many instructions of the block a miss has left undone. */
    static final int UNDONE = 26;
    private static final int FIRST = 27;
    private static final int REGISTERS = 32;
    /** Groups of one block; each has a slot, used again in the next block. */
    static final int MAX_GROUPS = 12;

    private final int[] x = new int[REGISTERS];
    private final int[] f = new int[REGISTERS];
    private final int[] former = new int[REGISTERS];
    private final int[] readPage = new int[REGISTERS];
    private final int[] writePage = new int[REGISTERS];
    private final int groups;
    private int next = FIRST;
    private int xWritten;
    private int fWritten;

    Locals(Flow flow) {
        groups = allocate(2 * MAX_GROUPS);
        for (Block block : flow.blocks()) {
            block.instructions.forEach(this::use);
        }
    }

    private void use(Instruction i) {
        if (i.isLoad() || i.isStore()) {
            int[] pages = i.isLoad() ? readPage : writePage;
            slot(pages, i.rs1(), 4);
            slot(x, i.rs1(), 2);
            if (i.op() >= Op.FLW) {
                slot(f, i.isLoad() ? i.rd() : i.rs2(), 2);
                fWritten |= i.isLoad() ? 1 << i.rd() : 0;
            } else {
                slot(x, i.isLoad() ? i.rd() : i.rs2(), 2);
                xWritten |= i.isLoad() ? 1 << i.rd() : 0;
            }
        } else if (i.op() >= Op.RARE && i.op() <= Op.FP) {
            FloatingGroup.Use use = FloatingGroup.use(i);
            slots(f, use.readsF());
            slots(f, use.writesF());
            slots(x, use.readsX());
            slots(x, use.writesX());
            fWritten |= use.writesF();
            xWritten |= use.writesX();
        } else if (i.op() != Op.FENCE) {
            slot(x, i.rs1(), 2);
            slot(x, i.rs2(), 2);
            slot(x, i.rd(), 2);
            xWritten |= 1 << i.rd();
        }
    }

    private void slots(int[] of, int registers) {
        for (int rest = registers; rest != 0; rest &= rest - 1) {
            slot(of, Integer.numberOfTrailingZeros(rest), 2);
        }
    }

    private void slot(int[] of, int register, int size) {
        if (of[register] == 0) {
            of[register] = allocate(size);
        }
    }

    private int allocate(int size) {
        int slot = next;
        next += size;
        return slot;
    }

    int x(int register) {
        return x[register];
    }

    int f(int register) {
        return f[register];
    }

    /** The slot of the value that an f register had before. */
    int former(int register) {
        slot(former, register, 2);
        return former[register];
    }

    /** The page, a tag as in a TLB, that a base register was last used for; the addend is behind it. */
    int page(int base, boolean write) {
        return (write ? writePage : readPage)[base];
    }

    /** The slot of a group's host base. */
    int group(int number) {
        return groups + 2 * number;
    }

    boolean isUsedX(int register) {
        return register != 0 && x[register] != 0;
    }

    boolean isUsedF(int register) {
        return f[register] != 0;
    }

    boolean isWrittenX(int register) {
        return register != 0 && (xWritten >>> register & 1) != 0;
    }

    boolean isWrittenF(int register) {
        return (fWritten >>> register & 1) != 0;
    }
}
